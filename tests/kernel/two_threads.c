/* Starts two threads for each pass, and combines the sums of their segments afterwards.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "two_threads.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "demand.h"
#include "moonsweep/train.h"
#include "train/pass.h"
#include "train/reals.h"
#include "train/step.h"
#include "trained.h"

enum { THREADS = 2 };

struct shared_pass {
    const struct ms_kernel *kernel;
    const struct ms_samples *samples;
    struct ms_pass pass[THREADS]; /* identical, but with separate activations */
    char *sums;                   /* [segments] sums */
    size_t sums_bytes;
    double *totals;
};

/* One thread's share. */
struct share {
    const struct shared_pass *shared;
    int thread;
};

static void *sums_of(const struct shared_pass *shared, int32_t segment)
{
    return shared->sums + (size_t)segment * shared->sums_bytes;
}

static void *accumulate_share(void *context)
{
    const struct share *share = context;
    const struct shared_pass *shared = share->shared;
    const struct ms_pass *pass = &shared->pass[share->thread];

    for (int32_t g = share->thread; g < shared->samples->segments; g += THREADS)
        shared->kernel->start(pass, ms_samples_segment(shared->samples, g),
                              ms_samples_segment(shared->samples, g + 1), sums_of(shared, g));
    return NULL;
}

/* Makes a pass with network and returns its totals. */
static const double *pass_over_samples(struct shared_pass *shared, const struct ms_network *network)
{
    const int32_t G = shared->samples->segments;
    struct share shares[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        ms_pass_fold(&shared->pass[i], network);
        shares[i] = (struct share){shared, i};
        demand(pthread_create(&threads[i], NULL, accumulate_share, &shares[i]) == 0, "cannot start a thread");
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    for (int32_t step = 1; step < G; step *= 2)
        for (int32_t g = 0; g + step < G; g += 2 * step)
            shared->kernel->combine(&shared->pass[0], sums_of(shared, g), sums_of(shared, g + step));
    shared->kernel->reduce(&shared->pass[0], sums_of(shared, 0), shared->totals);
    return shared->totals;
}

static void open_shared(struct shared_pass *shared, const struct ms_kernel *kernel,
                        const struct kernel_inputs *inputs)
{
    const int64_t sums = ms_pass_sums(&inputs->pass), lanes = ms_precision_lanes(kernel->precision);
    struct ms_error err;

    *shared = (struct shared_pass){
        .kernel = kernel,
        .samples = &inputs->samples,
        .sums = ms_reals_alloc(kernel->precision, inputs->samples.segments * sums * lanes),
        .sums_bytes = ms_reals_bytes(kernel->precision, sums * lanes),
        .totals = demand_memory(NULL, (size_t)sums * sizeof(double)),
    };
    demand(shared->sums != NULL, "no memory for the sums of all segments");
    for (int i = 0; i < THREADS; i++)
        demand(ms_pass_alloc(&shared->pass[i], &inputs->samples, &inputs->network, &err) == MS_OK, "%s",
               err.text);
}

static void close_shared(struct shared_pass *shared)
{
    for (int i = 0; i < THREADS; i++)
        ms_pass_free(&shared->pass[i]);
    free(shared->sums);
    free(shared->totals);
}

void two_threads_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                        struct record *record)
{
    const struct kernel_case *one = inputs->one;
    enum ms_train_state state = MS_TRAIN_REACHED;
    struct ms_network network[2]; /* the current and the next one, alternately */
    struct shared_pass shared;
    struct ms_error err;

    open_shared(&shared, kernel, inputs);
    for (int i = 0; i < 2; i++)
        demand(ms_network_alloc(&network[i], one->n_x, one->n_h, one->activation, &err) == MS_OK, "%s",
               err.text);
    ms_network_copy(&network[0], &inputs->network);
    for (int64_t i = 0; i < one->iterations && state == MS_TRAIN_REACHED; i++) {
        const struct ms_network *now = &network[i % 2];
        const double *totals = pass_over_samples(&shared, now);
        const double cost = ms_step_cost(&shared.pass[0], totals);
        const bool continues = isfinite(cost) && ms_step_update(&shared.pass[0], now, totals,
                                                                one->learning_rate, &network[(i + 1) % 2]);

        state = continues ? MS_TRAIN_REACHED : MS_TRAIN_DIVERGED;
        trained_iteration(record, i, (int)state, isfinite(cost) ? &cost : NULL,
                          &network[(i + continues) % 2]);
    }
    for (int i = 0; i < 2; i++)
        ms_network_free(&network[i]);
    close_shared(&shared);
}
