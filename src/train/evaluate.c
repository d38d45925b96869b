/* Evaluates and predicts by one walk over the samples, chunk by chunk: the kernel computes the probabilities
 * of a chunk and adds to the sums for the cost, and the outcomes are counted from the probabilities. A
 * probability of exactly 0.5 predicts label 0; NaN predicts nothing, and is counted separately. */
#include "moonsweep/train.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/stop_request.h"
#include "pass.h"
#include "reals.h"
#include "reduction.h"
#include "step.h"
#include "tick_timer.h"

/* Evaluates one network on samples, chunk by chunk. */
struct walk {
    const struct ms_kernel *kernel;
    const struct ms_samples *samples;
    struct ms_pass pass;
    struct ms_reduction reduction;
    struct ms_tick_timer timer;
    void *chunk;         /* real [chunk]: A2 of one chunk */
    double *probability; /* [m], or NULL */
    int32_t outcomes[MS_OUTCOME_COUNT];
    int32_t unpredicted; /* samples whose A2 is NaN */
};

static enum ms_code open_walk(struct walk *walk, const struct ms_kernel *kernel,
                              const struct ms_network *network, const struct ms_samples *samples,
                              struct ms_error *err)
{
    enum ms_code code;

    *walk = (struct walk){.kernel = kernel, .samples = samples};
    walk->chunk = ms_reals_alloc(samples->precision, samples->chunk);
    if (!walk->chunk)
        return ms_fail_memory(err, NULL, "to evaluate a network");
    code = ms_pass_alloc(&walk->pass, samples, network, err);
    walk->pass.look = ms_tick_timer_look_within;
    walk->pass.look_context = &walk->timer;
    if (code == MS_OK)
        code = ms_reduction_open(&walk->reduction, kernel, &walk->pass, err);
    return code;
}

static void close_walk(struct walk *walk)
{
    ms_reduction_close(&walk->reduction);
    ms_pass_free(&walk->pass);
    free(walk->chunk);
}

/* Counts the outcomes of chunk c and copies its probabilities if they are wanted. */
static void take_chunk(struct walk *walk, int64_t c)
{
    const struct ms_samples *samples = walk->samples;
    const int64_t first = c * samples->chunk;
    const int64_t end = first + samples->chunk < samples->m ? first + samples->chunk : samples->m;

    for (int64_t row = first; row < end; row++) {
        const double A2 = samples->precision == MS_FLOAT64
                              ? ((const double *)walk->chunk)[row - first]
                              : (double)((const float *)walk->chunk)[row - first];

        if (isnan(A2))
            walk->unpredicted++;
        else
            walk->outcomes[2 * samples->y[row] + (A2 > 0.5)]++;
        if (walk->probability)
            walk->probability[row] = A2;
    }
}

/* Walks over all samples and returns the totals, or NULL if the tick stopped it. */
static const double *walk_samples(struct walk *walk, const struct ms_network *network, ms_tick *tick,
                                  void *context)
{
    const struct ms_samples *samples = walk->samples;
    const double *totals;

    ms_pass_fold(&walk->pass, network);
    ms_tick_timer_start(&walk->timer, tick, context);
    for (int32_t g = 0; g < samples->segments; g++) {
        void *sums = ms_reduction_begin(&walk->reduction);

        walk->kernel->clear(&walk->pass, sums);
        for (int64_t c = ms_samples_segment(samples, g); c < ms_samples_segment(samples, g + 1); c++) {
            walk->kernel->evaluate(&walk->pass, c, c + 1, sums, walk->chunk);
            take_chunk(walk, c);
            if (ms_tick_timer_spend(&walk->timer, 1))
                return NULL;
        }
        ms_reduction_end(&walk->reduction);
    }
    totals = ms_reduction_totals(&walk->reduction);
    return walk->timer.is_over ? NULL : totals;
}

static void summarize(const struct walk *walk, const struct ms_network *network, const double *totals,
                      struct ms_evaluation *evaluation)
{
    const int32_t right = walk->outcomes[MS_TRUE_NEGATIVE] + walk->outcomes[MS_TRUE_POSITIVE];

    evaluation->cost = ms_step_cost(network, walk->samples, totals);
    evaluation->accuracy = 100.0 * right / (double)walk->samples->m;
    for (int i = 0; i < MS_OUTCOME_COUNT; i++)
        evaluation->outcomes[i] = walk->outcomes[i];
    evaluation->unpredicted = walk->unpredicted;
}

enum ms_code ms_evaluate(const struct ms_kernel *kernel, const struct ms_network *network,
                         const struct ms_samples *samples, ms_tick *tick, void *context,
                         struct ms_evaluation *evaluation, struct ms_error *err)
{
    const fenv_t found = ms_float_environment_enter();
    struct walk walk;
    enum ms_code code = open_walk(&walk, kernel, network, samples, err);

    if (code == MS_OK) {
        const double *totals = walk_samples(&walk, network, tick, context);

        if (totals != NULL)
            summarize(&walk, network, totals, evaluation);
        else
            code = ms_stop_request_error(err, "the evaluation of a network");
    }
    close_walk(&walk);
    ms_float_environment_leave(&found);
    return code;
}

enum ms_code ms_predict(const struct ms_kernel *kernel, const struct ms_network *network,
                        const struct ms_samples *samples, double *probability, struct ms_error *err)
{
    const fenv_t found = ms_float_environment_enter();
    struct walk walk;
    enum ms_code code = open_walk(&walk, kernel, network, samples, err);

    if (code == MS_OK) {
        walk.probability = probability;
        (void)walk_samples(&walk, network, NULL, NULL);
    }
    close_walk(&walk);
    ms_float_environment_leave(&found);
    return code;
}
