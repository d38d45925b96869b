/* The kernels that the harness tests.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_TESTED_KERNELS_H
#define MOONSWEEP_TESTS_TESTED_KERNELS_H

#include "moonsweep/kernel.h"

/* Returns the i-th kernel of a precision to compare with portable, or NULL after the last: first those of this
 * processor, best first, then their loop nests with other numbers of vectors computed at once ("avx512/4"). */
const struct ms_kernel *tested_kernels_at(enum ms_precision precision, int i);

#endif
