/* float32 in plain C: one lane. */
#ifndef MOONSWEEP_TRAIN_VEC_PORTABLE_F32_H
#define MOONSWEEP_TRAIN_VEC_PORTABLE_F32_H

#include <math.h>
#include <string.h>

#include "vec_f32.h"

#define LANES 1
typedef float vec;

VEC_INLINE uint32_t vec_bits(vec a)
{
    uint32_t bits;

    memcpy(&bits, &a, sizeof bits);
    return bits;
}

VEC_INLINE vec vec_of_bits(uint32_t bits)
{
    vec a;

    memcpy(&a, &bits, sizeof a);
    return a;
}

VEC_INLINE vec vec_set(real a)
{
    return a;
}

VEC_INLINE vec vec_load(const real *p)
{
    return *p;
}

VEC_INLINE void vec_store(real *p, vec a)
{
    *p = a;
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return a + b;
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return a - b;
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return a * b;
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return a / b;
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return fmaf(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return fmaf(-a, b, c);
}

VEC_INLINE vec vec_and(vec a, vec b)
{
    return vec_of_bits(vec_bits(a) & vec_bits(b));
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return vec_of_bits(vec_bits(a) ^ vec_bits(b));
}

VEC_INLINE vec vec_blend(vec m, vec a, vec b)
{
    return vec_of_bits((vec_bits(m) & vec_bits(a)) | (~vec_bits(m) & vec_bits(b)));
}

VEC_INLINE vec vec_where_positive(vec a, vec b)
{
    return a > 0 ? b : 0;
}

VEC_INLINE vec vec_relu(vec a)
{
    return 0 > a ? 0 : a;
}

VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return a > limit ? limit : a < -limit ? -limit : a;
}

VEC_INLINE vec vec_exp2_split(vec t, vec *r)
{
    const vec shifted = t + EXP2_SHIFT;
    const uint32_t k = vec_bits(shifted);

    *r = t - (shifted - EXP2_SHIFT);
    return vec_of_bits(exp2_table_f32[k & 15] + (k << EXP2_PLACE));
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return vec_of_bits((vec_bits(a) & 0x007fffff) | 0x3f800000);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return (vec)((int32_t)(vec_bits(a) >> 23) - 127);
}

#endif
