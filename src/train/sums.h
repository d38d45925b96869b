/* Operations of the loop nest on the sums of a pass, apart from adding samples to them: clearing, combining the sums
 * of two segments, and adding up the lanes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_SUMS_H
#define MOONSWEEP_TRAIN_SUMS_H

#include "output_sums.h"

static void clear(const struct ms_pass *pass, void *sums)
{
    const int64_t lanes = ms_pass_unit_sums(pass) * VIRTUAL_LANES;

    for (int64_t i = 0; i < lanes; i += LANES)
        vec_store((real *)sums + i, vec_set(0));
    clear_output(pass, sums);
}

/* Returns the end of a part of the sums that begins at index i of `count`: about as many as belong to a part of the
 * units. size: that of a sum. */
VEC_INLINE int64_t part_of_sums(const struct ms_pass *pass, int64_t i, int64_t count, int size)
{
    const int64_t part = (int64_t)pass->part * (pass->samples->n_x + 2) * size;

    return count - i < part ? count : i + part;
}

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    const int64_t lanes = ms_pass_sums(pass) * VIRTUAL_LANES;
    const real *b = from;
    real *a = to, product[2][VIRTUAL_LANES] __attribute__((aligned(sizeof(vec))));

    for (int l = 0; l < products(pass); l++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const int64_t place = mantissa_place(pass, l) + g;

            vec_store(product[l] + g, vec_mul(vec_load(a + place), vec_load(b + place)));
        }
    for (int64_t i = 0; i < lanes && !ms_pass_is_left(pass);)
        for (const int64_t end = part_of_sums(pass, i, lanes, VIRTUAL_LANES); i < end; i += LANES)
            vec_store(a + i, vec_add(vec_load(a + i), vec_load(b + i)));
    for (int l = 0; l < products(pass); l++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES)
            vec_store(a + mantissa_place(pass, l) + g, vec_load(product[l] + g));
}

/* Reduces a virtual vector to a vector of the machine: lane i takes lane i + n/2, for n = VIRTUAL_LANES, ... */
VEC_INLINE vec fold_groups(const real *lanes)
{
    enum { GROUPS = VIRTUAL_LANES / LANES };
    vec group[GROUPS];

    for (int g = 0; g < GROUPS; g++)
        group[g] = vec_load(lanes + g * LANES);
    for (int half = GROUPS / 2; half > 0; half /= 2)
        for (int g = 0; g < half; g++)
            group[g] = vec_add(group[g], group[g + half]);
    return group[0];
}

/* Splits the lanes of the mantissas, so that their product stays in range, and multiplies them. */
static double reduce_product(real *mantissa, real *exponent)
{
    for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
        const vec product = vec_load(mantissa + g);

        vec_store(exponent + g, vec_add(vec_load(exponent + g), vec_exponent(product)));
        vec_store(mantissa + g, vec_mantissa(product));
    }
    for (int half = VIRTUAL_LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            mantissa[lane] *= mantissa[lane + half];
    return mantissa[0];
}

/* Adds the lanes of LANES sums from v on, or of as many as there are, into totals. */
VEC_INLINE void reduce_some(const real *sums, int64_t v, int64_t count, double *totals)
{
    real total[LANES] __attribute__((aligned(sizeof(vec))));
    vec row[LANES];

    for (int r = 0; r < LANES; r++)
        row[r] = v + r < count ? fold_groups(sums + (v + r) * VIRTUAL_LANES) : vec_set(0);
    vec_store(total, vec_sum_lanes(row));
    for (int r = 0; r < LANES && v + r < count; r++)
        totals[v + r] = total[r];
}

/* Adds the lanes in the order of docs/numerics.md: lane i takes lane i + n/2, for n = 8 (16), 4, 2. */
static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    const int64_t count = ms_pass_sums(pass);
    double product[2] = {1, 1};

    for (int l = 0; l < products(pass); l++) {
        real *mantissa = (real *)sums + mantissa_place(pass, l);

        product[l] = reduce_product(mantissa, mantissa + (MS_SUM_EXPONENT - MS_SUM_MANTISSA) * VIRTUAL_LANES);
    }
    for (int64_t v = 0; v < count && !ms_pass_is_left(pass);)
        for (const int64_t end = part_of_sums(pass, v, count, 1); v < end; v += LANES)
            reduce_some(sums, v, count, totals);
    for (int l = 0; l < products(pass); l++)
        totals[mantissa_place(pass, l) / VIRTUAL_LANES] = product[l];
}

#endif
