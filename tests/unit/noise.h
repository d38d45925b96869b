/* Pseudo-random numbers for tests, the same in every run.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_UNIT_NOISE_H
#define MOONSWEEP_TESTS_UNIT_NOISE_H

#include <stdint.h>

/* Returns a number in [0, 1) from a 64-bit linear congruential generator (Knuth's MMIX constants). */
static inline double noise(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

#endif
