/* float32 on NEON: four lanes, a quarter of the virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_NEON_F32_H
#define MOONSWEEP_TRAIN_VEC_NEON_F32_H

#if !defined __aarch64__ || !defined __ARM_NEON || defined __ARM_BIG_ENDIAN
#error "vec_neon_f32.h needs a little-endian aarch64 with NEON"
#endif

#include <arm_neon.h>

#include "vec_f32.h"

#define LANES 4
#define VEC_REGISTERS 32
typedef float32x4_t vec;
typedef uint32x4_t flags; /* all bits of a lane */

VEC_INLINE vec vec_set(real a)
{
    return vdupq_n_f32(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return vld1q_f32(p);
}

VEC_INLINE vec vec_load_once(const real *p)
{
    return vec_load(p);
}

VEC_INLINE void vec_store(real *p, vec a)
{
    vst1q_f32(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return vaddq_f32(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return vsubq_f32(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return vmulq_f32(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return vdivq_f32(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return vfmaq_f32(c, a, b);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return vfmsq_f32(c, a, b);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(a), vreinterpretq_u32_f32(b)));
}

VEC_INLINE flags vec_positive(vec a)
{
    return vcgtzq_f32(a);
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
    return vreinterpretq_f32_u32(vandq_u32(f, vreinterpretq_u32_f32(a)));
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return vec_fma(a, vec_where(f, b), c);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return vbslq_f32(f, a, b);
}

/* Not fmax: fmax(0, -0) is +0, but 0 > -0 is false and -0 must stay. */
VEC_INLINE vec vec_relu(vec a)
{
    return vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(a), vcltzq_f32(a)));
}

/* fmin and fmax return NaN for NaN (fminnm and fmaxnm would not). */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return vmaxq_f32(vdupq_n_f32(-limit), vminq_f32(vdupq_n_f32(limit), a));
}

/* Looks up the entries of exp2_table_f32 by the lowest four bits of k, without moving to general registers: the table
 * fills four vectors, in which tbl looks up bytes; byte b of entry i has number 4*i + b. */
VEC_INLINE uint32x4_t exp2_lookup(uint32x4_t k)
{
    static const uint8_t lowest_bytes[16] = {0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12};
    static const uint8_t bytes[16] = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
    const uint8x16x4_t table = vld1q_u8_x4((const uint8_t *)exp2_table_f32);
    const uint8x16_t low = vreinterpretq_u8_u32(vandq_u32(k, vdupq_n_u32(15)));
    const uint8x16_t i = vqtbl1q_u8(low, vld1q_u8(lowest_bytes));

    return vreinterpretq_u32_u8(vqtbl4q_u8(table, vsliq_n_u8(vld1q_u8(bytes), i, 2)));
}

VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    for (int i = 0; i < 2; i++) {
        const vec shifted = vaddq_f32(t[i], vdupq_n_f32(EXP2_SHIFT));
        const uint32x4_t k = vreinterpretq_u32_f32(shifted);

        r[i] = vsubq_f32(t[i], vsubq_f32(shifted, vdupq_n_f32(EXP2_SHIFT)));
        T[i] = vreinterpretq_f32_u32(vaddq_u32(exp2_lookup(k), vshlq_n_u32(k, EXP2_PLACE)));
    }
}

/* There is nothing faster. */
VEC_INLINE vec vec_estimate(vec a)
{
    return vec_div(vec_set(1), a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return vbslq_f32(vdupq_n_u32(0x007fffff), a, vdupq_n_f32(1));
}

VEC_INLINE vec vec_exponent(vec a)
{
    const int32x4_t biased = vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_f32(a), 23));

    return vcvtq_f32_s32(vsubq_s32(biased, vdupq_n_s32(127)));
}

/* Adds the halves of each of four rows, then neighbours. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    vec half[2];

    for (int i = 0; i < 2; i++)
        half[i] = vaddq_f32(vcombine_f32(vget_low_f32(row[2 * i]), vget_low_f32(row[2 * i + 1])),
                            vcombine_f32(vget_high_f32(row[2 * i]), vget_high_f32(row[2 * i + 1])));
    return vpaddq_f32(half[0], half[1]);
}

#endif
