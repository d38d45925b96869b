/* Records whole trajectories as the program trains them, with their results.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_TRAINED_H
#define MOONSWEEP_TESTS_TRAINED_H

#include "kernel_inputs.h"
#include "record.h"

/* Records the end of one iteration: its state, its cost if it is finite, and the parameters after it. */
void trained_iteration(struct record *record, int64_t iteration, int state, const double *cost,
                       const struct ms_network *network);

/* Trains the case's trajectory with a kernel and records every iteration, then the evaluation of the last parameters
 * and the probability of every sample. */
void trained_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                    struct record *record);

#endif
