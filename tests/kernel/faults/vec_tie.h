/* Wrong on purpose: the reduction rounds ties up instead of to even.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_TIE_H
#define MOONSWEEP_TESTS_VEC_TIE_H

#define vec_exp2_split sound_vec_exp2_split
#include BASE_HEADER
#undef vec_exp2_split

VEC_INLINE void vec_exp2_split(const vec *t, vec *T, vec *r)
{
    const vec half = sizeof(real) == sizeof(double) ? 0x1p-4 : 0x1p-5;

    sound_vec_exp2_split(t, T, r);
    for (int i = 0; i < 2; i++)
        if (r[i] == half) {
            const vec up[2] = {t[i] + half, t[i] + half};
            vec T_up[2], zero[2];

            sound_vec_exp2_split(up, T_up, zero);
            T[i] = T_up[0];
            r[i] = -half;
        }
}

#endif
