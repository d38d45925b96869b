/* Trains one trajectory: full-batch gradient descent at one fixed rate.
 *
 *     struct ms_train *train;
 *     ms_train_open(&spec, &initial, 0, &train, err);
 *     switch (ms_train_run(train, 1000, costs)) {
 *     case MS_TRAIN_REACHED:  ... ms_train_network(train) after 1000 updates
 *     case MS_TRAIN_DIVERGED: ... its last finite parameters, ms_train_iteration(train) updates
 *     case MS_TRAIN_STOPPED:  ... the tick asked for it; a later ms_train_run resumes with the same bits
 *     }
 *     ms_train_close(train);
 *
 * cost[i] is the cost before update i. Parameters and costs depend only on the spec and the initial parameters: not on
 * stops, not on resuming from the parameters of an iteration, and not on the kernel. If all parameters are those of one
 * or two updates earlier, the further costs and parameters are known, and are not computed unless the spec asks for it:
 * they have the same bits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_H
#define MOONSWEEP_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/end_rules.h"
#include "moonsweep/kernel.h"
#include "moonsweep/patience.h"
#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_team;

/* Called about once in a millisecond of work, between iterations or within one; after a few milliseconds at most on
 * processors without FMA, and after up to 10 where memory is used for the first time. Returns true to stop as soon as
 * possible. The time spent in it does not count as training. */
typedef bool ms_tick(void *context);

/* Memory of a training, which the next one uses again, so that short ones need not allocate any. Zeros at first. */
struct ms_train_memory {
    void *block; /* owned */
    size_t bytes;
};

void ms_train_memory_free(struct ms_train_memory *memory);

struct ms_train_spec {
    const struct ms_kernel *kernel;   /* of the samples' precision */
    const struct ms_samples *samples; /* the training set, borrowed until close */
    double learning_rate;
    ms_tick *tick;             /* may be NULL */
    void *context;             /* passed to tick */
    struct ms_end_rules rules; /* of these only the one about costs */
    bool computes_recurring;   /* compute also what is known because the parameters recur */

    /* Other processes may help (moonsweep/team.h). NULL: none does. A team trains one network at a time; several trainings
     * may be open, and run in turns. */
    struct ms_team *team;
    int32_t dataset; /* the number of the samples for its helpers */

    /* Borrowed until close, by one training at a time; grown if it does not suffice. NULL: the training has its own. */
    struct ms_train_memory *memory;
};

enum ms_train_state {
    MS_TRAIN_REACHED, /* iteration == until */
    MS_TRAIN_STOPPED, /* tick returned true; iteration < until */
    MS_TRAIN_DIVERGED, /* a cost or an updated parameter was not finite; every further run returns this again */
    MS_TRAIN_ENDED /* the rule about costs applies; iteration <= until; every further run returns this again */
};

struct ms_train;

/* Starts at this iteration with a copy of initial. Errors: MS_NO_MEMORY. */
enum ms_code ms_train_open(const struct ms_train_spec *spec, const struct ms_network *initial,
                           int64_t iteration, struct ms_train **train, struct ms_error *err);

/* Tells the rule about costs what it knew at the first iteration (ms_train_patience). To be called before the first run if
 * the training begins at another iteration than 0. */
void ms_train_know(struct ms_train *train, const struct ms_patience *patience);

/* Trains until `until` updates have been made. costs [until - ms_train_iteration(train)] receives the costs from the
 * current iteration on; ms_train_costs returns how many there are in total. */
enum ms_train_state ms_train_run(struct ms_train *train, int64_t until, double *costs);

/* Returns to the state before the last update, or after divergence to that before the cost of the last finite parameters
 * was computed, so that ms_train_costs equals ms_train_iteration, and the next ms_train_run computes the same bits again.
 * To be called once after a run that has reached its end by at least one update, or has diverged. */
void ms_train_step_back(struct ms_train *train);

/* The parameters after ms_train_iteration updates; after divergence, the last finite ones. Valid until close. */
const struct ms_network *ms_train_network(const struct ms_train *train);

/* Evaluates these parameters on samples with the precision, features and class weights of the training set, as ms_evaluate
 * does, in the memory of the training. Not to be called within a tick. Errors: MS_WORK_LEFT if the tick stopped it. */
enum ms_code ms_train_evaluate(struct ms_train *train, const struct ms_samples *samples, ms_tick *tick,
                               void *context, struct ms_evaluation *evaluation, struct ms_error *err);

/* The number of updates in those parameters. */
int64_t ms_train_iteration(const struct ms_train *train);

/* The number of finite costs computed so far, from iteration 0: ms_train_iteration, or one more if the cost of the
 * last finite parameters was finite and the update after it was not. */
int64_t ms_train_costs(const struct ms_train *train);

/* What the rule about costs knows of the costs before ms_train_iteration. */
struct ms_patience ms_train_patience(const struct ms_train *train);

/* Whether the rule about costs has ended the training. */
bool ms_train_has_ended(const struct ms_train *train);

/* The number of updates since open that were not computed, because the parameters recur. */
int64_t ms_train_repeated(const struct ms_train *train);

/* Monotonic wall seconds spent in training since open, without ticks and without the time for which the process was
 * suspended (moonsweep/suspension.h). The second function returns the latter. */
double ms_train_seconds(const struct ms_train *train);
double ms_train_suspended_s(const struct ms_train *train);

/* Processor seconds that this thread, and those that helped it, spent in training since open, without ticks. */
double ms_train_cpu_seconds(const struct ms_train *train);

void ms_train_close(struct ms_train *train);

/* The bytes that training a network of n_h hidden units takes besides the samples, of which only the sizes are read
 * (ms_samples_sizes). Evaluating it in between takes no more. */
int64_t ms_train_bytes(const struct ms_samples *samples, int32_t n_h);

/* Evaluates network on samples. tick (may be NULL) is called as in training. The cost is +infinity or a canonical
 * NaN if the computation overflows. Errors: MS_NO_MEMORY, and MS_WORK_LEFT if the tick stopped it. */
enum ms_code ms_evaluate(const struct ms_kernel *kernel, const struct ms_network *network,
                         const struct ms_samples *samples, ms_tick *tick, void *context,
                         struct ms_evaluation *evaluation, struct ms_error *err);

/* Computes A2 of every sample, the probability that its label is 1, into probability [samples->m]. It is NaN where the
 * computation overflows. Errors: MS_NO_MEMORY. */
enum ms_code ms_predict(const struct ms_kernel *kernel, const struct ms_network *network,
                        const struct ms_samples *samples, double *probability, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
