/* Wrong on purpose: relu's slope at 0 is 1.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_CORNER_H
#define MOONSWEEP_TESTS_VEC_CORNER_H

#define vec_positive sound_vec_positive
#include BASE_HEADER
#undef vec_positive

VEC_INLINE flags vec_positive(vec a)
{
    return a >= 0;
}

#endif
