/* Kernels that are wrong on purpose in how they treat the caller's sums. Those in faults/ have one wrong operation.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_FAULTY_CALLS_H
#define MOONSWEEP_TESTS_FAULTY_CALLS_H

#include "moonsweep/kernel.h"

/* Returns the i-th faulty kernel, or NULL after the last. Its `isa` is the name of the fault. */
const struct ms_kernel *faulty_calls_at(int i);

#endif
