/* Wrong on purpose: subnormal results are replaced by 0, as with flush-to-zero.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_FLUSHING_H
#define MOONSWEEP_TESTS_VEC_FLUSHING_H

#include <float.h>

#define vec_fma sound_vec_fma
#include BASE_HEADER
#undef vec_fma

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    const vec result = sound_vec_fma(a, b, c),
              least = (vec)(sizeof(real) == sizeof(double) ? DBL_MIN : FLT_MIN);

    return result < least && result > -least ? 0 : result;
}

#endif
