/* Wrong on purpose: the fused operation rounds twice.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_UNFUSED_H
#define MOONSWEEP_TESTS_VEC_UNFUSED_H

#define vec_fma sound_vec_fma
#include BASE_HEADER
#undef vec_fma

VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
    return a * b + c;
}

#endif
