/* Evaluates by one forward pass over the samples: the kernel adds to the sums for the cost, and counts the
 * predictions. A probability of exactly 0.5 predicts label 0; NaN predicts nothing, and is counted separately: where
 * arguments overflow, which is rare, the probabilities are computed, as they are to predict.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "arena.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/plural.h"
#include "moonsweep/stop_request.h"
#include "pass.h"
#include "reals.h"
#include "reduction.h"
#include "step.h"
#include "tick_timer.h"

/* A forward pass of one network over samples. */
struct walk {
    const struct ms_kernel *kernel;
    const struct ms_samples *samples;
    struct ms_pass pass;
    struct ms_reduction reduction;
    void *chunk; /* real [samples->chunk]: probabilities */
    struct ms_tick_timer timer;
};

/* Places what a walk of a network of this shape needs. */
static void place_walk(struct walk *walk, struct ms_arena *arena, const struct ms_kernel *kernel,
                       const struct ms_network *shape, const struct ms_samples *samples)
{
    *walk = (struct walk){.kernel = kernel, .samples = samples};
    ms_pass_place(&walk->pass, arena, samples, shape, true);
    ms_reduction_place(&walk->reduction, arena, kernel, &walk->pass);
    walk->chunk = ms_arena_take(arena, ms_reals_bytes(samples->precision, samples->chunk));
}

size_t ms_evaluate_bytes(const struct ms_network *shape, const struct ms_samples *samples)
{
    struct ms_arena arena = {.memory = NULL};
    struct walk unused;

    place_walk(&unused, &arena, NULL, shape, samples);
    return arena.used;
}

/* Allocates the memory of a walk, which the caller frees. Returns NULL if there is none. */
static void *alloc_walk(const struct ms_network *shape, const struct ms_samples *samples,
                        struct ms_error *err)
{
    void *memory = ms_reals_alloc_bytes(ms_evaluate_bytes(shape, samples));

    if (memory == NULL)
        (void)ms_fail_memory(err, NULL, "to evaluate %d hidden %s", shape->n_h,
                             ms_plural(shape->n_h, "unit", "units"));
    return memory;
}

static void begin_walk(struct walk *walk, void *memory, const struct ms_kernel *kernel,
                       const struct ms_network *network, const struct ms_samples *samples, ms_tick *tick,
                       void *context)
{
    struct ms_arena arena = {.memory = memory};

    place_walk(walk, &arena, kernel, network, samples);
    walk->pass.look = ms_tick_timer_look_within;
    walk->pass.look_context = &walk->timer;
    walk->timer.stride = ms_pass_stride(&walk->pass);
    ms_tick_timer_start(&walk->timer, tick, context);
    ms_pass_fold(&walk->pass, network);
}

/* ---- probabilities ------------------------------------------------------------------------------------- */

/* Receives the probability of a row. */
typedef void take_probability(void *context, int64_t row, double A2);

static void take_chunk(const struct ms_samples *samples, int64_t c, const void *chunk, take_probability *take,
                       void *context)
{
    const int64_t first = c * samples->chunk;
    const int64_t end = first + samples->chunk < samples->m ? first + samples->chunk : samples->m;

    for (int64_t row = first; row < end; row++)
        take(context, row,
             samples->precision == MS_FLOAT64 ? ((const double *)chunk)[row - first]
                                              : (double)((const float *)chunk)[row - first]);
}

/* Passes on the probabilities of all rows. Errors: MS_WORK_LEFT if the tick stopped it. */
static enum ms_code predict_samples(struct walk *walk, take_probability *take, void *context,
                                    struct ms_error *err)
{
    const struct ms_samples *samples = walk->samples;
    bool is_over = false;

    for (int64_t c = 0; c < samples->chunks && !is_over; c++) {
        walk->kernel->predict(&walk->pass, c, c + 1, walk->chunk);
        is_over = ms_tick_timer_spend(&walk->timer, 1);
        if (!is_over)
            take_chunk(samples, c, walk->chunk, take, context);
    }
    return is_over ? ms_stop_request_error(err, "the evaluation of a network") : MS_OK;
}

/* A take_probability: stores it in the context, an array. */
static void store_probability(void *context, int64_t row, double A2)
{
    ((double *)context)[row] = A2;
}

static enum ms_code predict_in(void *memory, const struct ms_kernel *kernel, const struct ms_network *network,
                               const struct ms_samples *samples, double *probability, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    struct walk walk;
    enum ms_code code;

    begin_walk(&walk, memory, kernel, network, samples, NULL, NULL);
    code = predict_samples(&walk, store_probability, probability, err);
    ms_float_environment_leave(&found);
    return code;
}

enum ms_code ms_predict(const struct ms_kernel *kernel, const struct ms_network *network,
                        const struct ms_samples *samples, double *probability, struct ms_error *err)
{
    void *memory = alloc_walk(network, samples, err);
    const enum ms_code code = memory == NULL ? MS_NO_MEMORY
                                             : predict_in(memory, kernel, network, samples, probability, err);

    free(memory);
    return code;
}

/* ---- evaluation ---------------------------------------------------------------------------------------- */

/* The outcomes of all samples from their predictions. */
static void take_predictions(const struct ms_samples *samples, const struct ms_predictions *predictions,
                             struct ms_evaluation *evaluation)
{
    const int64_t *ones = predictions->ones, *of_label = samples->of_label;

    evaluation->outcomes[MS_TRUE_NEGATIVE] = (int32_t)(of_label[0] - ones[0]);
    evaluation->outcomes[MS_FALSE_POSITIVE] = (int32_t)ones[0];
    evaluation->outcomes[MS_FALSE_NEGATIVE] = (int32_t)(of_label[1] - ones[1]);
    evaluation->outcomes[MS_TRUE_POSITIVE] = (int32_t)ones[1];
}

/* An evaluation whose outcomes are being counted. */
struct count {
    const uint8_t *y;
    struct ms_evaluation *evaluation;
};

/* A take_probability: counts the outcome of a sample. */
static void count_outcome(void *context, int64_t row, double A2)
{
    const struct count *count = context;

    if (isnan(A2))
        count->evaluation->unpredicted++;
    else
        count->evaluation->outcomes[2 * count->y[row] + (A2 > 0.5)]++;
}

/* Makes a pass over all samples. Returns the totals of the output, or NULL if the tick stopped it. */
static const double *pass_over_samples(struct walk *walk, struct ms_predictions *predictions)
{
    const struct ms_samples *samples = walk->samples;
    struct ms_reduction *reduction = &walk->reduction;
    const double *totals;

    for (int32_t g = 0; g < samples->segments; g++) {
        const int64_t end = ms_samples_segment(samples, g + 1);
        void *sums = ms_reduction_begin(reduction);

        walk->kernel->clear(&walk->pass, sums);
        for (int64_t c = ms_samples_segment(samples, g); c < end;) {
            const int64_t slice = ms_tick_timer_slice(&walk->timer, end - c);

            walk->kernel->evaluate(&walk->pass, c, c + slice, sums, predictions);
            c += slice;
            if (ms_tick_timer_spend(&walk->timer, slice))
                return NULL;
        }
        ms_reduction_end(reduction);
    }
    totals = ms_reduction_totals(reduction);
    return walk->timer.is_over ? NULL : totals;
}

static enum ms_code evaluate(struct walk *walk, struct ms_evaluation *evaluation, struct ms_error *err)
{
    struct ms_predictions predictions = {.ones = {0, 0}};
    const double *totals = pass_over_samples(walk, &predictions);
    struct ms_evaluation made = {.unpredicted = 0};
    struct count count = {walk->samples->y, &made};
    enum ms_code code = MS_OK;

    if (totals == NULL)
        return ms_stop_request_error(err, "the evaluation of a network");
    made.cost = ms_step_cost(&walk->pass, totals);
    if (predictions.is_overflow)
        code = predict_samples(walk, count_outcome, &count, err);
    else
        take_predictions(walk->samples, &predictions, &made);
    if (code != MS_OK)
        return code;
    made.accuracy = 100.0 * (made.outcomes[MS_TRUE_NEGATIVE] + made.outcomes[MS_TRUE_POSITIVE]) /
                    (double)walk->samples->m;
    *evaluation = made;
    return MS_OK;
}

enum ms_code ms_evaluate_in(void *memory, const struct ms_kernel *kernel, const struct ms_network *network,
                            const struct ms_samples *samples, ms_tick *tick, void *context,
                            struct ms_evaluation *evaluation, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    struct walk walk;
    enum ms_code code;

    begin_walk(&walk, memory, kernel, network, samples, tick, context);
    code = evaluate(&walk, evaluation, err);
    ms_float_environment_leave(&found);
    return code;
}

enum ms_code ms_evaluate(const struct ms_kernel *kernel, const struct ms_network *network,
                         const struct ms_samples *samples, ms_tick *tick, void *context,
                         struct ms_evaluation *evaluation, struct ms_error *err)
{
    void *memory = alloc_walk(network, samples, err);
    const enum ms_code code = memory == NULL ? MS_NO_MEMORY
                                             : ms_evaluate_in(memory, kernel, network, samples, tick, context,
                                                              evaluation, err);

    free(memory);
    return code;
}
