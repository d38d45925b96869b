/* Checks the first iteration of a recorded trajectory against the textbook's bounds, and its gradients against the
 * slopes of the textbook's cost: two computations that share no code with the kernels.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_BOUNDED_H
#define MOONSWEEP_TESTS_BOUNDED_H

#include "kernel_inputs.h"
#include "record.h"

enum { BOUNDED_TEXT = 256 };

/* Statistics over all cases. */
struct bounded {
    int64_t iterations;               /* checked against the textbook */
    int64_t values, slopes;           /* costs and parameters compared; gradients compared with slopes */
    double worst[MS_PRECISION_COUNT]; /* the largest error, as a fraction of its bound */
};

/* Returns false, with a description in fault, if the record is out of bounds. Cases that cannot be checked (not finite,
 * too near overflow, no trajectory) are not counted. */
bool bounded_check(struct bounded *bounded, const struct kernel_inputs *inputs, const struct record *trained,
                   char *fault);

#endif
