/* The quotients of src/train/quotient.h for whole arrays. Compiled once per vector header and precision, with
 *     QUOTIENT_ARRAYS   the name of the struct defined here
 *     KERNEL_ISA        the name of a kernel for the same processors
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "quotient_arrays.h"

#include "train/quotient.h"

static void estimates(const void *b, void *y)
{
    for (int i = 0; i < QUOTIENT_BATCH; i += LANES)
        vec_store((real *)y + i, vec_estimate(vec_load((const real *)b + i)));
}

static void quotients(const void *a, const void *b, const void *y, void *q)
{
    for (int i = 0; i < QUOTIENT_BATCH; i += LANES)
        vec_store((real *)q + i,
                  quotient_by_products(vec_load((const real *)a + i), vec_load((const real *)b + i),
                                       vec_load((const real *)y + i)));
}

extern const struct quotient_arrays QUOTIENT_ARRAYS;
const struct quotient_arrays QUOTIENT_ARRAYS = {KERNEL_ISA, VEC_PRECISION, estimates, quotients};
