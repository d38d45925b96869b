/* A trajectory whose passes are shared by two threads. Each accumulates every second segment, with separate activations
 * and sums. The sums are combined in the order of docs/numerics.md, which is implemented here independently.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_TWO_THREADS_H
#define MOONSWEEP_TESTS_TWO_THREADS_H

#include "kernel_inputs.h"
#include "record.h"

/* Records every iteration as trained_record does. */
void two_threads_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                        struct record *record);

#endif
