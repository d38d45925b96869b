/* The quotients by multiplications of src/train/quotient.h for whole arrays: one struct for each vector header of kernels
 * that use them, and for the portable ones. Arrays contain QUOTIENT_BATCH reals and are aligned for every kernel.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_QUOTIENT_ARRAYS_H
#define MOONSWEEP_TESTS_QUOTIENT_ARRAYS_H

#include "moonsweep/network.h"

enum { QUOTIENT_BATCH = 1024 };

struct quotient_arrays {
    const char *isa; /* the name of the kernel that the processor must support */
    enum ms_precision precision;

    /* y = the estimates of 1 / b */
    void (*estimates)(const void *b, void *y);

    /* q = a / b from the estimates y of 1 / b */
    void (*quotients)(const void *a, const void *b, const void *y, void *q);
};

#endif
