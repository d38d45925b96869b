/* Lists the kernels of a precision that this processor supports, for tests that run with each of them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_AVAILABLE_KERNELS_H
#define MOONSWEEP_TESTS_AVAILABLE_KERNELS_H

#include "moonsweep/kernel.h"

enum { MAX_KERNELS = 16 };

/* Fills kernels, best first (the last one is "portable"), and returns their number. */
int available_kernels(enum ms_precision precision, const struct ms_kernel *kernels[MAX_KERNELS]);

#endif
