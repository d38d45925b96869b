/* float64 on AVX2 with FMA: four lanes, half a virtual vector.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_AVX2_F64_H
#define MOONSWEEP_TRAIN_VEC_AVX2_F64_H

#if !defined __AVX2__ || !defined __FMA__
#error "vec_avx2_f64.h needs -march=x86-64-v3"
#endif

#include <immintrin.h>

#include "vec_f64.h"

#define LANES 4
#define VEC_REGISTERS 16
typedef __m256d vec;
typedef vec flags; /* all bits of a lane */

VEC_INLINE vec vec_set(real a)
{
    return _mm256_set1_pd(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm256_load_pd(p);
}

/* Without volatile, gcc may load the operand twice when registers are scarce. */
VEC_INLINE vec vec_load_once(const real *p)
{
    return *(const volatile vec *)p;
}

VEC_INLINE void vec_store(real *p, vec a)
{
    _mm256_store_pd(p, a);
}

VEC_INLINE vec vec_add(vec a, vec b)
{
    return _mm256_add_pd(a, b);
}

VEC_INLINE vec vec_sub(vec a, vec b)
{
    return _mm256_sub_pd(a, b);
}

VEC_INLINE vec vec_mul(vec a, vec b)
{
    return _mm256_mul_pd(a, b);
}

VEC_INLINE vec vec_div(vec a, vec b)
{
    return _mm256_div_pd(a, b);
}

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_pd(a, b, c);
}

VEC_INLINE vec vec_fnma(vec a, vec b, vec c)
{
    return _mm256_fnmadd_pd(a, b, c);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm256_xor_pd(a, b);
}

VEC_INLINE flags vec_positive(vec a)
{
    return _mm256_cmp_pd(a, _mm256_setzero_pd(), _CMP_GT_OQ);
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
    return _mm256_and_pd(f, a);
}

VEC_INLINE vec vec_fma_where(flags f, vec a, vec b, vec c)
{
    return vec_fma(a, vec_where(f, b), c);
}

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    return _mm256_blendv_pd(b, a, f);
}

/* max returns its second operand for a NaN. */
VEC_INLINE vec vec_relu(vec a)
{
    return _mm256_max_pd(_mm256_setzero_pd(), a);
}

/* min and max return their second operand for a NaN. */
VEC_INLINE vec vec_clamp(vec a, real limit)
{
    return _mm256_max_pd(_mm256_set1_pd(-limit), _mm256_min_pd(_mm256_set1_pd(limit), a));
}

/* The 32 bits of entry i of the table that begin at bit `shift`. */
VEC_INLINE int exp2_half(int i, int shift)
{
    return (int)(uint32_t)(exp2_table_f64[i] >> shift);
}

/* The same of all eight entries, which is a constant for the compiler. */
VEC_INLINE __m256i exp2_halves(int shift)
{
    return _mm256_setr_epi32(exp2_half(0, shift), exp2_half(1, shift), exp2_half(2, shift),
                             exp2_half(3, shift), exp2_half(4, shift), exp2_half(5, shift),
                             exp2_half(6, shift), exp2_half(7, shift));
}

/* The eight entries of 64 bits fill two registers, one with their low halves and one with their high halves. Each is
 * permuted by eight numbers k at once, those of two vectors; then the halves are joined. The exponent is in the high
 * half. */
VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    const vec shift = vec_set(EXP2_SHIFT), first = vec_add(t[0], shift), second = vec_add(t[1], shift);
    const __m256i k = _mm256_castps_si256(
        _mm256_shuffle_ps(_mm256_castpd_ps(first), _mm256_castpd_ps(second), _MM_SHUFFLE(2, 0, 2, 0)));
    const __m256i low = _mm256_permutevar8x32_epi32(exp2_halves(0), k);
    const __m256i high = _mm256_add_epi32(_mm256_permutevar8x32_epi32(exp2_halves(32), k),
                                          _mm256_slli_epi32(k, EXP2_PLACE - 32));

    r[0] = vec_sub(t[0], vec_sub(first, shift));
    r[1] = vec_sub(t[1], vec_sub(second, shift));
    T[0] = _mm256_castsi256_pd(_mm256_unpacklo_epi32(low, high));
    T[1] = _mm256_castsi256_pd(_mm256_unpackhi_epi32(low, high));
}

/* The bits of a positive number, as an integer, are nearly proportional to its logarithm. So the bits of 1 / a are about
 * those of 1 / a for one a, less the difference of the a: within 5.06% (docs/numerics.md), of which a step of third order
 * leaves 1.3e-4. rcpps would only do for float32, whose exponents have fewer bits, and takes longer with what it needs
 * besides. */
VEC_INLINE vec vec_estimate(vec a)
{
    const __m256i sum = _mm256_set1_epi64x(0x7fde6238502484ba); /* of the bits of a and 1 / a */
    const vec y = _mm256_castsi256_pd(_mm256_sub_epi64(sum, _mm256_castpd_si256(a)));
    const vec e = vec_fnma(a, y, vec_set(1));

    return vec_fma(y, vec_fma(e, e, e), y);
}

VEC_INLINE vec vec_mantissa(vec a)
{
    const __m256d fraction = _mm256_castsi256_pd(_mm256_set1_epi64x(0x000fffffffffffff));

    return _mm256_or_pd(_mm256_and_pd(a, fraction), _mm256_set1_pd(1));
}

/* There is no conversion from 64-bit integers: 2^52 with e in its last bits is 2^52 + e. */
VEC_INLINE vec vec_exponent(vec a)
{
    const __m256d e = _mm256_castsi256_pd(_mm256_srli_epi64(_mm256_castpd_si256(a), 52));

    return _mm256_sub_pd(_mm256_or_pd(e, _mm256_set1_pd(0x1p52)), _mm256_set1_pd(0x1p52 + 1023));
}

/* Adds the halves of each of four rows, then neighbours; the rows, then in the order 0, 2, 1, 3, are put in order. */
VEC_INLINE vec vec_sum_lanes(const vec *row)
{
    vec half[2];

    for (int i = 0; i < 2; i++)
        half[i] = _mm256_add_pd(_mm256_permute2f128_pd(row[2 * i], row[2 * i + 1], 0x20),
                                _mm256_permute2f128_pd(row[2 * i], row[2 * i + 1], 0x31));
    return _mm256_permute4x64_pd(
        _mm256_add_pd(_mm256_unpacklo_pd(half[0], half[1]), _mm256_unpackhi_pd(half[0], half[1])),
        _MM_SHUFFLE(3, 1, 2, 0));
}

#endif
