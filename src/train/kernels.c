/* Measures every kernel for every size in turn, with ms_measure, and takes the quickest. As the heaviest sizes are first in
 * the list, those for which the time does not suffice matter least.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/kernels.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/measure.h"
#include "moonsweep/plan.h"

/* A kernel must be so much quicker than one before it in the build's table to be preferred: two measurements of the same
 * code differ by about as much. */
static const double least_gain = 0.02;

/* So many of its rounds must have been measured for the time of a kernel to count: one alone may be an outlier. */
enum { LEAST_ROUNDS = 3 };

/* More samples than this do not change how the kernels compare, and take longer. */
enum { MOST_SAMPLES = 2048 };

/* The share of the work, the largest and the smallest time for the measurements. */
static const double share_of_work = 0.01, most_s = 0.05, least_s = 0.02;

/* ms_measure may take twice the time that it is given. */
static const double margin = 2;

/* ---- opening -------------------------------------------------------------------------------------------- */

enum ms_code ms_kernels_open_all(enum ms_precision precision, const char *isa, struct ms_kernels *kernels,
                                 struct ms_error *err)
{
    struct ms_kernels opened = {.n_points = 0};
    const enum ms_code code = ms_kernel_choose(precision, isa, &opened.kernel[0], err);

    if (code != MS_OK)
        return code;
    opened.n_kernels = ms_kernel_list(precision, isa, MS_KERNELS_MOST, opened.kernel);
    *kernels = opened;
    return MS_OK;
}

enum ms_code ms_kernels_open(enum ms_precision precision, const char *isa, struct ms_kernels *kernels,
                             struct ms_error *err)
{
    const enum ms_code code = ms_kernels_open_all(precision, isa, kernels, err);

    while (code == MS_OK && kernels->n_kernels > 1 && kernels->kernel[kernels->n_kernels - 1]->lanes == 1)
        kernels->n_kernels--;
    return code;
}

/* ---- measuring ------------------------------------------------------------------------------------------ */

double ms_kernels_seconds(const struct ms_kernels *kernels, double work_s)
{
    const double seconds = fmin(share_of_work * work_s, most_s);

    return kernels->n_kernels < 2 || seconds < least_s ? 0 : seconds;
}

/* The number of chunks with which a network of this size is expected to make a few iterations in its time of a round. */
static int64_t chunks_for(const struct ms_samples *samples, const struct ms_kernel_size *size, double slice_s)
{
    enum { ITERATIONS = 4 };
    const double chunk_s = ms_plan_seconds_per_work *
                           ms_plan_cost(size->activation, samples->n_x, size->n_h, samples->chunk);
    const double chunks = fmin(slice_s / ITERATIONS / chunk_s, MOST_SAMPLES / (double)samples->chunk);

    return chunks < 1 ? 1 : (int64_t)chunks;
}

/* The place of the quickest kernel of a point; -1 if the time of the first one, with which others compare, does not
 * count. */
static int32_t quickest_of(const struct ms_measured *measured, int32_t n_kernels)
{
    int32_t quickest = 0;

    if (measured[0].rounds < LEAST_ROUNDS)
        return -1;
    for (int32_t k = 1; k < n_kernels; k++)
        if (measured[k].rounds >= LEAST_ROUNDS &&
            measured[k].iteration_s < (1 - least_gain) * measured[quickest].iteration_s)
            quickest = k;
    return quickest;
}

/* Adds a point, unless it was not measured. measured[n_kernels]: the times of one iteration on m samples. */
static void add_point(struct ms_kernels *kernels, const struct ms_kernel_size *size, int64_t m,
                      const struct ms_measured *measured)
{
    struct ms_kernels_point point = {.size = *size, .quickest = quickest_of(measured, kernels->n_kernels)};

    if (point.quickest < 0)
        return;
    for (int32_t k = 0; k < MS_KERNELS_MOST; k++)
        point.ns[k] = k < kernels->n_kernels ? 1e9 * measured[k].iteration_s / (double)(size->n_h * m)
                                             : (double)NAN;
    kernels->points[kernels->n_points++] = point;
}

/* Lists every kernel for every size, [n][n_kernels]. samples[n] is set to what each size is trained on, which takes about
 * slice_s with each kernel in each round. */
static void list_cases(const struct ms_kernels *kernels, const struct ms_samples *all,
                       const struct ms_kernel_size *sizes, int32_t n, double slice_s,
                       struct ms_samples *samples, struct ms_measure_case *cases)
{
    for (int32_t i = 0; i < n; i++) {
        samples[i] = ms_samples_first(all, chunks_for(all, &sizes[i], slice_s));
        for (int32_t k = 0; k < kernels->n_kernels; k++)
            cases[i * kernels->n_kernels + k] = (struct ms_measure_case){.kernel = kernels->kernel[k],
                                                                         .train = &samples[i],
                                                                         .activation = sizes[i].activation,
                                                                         .n_h = sizes[i].n_h};
    }
}

enum ms_code ms_kernels_measure(struct ms_kernels *kernels, const struct ms_kernels_spec *spec,
                                const struct ms_kernel_size *sizes, int32_t n, struct ms_error *err)
{
    enum { CASES = MS_KERNEL_SIZES_MOST * MS_KERNELS_MOST };
    const struct ms_measure_spec measure = {.clock = spec->clock, .seconds = spec->seconds / margin};
    const int32_t n_cases = n * kernels->n_kernels;
    const double began_s = spec->clock();
    struct ms_measure_case cases[CASES];
    struct ms_measured measured[CASES];
    struct ms_samples *samples;
    enum ms_code code;

    kernels->n_points = 0;
    if (n == 0)
        return MS_OK;
    samples = malloc((size_t)n * sizeof *samples);
    if (!samples)
        return ms_fail_memory(err, NULL, "to measure kernels");
    list_cases(kernels, spec->samples, sizes, n, measure.seconds / (MS_MEASURE_ROUNDS * n_cases), samples,
               cases);
    code = ms_measure(&measure, cases, n_cases, measured, err);
    for (int32_t i = 0; code == MS_OK && i < n; i++)
        add_point(kernels, &sizes[i], samples[i].m, &measured[i * kernels->n_kernels]);
    kernels->seconds = spec->clock() - began_s;
    free(samples);
    return code;
}

/* ---- what was chosen ------------------------------------------------------------------------------------ */

const struct ms_kernel *ms_kernels_for(const struct ms_kernels *kernels, enum ms_activation activation,
                                       int32_t n_h)
{
    const struct ms_kernel *nearest = kernels->kernel[0];
    double least = (double)INFINITY;

    for (int32_t i = 0; i < kernels->n_points; i++) {
        const struct ms_kernels_point *point = &kernels->points[i];
        const double distance = fabs(log((double)n_h / point->size.n_h));

        if (point->size.activation == activation && distance < least) {
            least = distance;
            nearest = kernels->kernel[point->quickest];
        }
    }
    return nearest;
}
