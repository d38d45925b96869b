/* Where the sums of the output are, and what they are before the first sample.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_OUTPUT_SUMS_H
#define MOONSWEEP_TRAIN_OUTPUT_SUMS_H

#include "block.h"

/* The number of products of probabilities: one, or one per label. */
VEC_INLINE int products(const struct ms_pass *pass)
{
    return pass->samples->weighted ? 2 : 1;
}

/* Returns the index in the sums of the mantissa of the l-th product. */
VEC_INLINE int64_t mantissa_place(const struct ms_pass *pass, int l)
{
    return (ms_pass_unit_sums(pass) + MS_SUM_MANTISSA + l * MS_SUM_LABEL_1) * VIRTUAL_LANES;
}

/* Sets the sums of the output to those of no samples: 1 for products, 0 for the others. */
VEC_INLINE void clear_output(const struct ms_pass *pass, real *sums)
{
    const int64_t lanes = ms_pass_sums(pass) * VIRTUAL_LANES;

    for (int64_t i = ms_pass_unit_sums(pass) * VIRTUAL_LANES; i < lanes; i += LANES)
        vec_store(sums + i, vec_set(0));
    for (int l = 0; l < products(pass); l++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES)
            vec_store(sums + mantissa_place(pass, l) + g, vec_set(1));
}

#endif
