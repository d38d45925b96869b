/* Wrong on purpose: quotients have an error of 64 rounding units, just more than the bounds allow.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_SLOPPY_H
#define MOONSWEEP_TESTS_VEC_SLOPPY_H

#define vec_div sound_vec_div
#include BASE_HEADER
#undef vec_div

VEC_INLINE vec vec_div(vec a, vec b)
{
    return sound_vec_div(a, b) * (sizeof(real) == sizeof(double) ? (real)(1 + 0x1p-47) : (real)(1 + 0x1p-18));
}

#endif
