/* float64 on NEON: two lanes, a quarter of the virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_NEON_F64_H
#define MOONSWEEP_TRAIN_VEC_NEON_F64_H

#if !defined __aarch64__ || !defined __ARM_NEON || defined __ARM_BIG_ENDIAN
#error "vec_neon_f64.h needs a little-endian aarch64 with NEON"
#endif

#include <arm_neon.h>

#include "vec_f64.h"

#define LANES 2
#define VEC_REGISTERS 32
typedef float64x2_t vec;
typedef uint64x2_t flags; /* all bits of a lane */

VEC_INLINE vec vec_set(real a)
{
    return vdupq_n_f64(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return vld1q_f64(p);
}

VEC_INLINE vec vec_load_once(const real *p)
{
    return vec_load(p);
}

VEC_INLINE void vec_store(real *p, vec a)
{
    vst1q_f64(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return vaddq_f64(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return vsubq_f64(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return vmulq_f64(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return vdivq_f64(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return vfmaq_f64(c, a, b);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return vfmsq_f64(c, a, b);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return vreinterpretq_f64_u64(veorq_u64(vreinterpretq_u64_f64(a), vreinterpretq_u64_f64(b)));
}

VEC_INLINE flags vec_positive(vec a)
{
    return vcgtzq_f64(a);
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
    return vreinterpretq_f64_u64(vandq_u64(f, vreinterpretq_u64_f64(a)));
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return vec_fma(a, vec_where(f, b), c);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return vbslq_f64(f, a, b);
}

/* Not fmax: fmax(0, -0) is +0, but 0 > -0 is false and -0 must stay. */
VEC_INLINE vec vec_relu(vec a)
{
    return vreinterpretq_f64_u64(vbicq_u64(vreinterpretq_u64_f64(a), vcltzq_f64(a)));
}

/* fmin and fmax return NaN for NaN (fminnm and fmaxnm would not). */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return vmaxq_f64(vdupq_n_f64(-limit), vminq_f64(vdupq_n_f64(limit), a));
}

/* Looks up the entries of exp2_table_f64 by the lowest three bits of k, without moving to general registers: the table
 * fills four vectors, in which tbl looks up bytes; byte b of entry i has number 8*i + b. */
VEC_INLINE uint64x2_t exp2_lookup(uint64x2_t k)
{
    static const uint8_t lowest_bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8};
    static const uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7};
    const uint8x16x4_t table = vld1q_u8_x4((const uint8_t *)exp2_table_f64);
    const uint8x16_t low = vreinterpretq_u8_u64(vandq_u64(k, vdupq_n_u64(7)));
    const uint8x16_t i = vqtbl1q_u8(low, vld1q_u8(lowest_bytes));

    return vreinterpretq_u64_u8(vqtbl4q_u8(table, vsliq_n_u8(vld1q_u8(bytes), i, 3)));
}

VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    for (int i = 0; i < 2; i++) {
        const vec shifted = vaddq_f64(t[i], vdupq_n_f64(EXP2_SHIFT));
        const uint64x2_t k = vreinterpretq_u64_f64(shifted);

        r[i] = vsubq_f64(t[i], vsubq_f64(shifted, vdupq_n_f64(EXP2_SHIFT)));
        T[i] = vreinterpretq_f64_u64(vaddq_u64(exp2_lookup(k), vshlq_n_u64(k, EXP2_PLACE)));
    }
}

/* There is nothing faster. */
VEC_INLINE vec vec_estimate(vec a)
{
    return vec_div(vec_set(1), a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return vbslq_f64(vdupq_n_u64(0x000fffffffffffff), a, vdupq_n_f64(1));
}

VEC_INLINE vec vec_exponent(vec a)
{
    const int64x2_t biased = vreinterpretq_s64_u64(vshrq_n_u64(vreinterpretq_u64_f64(a), 52));

    return vcvtq_f64_s64(vsubq_s64(biased, vdupq_n_s64(1023)));
}

/* Adds the neighbours of each of two rows. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    return vpaddq_f64(row[0], row[1]);
}

#endif
