/* Wrong on purpose: relu turns a NaN into 0, as maximum instructions do.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_NAN_LOST_H
#define MOONSWEEP_TESTS_VEC_NAN_LOST_H

#define vec_relu sound_vec_relu
#include BASE_HEADER
#undef vec_relu

VEC_INLINE vec vec_relu(vec a)
{
    return a > 0 ? a : 0;
}

#endif
