/* Reads a line of text, and makes the network and the samples that it describes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "bench_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "moonsweep/rng.h"

/* The contents of a line of text. */
struct spec {
    char isa[32];
    enum ms_precision precision;
    enum ms_activation activation;
    int64_t n_x, n_h, m;
};

static bool read_spec(const char *text, struct spec *spec)
{
    char precision[16], activation[16], *rest;
    int names;

    if (sscanf(text, "%31s %15s %15s%n", spec->isa, precision, activation, &names) != 3)
        return false;
    spec->n_x = strtoll(text + names, &rest, 10);
    spec->n_h = strtoll(rest, &rest, 10);
    spec->m = strtoll(rest, &rest, 10);
    return ms_precision_find(precision, &spec->precision) &&
           ms_activation_find(activation, &spec->activation) && spec->n_x > 0 && spec->n_x <= INT32_MAX &&
           spec->n_h > 0 && spec->n_h <= INT32_MAX && spec->m > 0;
}

static enum ms_code make_samples(const struct spec *spec, struct ms_samples *samples, struct ms_error *err)
{
    struct ms_data data;
    struct ms_rng rng;
    enum ms_code code = ms_data_alloc(&data, spec->m, (int32_t)spec->n_x, err);

    if (code != MS_OK)
        return code;
    ms_rng_seed(&rng, 0);
    for (int64_t i = 0; i < data.rows * data.n_x; i++)
        data.X[i] = ms_rng_gaussian(&rng);
    for (int64_t row = 0; row < data.rows; row++)
        data.y[row] = data.X[row * data.n_x] + ms_rng_gaussian(&rng) > 0;
    code = ms_samples_make(samples, &data, spec->precision, NULL, err);
    ms_data_free(&data);
    return code;
}

enum ms_code bench_case_make(const char *text, struct bench_case *one, struct ms_error *err)
{
    struct bench_case made = {.kernel = NULL};
    struct spec spec;
    enum ms_code code;

    if (!read_spec(text, &spec))
        return ms_fail(err, MS_BAD_USAGE,
                       "'%s' is not a case; an example of one: avx512 float64 tanh 2 5 1600", text);
    code = ms_kernel_choose(spec.precision, spec.isa, &made.kernel, err);
    if (code == MS_OK)
        code = ms_network_alloc(&made.network, (int32_t)spec.n_x, (int32_t)spec.n_h, spec.activation, err);
    if (code == MS_OK)
        code = make_samples(&spec, &made.samples, err);
    if (code != MS_OK) {
        ms_network_free(&made.network);
        return code;
    }
    ms_network_init(&made.network, 0, 0.01, spec.precision);
    *one = made;
    return MS_OK;
}

void bench_case_free(struct bench_case *one)
{
    ms_samples_free(&one->samples);
    ms_network_free(&one->network);
}
