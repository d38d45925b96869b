/* Wrong on purpose: loads write back what they read.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_WRITES_INPUTS_H
#define MOONSWEEP_TESTS_VEC_WRITES_INPUTS_H

#define vec_load sound_vec_load
#include BASE_HEADER
#undef vec_load

VEC_INLINE vec vec_load(const real *p)
{
    volatile real *written = (real *)(uintptr_t)p;

    *written = *p;
    return *p;
}

#endif
