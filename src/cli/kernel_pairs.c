/* Two threads meet at a barrier before each measurement: first one trains alone while the other waits, then both train the
 * same network. What counts of each is its own processor time, as in all measurements here: what another program takes
 * from one of the processors does not lengthen it. The figures are medians of several rounds of all points.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_setaffinity, CPU_ALLOC */
#include "kernel_pairs.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/clock.h"
#include "moonsweep/measure.h"
#include "moonsweep/median.h"
#include "processors.h"

enum { ROUNDS = 5, THREADS = 2 };

/* What each of the measurements of a round takes. */
static const double slice_s = 0.02;

/* The measurements of one point. */
struct rounds {
    double alone_s[ROUNDS], both_s[THREADS][ROUNDS]; /* of an iteration */
};

/* What the threads share. */
struct pairs {
    const struct ms_kernels *kernels;
    const struct ms_samples *samples;
    pthread_barrier_t barrier;
    struct rounds *rounds; /* [n_points] */
};

struct measurer {
    struct pairs *pairs;
    int number; /* 0: measures also alone */
    int processor;
    enum ms_code code;
    struct ms_error err;
};

/* ---- one thread ------------------------------------------------------------------------------------------ */

/* Binds the calling thread to a processor. */
static enum ms_code bind_thread(int processor, struct ms_error *err)
{
    const size_t number = (size_t)processor, bytes = CPU_ALLOC_SIZE(number + 1);
    cpu_set_t *set = CPU_ALLOC(number + 1);
    int failed;

    if (set == NULL)
        return ms_fail_memory(err, NULL, "to measure two ranks on one core");
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(number, bytes, set);
    failed = sched_setaffinity(0, bytes, set) != 0 ? errno : 0;
    CPU_FREE(set);
    if (failed != 0)
        return ms_fail(err, MS_BUSY, "processor %d cannot be used: %s", processor, strerror(failed));
    return MS_OK;
}

/* Measures an iteration of a point, unless something has failed before. */
static void measure_point(struct measurer *measurer, const struct ms_kernels_point *point,
                          double *iteration_s)
{
    const struct ms_measure_spec spec = {
        .clock = ms_clock_thread_s, .seconds = slice_s, .is_first_certain = true};
    const struct ms_measure_case of = {.kernel = measurer->pairs->kernels->kernel[point->quickest],
                                       .train = measurer->pairs->samples,
                                       .activation = point->size.activation,
                                       .n_h = point->size.n_h};
    struct ms_measured measured = {.iteration_s = (double)NAN};

    if (measurer->code == MS_OK)
        measurer->code = ms_measure(&spec, &of, 1, &measured, &measurer->err);
    *iteration_s = measured.iteration_s;
}

/* A thread passes all barriers whatever has failed, because the other one waits for it. */
static void *measure_all(void *context)
{
    struct measurer *measurer = context;
    struct pairs *pairs = measurer->pairs;

    measurer->code = bind_thread(measurer->processor, &measurer->err);
    for (int round = 0; round < ROUNDS; round++)
        for (int32_t i = 0; i < pairs->kernels->n_points; i++) {
            const struct ms_kernels_point *point = &pairs->kernels->points[i];

            if (measurer->number == 0)
                measure_point(measurer, point, &pairs->rounds[i].alone_s[round]);
            (void)pthread_barrier_wait(&pairs->barrier);
            measure_point(measurer, point, &pairs->rounds[i].both_s[measurer->number][round]);
            (void)pthread_barrier_wait(&pairs->barrier);
        }
    return NULL;
}

/* ---- both ------------------------------------------------------------------------------------------------ */

/* Measures with a second thread and this one. */
static enum ms_code run_both(struct pairs *pairs, const int processors[THREADS], struct ms_error *err)
{
    struct measurer measurers[THREADS] = {
        {.pairs = pairs, .number = 0, .processor = processors[0]},
        {.pairs = pairs, .number = 1, .processor = processors[1]},
    };
    pthread_t second;

    if (pthread_create(&second, NULL, measure_all, &measurers[1]) != 0)
        return ms_fail(err, MS_NO_MEMORY,
                       "the system permits no second thread to measure two ranks on one core");
    (void)measure_all(&measurers[0]);
    (void)pthread_join(second, NULL);
    for (int i = 0; i < THREADS; i++)
        if (measurers[i].code != MS_OK) {
            *err = measurers[i].err;
            return measurers[i].code;
        }
    return MS_OK;
}

/* The same, and then lets this thread run where it could run before. */
static enum ms_code run_and_unbind(struct pairs *pairs, const int processors[THREADS], struct ms_error *err)
{
    cpu_set_t *before = CPU_ALLOC(PROCESSORS_MOST);
    const size_t bytes = CPU_ALLOC_SIZE(PROCESSORS_MOST);
    bool is_known;
    enum ms_code code;

    if (before == NULL)
        return ms_fail_memory(err, NULL, "to measure two ranks on one core");
    is_known = sched_getaffinity(0, bytes, before) == 0;
    code = run_both(pairs, processors, err);
    if (is_known)
        (void)sched_setaffinity(0, bytes, before);
    CPU_FREE(before);
    return code;
}

/* per_ns: the nanoseconds for a unit and a sample, of an iteration of one second. */
static struct kernel_pair pair_of(struct rounds *rounds, double per_ns)
{
    double both_s[ROUNDS], gain[ROUNDS];

    for (int r = 0; r < ROUNDS; r++) {
        const double first_s = rounds->both_s[0][r], second_s = rounds->both_s[1][r];

        both_s[r] = (first_s + second_s) / 2;
        gain[r] = rounds->alone_s[r] * (1 / first_s + 1 / second_s) - 1;
    }
    return (struct kernel_pair){
        .alone_ns = per_ns * ms_median(rounds->alone_s, ROUNDS),
        .both_ns = per_ns * ms_median(both_s, ROUNDS),
        .gain = ms_median(gain, ROUNDS),
    };
}

enum ms_code kernel_pairs_measure(const struct ms_kernels *kernels, const struct ms_samples *samples,
                                  const int processors[THREADS], struct kernel_pair *pairs,
                                  struct ms_error *err)
{
    struct pairs shared = {.kernels = kernels, .samples = samples};
    enum ms_code code;

    shared.rounds = calloc((size_t)kernels->n_points + 1, sizeof *shared.rounds);
    if (shared.rounds == NULL || pthread_barrier_init(&shared.barrier, NULL, THREADS) != 0) {
        free(shared.rounds);
        return ms_fail_memory(err, NULL, "to measure two ranks on one core");
    }
    code = run_and_unbind(&shared, processors, err);
    for (int32_t i = 0; code == MS_OK && i < kernels->n_points; i++)
        pairs[i] = pair_of(&shared.rounds[i],
                           1e9 / ((double)kernels->points[i].size.n_h * (double)samples->m));
    (void)pthread_barrier_destroy(&shared.barrier);
    free(shared.rounds);
    return code;
}

double kernel_pairs_gain(const struct ms_kernels *kernels, const struct kernel_pair *pairs)
{
    double work = 0, time = 0;

    for (int32_t i = 0; i < kernels->n_points; i++) {
        const double of_point = kernels->points[i].size.work;

        work += of_point;
        time += of_point / (1 + pairs[i].gain);
    }
    return work / time - 1;
}
