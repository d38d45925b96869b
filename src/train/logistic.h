/* 1 / (1 + 2^t), of which every sigmoid and tanh is made (docs/numerics.md), in the vocabulary of vec.h:
 * include it where VEC_HEADER names a vector header. */
#ifndef MOONSWEEP_TRAIN_LOGISTIC_H
#define MOONSWEEP_TRAIN_LOGISTIC_H

#include VEC_HEADER

/* With a single division: 2^t = T (A + r B) / (A - r B), tools/exp2_constants.py.
 * |t| <= WIDE_LIMIT, or a NaN, which stays one. */
VEC_INLINE vec logistic(vec t)
{
    vec r;
    const vec T = vec_exp2_split(t, &r);
    const vec w = vec_mul(r, r);
    const vec A = vec_add(w, vec_set(EXP2_A0));
#ifdef EXP2_B1
    const vec B = vec_fma(w, vec_set(EXP2_B1), vec_set(EXP2_B0));
#else
    const vec B = vec_set(EXP2_B0);
#endif
    const vec numerator = vec_fnma(r, B, A);

    return vec_div(numerator, vec_fma(T, vec_fma(r, B, A), numerator));
}

#endif
