#include "moonsweep/train.h"

#include <stdlib.h>

#include "float_environment.h"
#include "pace.h"
#include "pass.h"
#include "reals.h"
#include "step.h"
#include "tree.h"

/* A walk over samples with one network, chunk by chunk. */
struct walk {
    const struct ms_kernel *kernel;
    const struct ms_samples *samples;
    struct ms_pass pass;
    struct ms_tree tree;
    struct ms_pace pace;
    void *chunk;         /* real [chunk]: A2 of one chunk */
    double *probability; /* [m], or NULL */
    int32_t outcomes[MS_OUTCOME_COUNT];
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
    if (code == MS_OK)
        code = ms_tree_open(&walk->tree, kernel, &walk->pass, err);
    return code;
}

static void close_walk(struct walk *walk)
{
    ms_tree_close(&walk->tree);
    ms_pass_free(&walk->pass);
    free(walk->chunk);
}

/* Counts the outcomes of chunk c and hands its probabilities on. */
static void take_chunk(struct walk *walk, int64_t c)
{
    const struct ms_samples *samples = walk->samples;
    const int64_t first = c * samples->chunk;
    const int64_t end = first + samples->chunk < samples->m ? first + samples->chunk : samples->m;

    for (int64_t row = first; row < end; row++) {
        const double A2 = samples->precision == MS_FLOAT64
                              ? ((const double *)walk->chunk)[row - first]
                              : (double)((const float *)walk->chunk)[row - first];

        walk->outcomes[2 * samples->y[row] + (A2 > 0.5)]++;
        if (walk->probability)
            walk->probability[row] = A2;
    }
}

/* Returns the totals of the walk. */
static const double *walk_samples(struct walk *walk, const struct ms_network *network, ms_tick *tick,
                                  void *context)
{
    const struct ms_samples *samples = walk->samples;

    ms_pass_fold(&walk->pass, network);
    ms_pace_start(&walk->pace, tick, context);
    for (int32_t g = 0; g < samples->segments; g++) {
        void *sums = ms_tree_begin(&walk->tree);

        walk->kernel->clear(&walk->pass, sums);
        for (int64_t c = ms_samples_segment(samples, g); c < ms_samples_segment(samples, g + 1); c++) {
            walk->kernel->evaluate(&walk->pass, c, c + 1, sums, walk->chunk);
            take_chunk(walk, c);
            (void)ms_pace_spend(&walk->pace, 1);
        }
        ms_tree_end(&walk->tree);
    }
    return ms_tree_totals(&walk->tree);
}

enum ms_code ms_evaluate(const struct ms_kernel *kernel, const struct ms_network *network,
                         const struct ms_samples *samples, ms_tick *tick, void *context,
                         struct ms_evaluation *evaluation, struct ms_error *err)
{
    const fenv_t found = float_environment_enter();
    struct walk walk;
    enum ms_code code = open_walk(&walk, kernel, network, samples, err);

    if (code == MS_OK) {
        const double *totals = walk_samples(&walk, network, tick, context);
        const int32_t right = walk.outcomes[MS_TRUE_NEGATIVE] + walk.outcomes[MS_TRUE_POSITIVE];

        evaluation->cost = ms_step_cost(network, samples, totals);
        evaluation->accuracy = 100.0 * right / (double)samples->m;
        for (int i = 0; i < MS_OUTCOME_COUNT; i++)
            evaluation->outcomes[i] = walk.outcomes[i];
    }
    close_walk(&walk);
    float_environment_leave(&found);
    return code;
}

enum ms_code ms_predict(const struct ms_kernel *kernel, const struct ms_network *network,
                        const struct ms_samples *samples, double *probability, struct ms_error *err)
{
    const fenv_t found = float_environment_enter();
    struct walk walk;
    enum ms_code code = open_walk(&walk, kernel, network, samples, err);

    if (code == MS_OK) {
        walk.probability = probability;
        (void)walk_samples(&walk, network, NULL, NULL);
    }
    close_walk(&walk);
    float_environment_leave(&found);
    return code;
}
