/* Wrong on purpose: arguments are not clamped.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_UNCLAMPED_H
#define MOONSWEEP_TESTS_VEC_UNCLAMPED_H

#define vec_clamp sound_vec_clamp
#include BASE_HEADER
#undef vec_clamp

VEC_INLINE vec vec_clamp(vec a, real limit)
{
    (void)limit;
    return a;
}

#endif
