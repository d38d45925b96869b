/* float32 on AVX2 with FMA: eight lanes, half a virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_AVX2_F32_H
#define MOONSWEEP_TRAIN_VEC_AVX2_F32_H

#if !defined __AVX2__ || !defined __FMA__
#error "vec_avx2_f32.h needs -march=x86-64-v3"
#endif

#include <immintrin.h>

#include "vec_f32.h"

#define LANES 8
#define VEC_REGISTERS 16
typedef __m256 vec;
typedef vec flags; /* all bits of a lane */

VEC_INLINE vec vec_set(real a)
{
    return _mm256_set1_ps(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm256_load_ps(p);
}

/* Without volatile, gcc may load the operand twice when registers are scarce. */
VEC_INLINE vec vec_load_once(const real *p)
{
    return *(const volatile vec *)p;
}

VEC_INLINE void vec_store(real *p, vec a)
{
    _mm256_store_ps(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return _mm256_add_ps(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return _mm256_sub_ps(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return _mm256_mul_ps(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return _mm256_div_ps(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return _mm256_fnmadd_ps(a, b, c);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm256_xor_ps(a, b);
}

VEC_INLINE flags vec_positive(vec a)
{
    return _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GT_OQ);
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
    return _mm256_and_ps(f, a);
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return vec_fma(a, vec_where(f, b), c);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return _mm256_blendv_ps(b, a, f);
}

/* max returns its second operand for a NaN. */
VEC_INLINE vec vec_relu(vec a)
{
    return _mm256_max_ps(_mm256_setzero_ps(), a);
}

/* min and max return their second operand for a NaN. */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return _mm256_max_ps(_mm256_set1_ps(-limit), _mm256_min_ps(_mm256_set1_ps(limit), a));
}

/* The sixteen entries fill two registers. Both are permuted by the lowest three bits of k, and its fourth bit, moved
 * to the sign, selects one of them. */
VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    const __m256i *table = (const __m256i *)exp2_table_f32;

    for (int i = 0; i < 2; i++) {
        const __m256 shifted = _mm256_add_ps(t[i], _mm256_set1_ps(EXP2_SHIFT));
        const __m256i k = _mm256_castps_si256(shifted);
        const __m256 first = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(_mm256_load_si256(table), k));
        const __m256 second = _mm256_castsi256_ps(
            _mm256_permutevar8x32_epi32(_mm256_load_si256(table + 1), k));
        const __m256 entry = _mm256_blendv_ps(first, second, _mm256_castsi256_ps(_mm256_slli_epi32(k, 28)));

        r[i] = _mm256_sub_ps(t[i], _mm256_sub_ps(shifted, _mm256_set1_ps(EXP2_SHIFT)));
        T[i] = _mm256_castsi256_ps(
            _mm256_add_epi32(_mm256_castps_si256(entry), _mm256_slli_epi32(k, EXP2_PLACE)));
    }
}

VEC_INLINE vec vec_estimate(vec a)
{
    return _mm256_rcp_ps(a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    const __m256 fraction = _mm256_castsi256_ps(_mm256_set1_epi32(0x007fffff));

    return _mm256_or_ps(_mm256_and_ps(a, fraction), _mm256_set1_ps(1));
}

VEC_INLINE vec vec_exponent(vec a)
{
    const __m256i e = _mm256_srli_epi32(_mm256_castps_si256(a), 23);

    return _mm256_cvtepi32_ps(_mm256_sub_epi32(e, _mm256_set1_epi32(127)));
}

/* Adds the halves of each of eight rows, then their quarters, then neighbours. Half h then contains rows h, h + 2, h +
 * 4 and h + 6, which are put in order. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    vec half[4], quarter[2];

    for (int i = 0; i < 4; i++)
        half[i] = _mm256_add_ps(_mm256_permute2f128_ps(row[2 * i], row[2 * i + 1], 0x20),
                                _mm256_permute2f128_ps(row[2 * i], row[2 * i + 1], 0x31));
    for (int i = 0; i < 2; i++)
        quarter[i] = _mm256_add_ps(_mm256_shuffle_ps(half[2 * i], half[2 * i + 1], 0x44),
                                   _mm256_shuffle_ps(half[2 * i], half[2 * i + 1], 0xee));
    return _mm256_permutevar8x32_ps(_mm256_add_ps(_mm256_shuffle_ps(quarter[0], quarter[1], 0x88),
                                                  _mm256_shuffle_ps(quarter[0], quarter[1], 0xdd)),
                                    order);
}

#endif
