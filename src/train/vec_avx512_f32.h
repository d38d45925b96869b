/* float32 on AVX-512: sixteen lanes, the whole virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_AVX512_F32_H
#define MOONSWEEP_TRAIN_VEC_AVX512_F32_H

#if !defined __AVX512F__ || !defined __AVX512DQ__
#error "vec_avx512_f32.h needs -march=x86-64-v4"
#endif

#include <immintrin.h>

#include "vec_f32.h"

#define LANES 16
#define VEC_REGISTERS 32
typedef __m512 vec;
typedef __mmask16 flags;

VEC_INLINE vec vec_set(real a)
{
    return _mm512_set1_ps(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm512_load_ps(p);
}

VEC_INLINE vec vec_load_once(const real *p)
{
    return vec_load(p);
}

VEC_INLINE void vec_store(real *p, vec a)
{
    _mm512_store_ps(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return _mm512_add_ps(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return _mm512_sub_ps(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return _mm512_mul_ps(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return _mm512_div_ps(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return _mm512_fnmadd_ps(a, b, c);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm512_xor_ps(a, b);
}

VEC_INLINE flags vec_positive(vec a)
{
    return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ);
}

VEC_INLINE flags flags_load(const flags *p)
{
    return _load_mask16((flags *)(uintptr_t)p);
}

VEC_INLINE void flags_store(flags *p, flags f)
{
    _store_mask16(p, f);
}

VEC_INLINE vec vec_where(flags f, vec a)
{
    return _mm512_maskz_mov_ps(f, a);
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return _mm512_mask3_fmadd_ps(a, b, c, f);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return _mm512_mask_mov_ps(b, f, a);
}

/* max returns its second operand for a NaN. */
VEC_INLINE vec vec_relu(vec a)
{
    return _mm512_max_ps(_mm512_setzero_ps(), a);
}

/* min and max return their second operand for a NaN. */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return _mm512_max_ps(_mm512_set1_ps(-limit), _mm512_min_ps(_mm512_set1_ps(limit), a));
}

/* reduce: t minus t rounded to a multiple of 2^-4, ties to even. */
VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    const __m512i table = _mm512_load_si512(exp2_table_f32);

    for (int i = 0; i < 2; i++) {
        const __m512i k = _mm512_castps_si512(_mm512_add_ps(t[i], _mm512_set1_ps(EXP2_SHIFT)));

        r[i] = _mm512_reduce_ps(t[i], 4 << 4);
        T[i] = _mm512_castsi512_ps(
            _mm512_add_epi32(_mm512_permutexvar_epi32(k, table), _mm512_slli_epi32(k, EXP2_PLACE)));
    }
}

VEC_INLINE vec vec_estimate(vec a)
{
    return _mm512_rcp14_ps(a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return _mm512_getmant_ps(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return _mm512_getexp_ps(a);
}

/* Adds the halves of each of sixteen rows, then their quarters, eighths and neighbours. Quarter q then contains rows
 * q, q + 4, q + 8 and q + 12, which are put in order. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    vec half[8], quarter[4], eighth[2];

    for (int i = 0; i < 8; i++)
        half[i] = _mm512_add_ps(_mm512_shuffle_f32x4(row[2 * i], row[2 * i + 1], 0x44),
                                _mm512_shuffle_f32x4(row[2 * i], row[2 * i + 1], 0xee));
    for (int i = 0; i < 4; i++)
        quarter[i] = _mm512_add_ps(_mm512_shuffle_f32x4(half[2 * i], half[2 * i + 1], 0x88),
                                   _mm512_shuffle_f32x4(half[2 * i], half[2 * i + 1], 0xdd));
    for (int i = 0; i < 2; i++)
        eighth[i] = _mm512_add_ps(_mm512_shuffle_ps(quarter[2 * i], quarter[2 * i + 1], 0x44),
                                  _mm512_shuffle_ps(quarter[2 * i], quarter[2 * i + 1], 0xee));
    return _mm512_permutexvar_ps(order, _mm512_add_ps(_mm512_shuffle_ps(eighth[0], eighth[1], 0x88),
                                                      _mm512_shuffle_ps(eighth[0], eighth[1], 0xdd)));
}

#endif
