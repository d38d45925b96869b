/* float64 on AVX-512: eight lanes, the whole virtual vector. */
#ifndef MOONSWEEP_TRAIN_VEC_AVX512_F64_H
#define MOONSWEEP_TRAIN_VEC_AVX512_F64_H

#if !defined __AVX512F__ || !defined __AVX512DQ__
#error "vec_avx512_f64.h needs -march=x86-64-v4"
#endif

#include <immintrin.h>

#include "vec_f64.h"

#define LANES 8
typedef __m512d vec;

VEC_INLINE vec vec_set(real a)
{
    return _mm512_set1_pd(a);
}

VEC_INLINE vec vec_load(const real *p)
{
    return _mm512_load_pd(p);
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

VEC_INLINE vec vec_and(vec a, vec b)
{
    return _mm512_and_pd(a, b);
}

VEC_INLINE vec vec_xor(vec a, vec b)
{
    return _mm512_xor_pd(a, b);
}

VEC_INLINE vec vec_blend(vec m, vec a, vec b)
{
    return _mm512_or_pd(_mm512_and_pd(m, a), _mm512_andnot_pd(m, b));
}

VEC_INLINE vec vec_where_positive(vec a, vec b)
{
    return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_GT_OQ), b);
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

/* reduce: t less t rounded to a multiple of 2^-3, ties to even. */
VEC_INLINE vec vec_exp2_split(vec t, vec *r)
{
    const __m512i k = _mm512_castpd_si512(_mm512_add_pd(t, _mm512_set1_pd(EXP2_SHIFT)));
    const __m512i table = _mm512_load_si512(exp2_table_f64);

    *r = _mm512_reduce_pd(t, 3 << 4);
    return _mm512_castsi512_pd(
        _mm512_add_epi64(_mm512_permutexvar_epi64(k, table), _mm512_slli_epi64(k, EXP2_PLACE)));
}

VEC_INLINE vec vec_mantissa(vec a)
{
    return _mm512_getmant_pd(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src);
}

VEC_INLINE vec vec_exponent(vec a)
{
    return _mm512_getexp_pd(a);
}

#endif
