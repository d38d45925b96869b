/* Trains one trajectory: full-batch gradient descent at one fixed rate.
 *
 *     struct ms_train *train;
 *     ms_train_open(&spec, &initial, 0, &train, err);
 *     switch (ms_train_run(train, 1000, costs)) {
 *     case MS_TRAIN_REACHED:  ... ms_train_network(train) after 1000 updates
 *     case MS_TRAIN_DIVERGED: ... its last finite parameters, ms_train_iteration(train) updates
 *     case MS_TRAIN_STOPPED:  ... the tick asked for it; a later ms_train_run goes on with the same bits
 *     }
 *     ms_train_close(train);
 *
 * cost[i] is the cost before update i. Parameters and costs are a function of the spec and the initial
 * parameters alone: stopping, resuming at an iteration from its parameters, and the kernel never show. */
#ifndef MOONSWEEP_TRAIN_H
#define MOONSWEEP_TRAIN_H

#include <stdbool.h>

#include "moonsweep/kernel.h"
#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called at least every millisecond of work, between iterations or inside one. Returns true to stop as soon
 * as possible. Time spent in it is not counted as training. */
typedef bool ms_tick(void *context);

struct ms_train_spec {
    const struct ms_kernel *kernel;   /* of the samples' precision */
    const struct ms_samples *samples; /* the training set, borrowed until close */
    double learning_rate;
    ms_tick *tick; /* may be NULL */
    void *context; /* handed to tick */
};

enum ms_train_state {
    MS_TRAIN_REACHED, /* iteration == until */
    MS_TRAIN_STOPPED, /* tick returned true; iteration < until */
    MS_TRAIN_DIVERGED /* a cost or an updated parameter was not finite; every further run says so again */
};

struct ms_train;

/* Starts at the given iteration with a copy of initial. Errors: MS_NO_MEMORY. */
enum ms_code ms_train_open(const struct ms_train_spec *spec, const struct ms_network *initial,
                           int64_t iteration, struct ms_train **train, struct ms_error *err);

/* Trains until `until` updates are made. costs [until - ms_train_iteration(train)] receives the costs from
 * the present iteration on; ms_train_costs says how many there are in all. */
enum ms_train_state ms_train_run(struct ms_train *train, int64_t until, double *costs);

/* The parameters after ms_train_iteration updates (diverged: the last finite ones). Valid until close. */
const struct ms_network *ms_train_network(const struct ms_train *train);

/* Updates in those parameters. */
int64_t ms_train_iteration(const struct ms_train *train);

/* Finite costs computed so far, counted from iteration 0: ms_train_iteration, or one more where the cost of
 * the last finite parameters was finite and the update after it was not. */
int64_t ms_train_costs(const struct ms_train *train);

/* Monotonic wall seconds spent training since open: without ticks, and without the time for which the process was
 * suspended (moonsweep/suspension.h), which the second function returns. */
double ms_train_seconds(const struct ms_train *train);
double ms_train_suspended_s(const struct ms_train *train);

/* Processor seconds of this thread in training since open: without ticks. */
double ms_train_cpu_seconds(const struct ms_train *train);

void ms_train_close(struct ms_train *train);

/* How network does on samples. tick (may be NULL) is called at least every millisecond, its answer ignored.
 * cost is +infinity or NaN (canonical) where the mathematics overflows. Errors: MS_NO_MEMORY. */
enum ms_code ms_evaluate(const struct ms_kernel *kernel, const struct ms_network *network,
                         const struct ms_samples *samples, ms_tick *tick, void *context,
                         struct ms_evaluation *evaluation, struct ms_error *err);

/* A2 of every sample: probability [samples->m], that the label is 1. Errors: MS_NO_MEMORY. */
enum ms_code ms_predict(const struct ms_kernel *kernel, const struct ms_network *network,
                        const struct ms_samples *samples, double *probability, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
