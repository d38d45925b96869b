/* 1 / (1 + 2^t), from which every sigmoid and tanh is made (docs/numerics.md), in the operations of vec.h. Include it
 * where VEC_HEADER names a vector header.
 *
 * It is computed in two steps. A caller takes the first step for several vectors and then the second: results of the
 * first then become available while others are computed, and the processor waits less.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_LOGISTIC_H
#define MOONSWEEP_TRAIN_LOGISTIC_H

#include "quotient.h"

/* 2^t = T 2^r */
struct exponential {
    vec T, r;
};

/* The first step, for `vectors` arguments, an even number: |t| <= WIDE_LIMIT, or NaN, which stays NaN. */
VEC_INLINE void exponentials(int vectors, const vec *t, struct exponential *e)
{
    for (int u = 0; u < vectors; u += 2) {
        vec T[2], r[2];

        vec_exp2_split(t + u, T, r);
        for (int i = 0; i < 2; i++)
            e[u + i] = (struct exponential){T[i], r[i]};
    }
}

/* The second step, for vector u: 1 / (1 + T 2^r) with a single quotient, where 2^r = (A + r) / (A - r)
 * (tools/exp2_constants.py). */
VEC_INLINE vec logistic_of(int u, struct exponential e)
{
    const vec w = vec_mul(e.r, e.r);
#ifdef EXP2_A2
    const vec slope = vec_fma(w, vec_set(EXP2_A2), vec_set(EXP2_A1));
#else
    const vec slope = vec_set(EXP2_A1);
#endif
    const vec A = vec_fma(w, slope, vec_set(EXP2_A0)), numerator = vec_sub(A, e.r);

    return quotient(u, numerator, vec_fma(e.T, vec_add(A, e.r), numerator));
}

#endif
