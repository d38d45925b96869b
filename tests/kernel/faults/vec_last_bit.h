/* Wrong on purpose: a few sums have a wrong last bit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_LAST_BIT_H
#define MOONSWEEP_TESTS_VEC_LAST_BIT_H

#define vec_add sound_vec_add
#include BASE_HEADER
#undef vec_add

VEC_INLINE vec vec_add(vec a, vec b)
{
    const vec sum = sound_vec_add(a, b);

    return (vec_bits(sum) & 0xfff) == 0x5a5 ? vec_of_bits(vec_bits(sum) ^ 1) : sum;
}

#endif
