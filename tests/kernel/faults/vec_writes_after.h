/* Wrong on purpose: stores also write the following real.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_WRITES_AFTER_H
#define MOONSWEEP_TESTS_VEC_WRITES_AFTER_H

#define vec_store sound_vec_store
#include BASE_HEADER
#undef vec_store

VEC_INLINE void vec_store(real *p, vec a)
{
    p[0] = a;
    p[1] = a;
}

#endif
