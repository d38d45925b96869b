/* Wrong on purpose: loads also read the following real.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_VEC_READS_AFTER_H
#define MOONSWEEP_TESTS_VEC_READS_AFTER_H

#define vec_load sound_vec_load
#include BASE_HEADER
#undef vec_load

VEC_INLINE vec vec_load(const real *p)
{
    (void)*(const volatile real *)(p + 1);
    return *p;
}

#endif
