/* Makes the moons by drawing random numbers in scikit-learn's order: the permutation of the points first,
 * then the noise of one coordinate after another. Each point is computed from its number before shuffling, so
 * that the points are never stored in that order.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/moons.h"

#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/maths.h"
#include "moonsweep/plural.h"
#include "moonsweep/rng.h"

static const double pi = 0x1.921fb54442d18p+1;

/* Value i of numpy.linspace(0, pi, count): i times the rounded step, except for the last one, which is pi. */
static double half_turn(int64_t i, int64_t count)
{
    if (count == 1)
        return 0;
    return i == count - 1 ? pi : (double)i * (pi / (double)(count - 1));
}

/* Sets x to point number `point` before shuffling, with the outer half circle first, and returns its label. The
 * operations are in the order of scikit-learn. */
static uint8_t place(int64_t point, int64_t samples, double *x)
{
    const int64_t outer = samples / 2;

    if (point < outer) {
        const double angle = half_turn(point, outer);

        x[0] = ms_cos(angle);
        x[1] = ms_sin(angle);
        return 0;
    }
    const double angle = half_turn(point - outer, samples - outer);

    x[0] = 1 - ms_cos(angle);
    x[1] = 1 - ms_sin(angle) - 0.5;
    return 1;
}

/* Fills data with shuffled points and noise. order [data->rows] is a buffer. Returns false if stop asked for an early
 * end. */
static bool fill(double noise, uint32_t seed, const struct ms_stop_request *stop, int64_t *order,
                 struct ms_data *data)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, seed);
    if (!ms_rng_permutation(&rng, data->rows, stop, order))
        return false;
    for (int64_t i = 0; i < data->rows; i++) {
        if (ms_stop_request_at(stop, i))
            return false;
        data->y[i] = place(order[i], data->rows, data->X + 2 * i);
    }
    for (int64_t i = 0; i < 2 * data->rows; i++) {
        if (ms_stop_request_at(stop, i))
            return false;
        data->X[i] += noise * ms_rng_gaussian(&rng);
    }
    return true;
}

static enum ms_code make(int64_t samples, double noise, uint32_t seed, const struct ms_stop_request *stop,
                         struct ms_data *data, struct ms_error *err)
{
    struct ms_data made = {0};
    int64_t *order = NULL;
    enum ms_code code = ms_data_alloc(&made, samples, 2, err);

    if (code != MS_OK)
        goto cleanup;
    order = calloc((size_t)samples, sizeof *order);
    if (order == NULL) {
        code = ms_fail_memory(err, NULL, "to shuffle %" PRId64 " %s", samples,
                              ms_plural(samples, "sample", "samples"));
        goto cleanup;
    }
    if (!fill(noise, seed, stop, order, &made)) {
        code = ms_stop_request_error(err, "making the data");
        goto cleanup;
    }
    *data = made;
    made = (struct ms_data){0};
cleanup:
    free(order);
    ms_data_free(&made);
    return code;
}

enum ms_code ms_moons_make(int64_t samples, double noise, uint32_t seed, const struct ms_stop_request *stop,
                           struct ms_data *data, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const enum ms_code code = make(samples, noise, seed, stop, data, err);

    ms_float_environment_leave(&found);
    return code;
}
