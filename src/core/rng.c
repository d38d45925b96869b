/* Makes words of 32 bits, and from them doubles, Gaussians, whole numbers and permutations, in this order.
 * Each function draws as many words as NumPy's, and in the same order: otherwise all later values would
 * differ.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/rng.h"

#include <math.h>

#include "moonsweep/maths.h"

enum { words = 624, shift = 397 };

void ms_rng_seed(struct ms_rng *rng, uint32_t seed)
{
    for (int i = 0; i < words; i++) {
        rng->state[i] = seed;
        seed = UINT32_C(1812433253) * (seed ^ (seed >> 30)) + (uint32_t)i + 1;
    }
    rng->position = words;
    rng->has_gaussian = false;
    rng->gaussian = 0;
}

/* Generates the next 624 words, in place: word i is computed from words i, i + 1 and i + 397, all modulo 624. */
static void refill(struct ms_rng *rng)
{
    for (int i = 0; i < words; i++) {
        const uint32_t joined = (rng->state[i] & 0x80000000) |
                                (rng->state[(i + 1) % words] & UINT32_C(0x7fffffff));

        rng->state[i] = rng->state[(i + shift) % words] ^ (joined >> 1) ^
                        ((joined & 1) != 0 ? UINT32_C(0x9908b0df) : 0);
    }
    rng->position = 0;
}

uint32_t ms_rng_u32(struct ms_rng *rng)
{
    if (rng->position == words)
        refill(rng);

    uint32_t word = rng->state[rng->position++];

    word ^= word >> 11;
    word ^= (word << 7) & UINT32_C(0x9d2c5680);
    word ^= (word << 15) & UINT32_C(0xefc60000);
    return word ^ (word >> 18);
}

double ms_rng_double(struct ms_rng *rng)
{
    const uint32_t high = ms_rng_u32(rng) >> 5; /* 27 bits */
    const uint32_t low = ms_rng_u32(rng) >> 6;  /* 26 bits */

    return (high * 0x1p26 + low) * 0x1p-53;
}

double ms_rng_gaussian(struct ms_rng *rng)
{
    double x, y, square;

    if (rng->has_gaussian) {
        rng->has_gaussian = false;
        return rng->gaussian;
    }
    do {
        x = 2 * ms_rng_double(rng) - 1;
        y = 2 * ms_rng_double(rng) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);

    const double factor = sqrt(-2 * ms_log(square) / square);

    rng->gaussian = factor * x;
    rng->has_gaussian = true;
    return factor * y; /* NumPy returns the second one first */
}

uint64_t ms_rng_interval(struct ms_rng *rng, uint64_t max)
{
    uint64_t mask = max;
    uint64_t value;

    for (int bits = 1; bits < 64; bits *= 2)
        mask |= mask >> bits;
    if (max == 0)
        return 0; /* without drawing anything */
    do {
        value = ms_rng_u32(rng);
        if (max > UINT32_MAX)
            value = value << 32 | ms_rng_u32(rng);
        value &= mask;
    } while (value > max);
    return value;
}

static bool shuffle(struct ms_rng *rng, int64_t n, const struct ms_stop_request *stop, int64_t *items)
{
    for (int64_t i = n - 1; i > 0; i--) {
        if (ms_stop_request_at(stop, i))
            return false;

        const uint64_t other = ms_rng_interval(rng, (uint64_t)i);
        const int64_t moved = items[i];

        items[i] = items[other];
        items[other] = moved;
    }
    return true;
}

void ms_rng_shuffle(struct ms_rng *rng, int64_t n, int64_t *items)
{
    (void)shuffle(rng, n, NULL, items);
}

bool ms_rng_permutation(struct ms_rng *rng, int64_t n, const struct ms_stop_request *stop, int64_t *items)
{
    for (int64_t i = 0; i < n; i++) {
        if (ms_stop_request_at(stop, i))
            return false;
        items[i] = i;
    }
    return shuffle(rng, n, stop, items);
}
