/* float64 on AVX-512: eight lanes, the whole virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_AVX512_F64_H
#define MOONSWEEP_TRAIN_VEC_AVX512_F64_H

#if !defined __AVX512F__ || !defined __AVX512DQ__
#error "vec_avx512_f64.h needs -march=x86-64-v4"
#endif

#include <immintrin.h>

#include "vec_f64.h"

#define LANES 8
#define VEC_REGISTERS 32
typedef __m512d vec;
typedef __mmask8 flags;

VEC_INLINE vec vec_set(real a)
{
    return _mm512_set1_pd(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm512_load_pd(p);
}

VEC_INLINE vec vec_load_once(const real *p)
{
    return vec_load(p);
}

VEC_INLINE void vec_store(real *p, vec a)
{
    _mm512_store_pd(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return _mm512_add_pd(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return _mm512_sub_pd(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return _mm512_mul_pd(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return _mm512_div_pd(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_pd(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return _mm512_fnmadd_pd(a, b, c);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm512_xor_pd(a, b);
}

VEC_INLINE flags vec_positive(vec a)
{
    return _mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_GT_OQ);
}

VEC_INLINE flags flags_load(const flags *p)
{
    return _load_mask8((flags *)(uintptr_t)p);
}

VEC_INLINE void flags_store(flags *p, flags f)
{
    _store_mask8(p, f);
}

VEC_INLINE vec vec_where(flags f, vec a)
{
    return _mm512_maskz_mov_pd(f, a);
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return _mm512_mask3_fmadd_pd(a, b, c, f);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return _mm512_mask_mov_pd(b, f, a);
}

/* max returns its second operand for a NaN. */
VEC_INLINE vec vec_relu(vec a)
{
    return _mm512_max_pd(_mm512_setzero_pd(), a);
}

/* min and max return their second operand for a NaN. */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return _mm512_max_pd(_mm512_set1_pd(-limit), _mm512_min_pd(_mm512_set1_pd(limit), a));
}

/* reduce: t minus t rounded to a multiple of 2^-3, ties to even. */
VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    const __m512i table = _mm512_load_si512(exp2_table_f64);

    for (int i = 0; i < 2; i++) {
        const __m512i k = _mm512_castpd_si512(_mm512_add_pd(t[i], _mm512_set1_pd(EXP2_SHIFT)));

        r[i] = _mm512_reduce_pd(t[i], 3 << 4);
        T[i] = _mm512_castsi512_pd(
            _mm512_add_epi64(_mm512_permutexvar_epi64(k, table), _mm512_slli_epi64(k, EXP2_PLACE)));
    }
}

VEC_INLINE vec vec_estimate(vec a)
{
    return _mm512_rcp14_pd(a);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return _mm512_getmant_pd(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return _mm512_getexp_pd(a);
}

/* Adds the halves of each of eight rows, then their quarters, then neighbours; the rows, then in the order 0, 4, 1, 5,
 * ..., are put in order. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    vec half[4], quarter[2];

    for (int i = 0; i < 4; i++)
        half[i] = _mm512_add_pd(_mm512_shuffle_f64x2(row[2 * i], row[2 * i + 1], 0x44),
                                _mm512_shuffle_f64x2(row[2 * i], row[2 * i + 1], 0xee));
    for (int i = 0; i < 2; i++)
        quarter[i] = _mm512_add_pd(_mm512_shuffle_f64x2(half[2 * i], half[2 * i + 1], 0x88),
                                   _mm512_shuffle_f64x2(half[2 * i], half[2 * i + 1], 0xdd));
    return _mm512_permutexvar_pd(order, _mm512_add_pd(_mm512_unpacklo_pd(quarter[0], quarter[1]),
                                                      _mm512_unpackhi_pd(quarter[0], quarter[1])));
}

#endif
