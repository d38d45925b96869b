/* Wrong on purpose: padding is counted as samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_PADDING_H
#define MOONSWEEP_TESTS_VEC_PADDING_H

#define vec_select sound_vec_select
#include BASE_HEADER
#undef vec_select

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    (void)f;
    (void)b;
    return a;
}

#endif
