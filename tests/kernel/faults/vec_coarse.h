/* Wrong on purpose: quotients are computed from estimates that are worse than their proof assumes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_COARSE_H
#define MOONSWEEP_TESTS_VEC_COARSE_H

#define MULTIPLIED 8
#define vec_estimate sound_vec_estimate
#include BASE_HEADER
#undef vec_estimate

VEC_INLINE vec vec_estimate(vec a)
{
    return sound_vec_estimate(a) * (real)1.0625;
}

#endif
