/* float32 on AVX-512: sixteen lanes, the whole virtual vector. */
#ifndef MOONSWEEP_TRAIN_VEC_AVX512_F32_H
#define MOONSWEEP_TRAIN_VEC_AVX512_F32_H

#if !defined __AVX512F__ || !defined __AVX512DQ__
#error "vec_avx512_f32.h needs -march=x86-64-v4"
#endif

#include <immintrin.h>

#include "vec_f32.h"

#define LANES 16
typedef __m512 vec;

VEC_INLINE vec vec_set(real a)
{
    return _mm512_set1_ps(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm512_load_ps(p);
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

VEC_INLINE vec vec_and(vec a, vec b)
{
    return _mm512_and_ps(a, b);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm512_xor_ps(a, b);
}

VEC_INLINE vec vec_blend(vec m, vec a, vec b)
{
    return _mm512_or_ps(_mm512_and_ps(m, a), _mm512_andnot_ps(m, b));
}

VEC_INLINE vec vec_where_positive(vec a, vec b)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ), b);
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

/* reduce: t less t rounded to a multiple of 2^-4, ties to even. */
VEC_INLINE vec vec_exp2_split(vec t, vec *r)
{
    const __m512i k = _mm512_castps_si512(_mm512_add_ps(t, _mm512_set1_ps(EXP2_SHIFT)));
    const __m512i table = _mm512_load_si512(exp2_table_f32);

    *r = _mm512_reduce_ps(t, 4 << 4);
    return _mm512_castsi512_ps(
        _mm512_add_epi32(_mm512_permutexvar_epi32(k, table), _mm512_slli_epi32(k, EXP2_PLACE)));
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return _mm512_getmant_ps(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return _mm512_getexp_ps(a);
}

#endif
