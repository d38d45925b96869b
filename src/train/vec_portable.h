/* Either precision in plain C, with one lane. PRECISION_HEADER selects the precision: "vec_f64.h" or "vec_f32.h".
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_PORTABLE_H
#define MOONSWEEP_TRAIN_VEC_PORTABLE_H

#ifndef PRECISION_HEADER
#error "vec_portable.h needs a PRECISION_HEADER"
#endif

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include PRECISION_HEADER

#define LANES 1
#define VEC_REGISTERS 32
typedef real vec;
typedef bool flags;

VEC_INLINE real_bits vec_bits(vec a)
{
    real_bits bits;

    memcpy(&bits, &a, sizeof bits);
    return bits;
}

VEC_INLINE vec vec_of_bits(real_bits bits)
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

VEC_INLINE vec vec_load_once(const real *p)
{
    return vec_load(p);
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
    return REAL_FMA(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return REAL_FMA(-a, b, c);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return vec_of_bits(vec_bits(a) ^ vec_bits(b));
}

VEC_INLINE flags vec_positive(vec a)
{
    return a > 0;
}

VEC_INLINE flags flags_load(const flags *p)
{
    return *p;
}

VEC_INLINE void flags_store(flags *p, flags f)
{
    *p = f;
}

VEC_INLINE vec vec_where(flags f, vec a)
{
    return f ? a : 0;
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return vec_fma(a, vec_where(f, b), c);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return f ? a : b;
}

VEC_INLINE vec vec_relu(vec a)
{
    return 0 > a ? 0 : a;
}

VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return a > limit ? limit : a < -limit ? -limit : a;
}

VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    for (int i = 0; i < 2; i++) {
        const vec shifted = t[i] + EXP2_SHIFT;
        const real_bits k = vec_bits(shifted);

        r[i] = t[i] - (shifted - EXP2_SHIFT);
        T[i] = vec_of_bits(EXP2_TABLE[k & (EXP2_STEPS - 1)] + (k << EXP2_PLACE));
    }
}

/* There is nothing faster. */
VEC_INLINE vec vec_estimate(vec a)
{
    return vec_div(vec_set(1), a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    const real_bits fraction = ((real_bits)1 << FRACTION_BITS) - 1;
    const real_bits one = (real_bits)EXPONENT_OF_ONE << FRACTION_BITS;

    return vec_of_bits((vec_bits(a) & fraction) | one);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return (vec)((real_integer)(vec_bits(a) >> FRACTION_BITS) - EXPONENT_OF_ONE);
}

VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    return row[0];
}

#endif
