/* The quotients of logistic.h, by division or by multiplications: both give the same bits (docs/numerics.md, "Quotients
 * without division"). Processors whose dividers are slow compute faster if only some of the quotients are divided, while
 * the others keep the multipliers busy.
 *
 *   MULTIPLIED        of each eight vectors of a block, the quotients of so many are computed by multiplications
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_QUOTIENT_H
#define MOONSWEEP_TRAIN_QUOTIENT_H

#include VEC_HEADER

#include "moonsweep/kernel.h"

#ifndef MULTIPLIED
#define MULTIPLIED 0
#endif

/* Computes a / b from an estimate of 1 / b as good as vec_estimate's, for numerators a and denominators b of logistic.h
 * whose arguments t are within WIDE_LIMIT. */
VEC_INLINE vec quotient_by_products(vec a, vec b, vec estimate)
{
    const vec one = vec_set(1), e = vec_fnma(b, estimate, one);
    vec y = vec_fma(estimate, vec_fma(e, e, e), estimate), q;

    if (VEC_PRECISION == MS_FLOAT64)
        y = vec_fma(y, vec_fnma(b, y, one), y);
    q = vec_mul(a, y);
    return vec_fma(vec_fnma(b, q, a), y, q);
}

/* Computes a / b of vector u of a block, for such a and b. The vectors whose quotients are divided are spread evenly. */
VEC_INLINE vec quotient(int u, vec a, vec b)
{
    if ((u + 1) * MULTIPLIED / 8 > u * MULTIPLIED / 8)
        return quotient_by_products(a, b, vec_estimate(b));
    return vec_div(a, b);
}

#endif
