/* NumPy's legacy generator, numpy.random.RandomState: the same seed gives the same values.
 *
 *     struct ms_rng rng;
 *     ms_rng_seed(&rng, 0);
 *     double first = ms_rng_gaussian(&rng);      // RandomState(0).randn() = 1.764052345967664
 *
 * MT19937 (Matsumoto & Nishimura 1998), 53-bit doubles, Gaussians by the polar method with its cached second value
 * (Marsaglia), integers by masked rejection, Fisher-Yates shuffle from the end. Integers and order are exact; Gaussians
 * use moonsweep's own logarithm, so that about one in 3,000 differs from NumPy's, by 1 to 3 units in the last place
 * (docs/numerics.md). Doubles and Gaussians need the environment of moonsweep/float_environment.h.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_RNG_H
#define MOONSWEEP_RNG_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_rng {
    uint32_t state[624];
    int position;      /* of the next word in state; 624: all have been used */
    bool has_gaussian; /* the polar method makes two numbers; the second one is stored here */
    double gaussian;
};

/* As RandomState(seed). */
void ms_rng_seed(struct ms_rng *rng, uint32_t seed);

/* The next 32 random bits. */
uint32_t ms_rng_u32(struct ms_rng *rng);

/* Uniform in [0, 1), a multiple of 2^-53: random_sample(). */
double ms_rng_double(struct ms_rng *rng);

/* Standard normal: randn(). */
double ms_rng_gaussian(struct ms_rng *rng);

/* Uniform integer in 0 .. max inclusive, as RandomState.shuffle draws it. */
uint64_t ms_rng_interval(struct ms_rng *rng, uint64_t max);

/* Shuffles items[n] in place, as RandomState.shuffle. */
void ms_rng_shuffle(struct ms_rng *rng, int64_t n, int64_t *items);

/* Fills items[n] with a permutation of 0 .. n-1, as RandomState.permutation(n). Returns false if stop (may be NULL) asked
 * for an early end; items and rng are then unusable. */
bool ms_rng_permutation(struct ms_rng *rng, int64_t n, const struct ms_stop_request *stop, int64_t *items);

#ifdef __cplusplus
}
#endif

#endif
