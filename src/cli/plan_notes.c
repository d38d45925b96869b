/* Writes the notes, each by a function that decides whether there is something to say: about the dev set,
 * about the classes, about the size of the networks, about learning rates that float32 cannot tell apart, about
 * rules that end or exclude nothing, and about the size of the result.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_notes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "moonsweep/shortest.h"
#include "moonsweep/size_text.h"
#include "moonsweep/writer.h"
#include "output.h"

/* Fewer dev samples than this cannot tell one percent. */
enum { FEWEST_DEV_SAMPLES = 100 };

/* A smaller share of a class is called rare. */
static const double rare_share = 0.1;

/* ---- the data ------------------------------------------------------------------------------------------- */

static void note_small_dev_set(FILE *file, const char *path, const struct ms_data *dev)
{
    if (dev->rows >= FEWEST_DEV_SAMPLES)
        return;
    output_note(file, path);
    (void)fprintf(file,
                  "the dev set has %" PRId64
                  " %s, each of which changes the dev accuracy by %.2g points; differences of one point "
                  "say nothing\n",
                  dev->rows, ms_plural(dev->rows, "sample", "samples"), 100 / (double)dev->rows);
}

static void note_rare_class(FILE *file, const char *path, const struct ms_job *job,
                            const struct ms_data *train)
{
    const int64_t positives = ms_data_positives(train);
    const int rare = 2 * positives < train->rows;
    const int64_t count = rare ? positives : train->rows - positives;

    if (job->class_weight.weighting != MS_WEIGHTING_NONE || (double)count >= rare_share * (double)train->rows)
        return;
    output_note(file, path);
    (void)fprintf(file,
                  "only %" PRId64 " of the %" PRId64
                  " training samples are of class %d; a network that predicts the other class for all has an "
                  "accuracy of %.4g%%; `class_weight: balanced` weighs the classes alike\n",
                  count, train->rows, rare, 100 - 100 * (double)count / (double)train->rows);
}

/* A network of n_h hidden units has n_h (n_x + 2) + 1 parameters. */
static void note_large_networks(FILE *file, const char *path, const struct ms_job *job,
                                const struct ms_data *train)
{
    const int64_t n_h = ms_grid_max_n_h(&job->grid), parameters = n_h * (train->n_x + 2) + 1;

    if (parameters <= train->rows)
        return;
    output_note(file, path);
    (void)fprintf(file,
                  "networks of %" PRId64 " hidden units have %" PRId64 " parameters, more than the %" PRId64
                  " training samples\n",
                  n_h, parameters, train->rows);
}

/* ---- learning rates ------------------------------------------------------------------------------------- */

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Writes about the first two learning rates that are different numbers, but equal in float32. */
static void note_equal_rates(FILE *file, const char *path, double *rates, int64_t count)
{
    char texts[2][MS_SHORTEST_CHARS];

    qsort(rates, (size_t)count, sizeof *rates, compare_reals);
    for (int64_t i = 1; i < count; i++) {
        if (rates[i - 1] == rates[i] || (float)rates[i - 1] != (float)rates[i])
            continue;
        output_note(file, path);
        (void)fprintf(file,
                      "the learning rates %s and %s are the same number in float32, so that their networks "
                      "can hardly differ\n",
                      ms_shortest(rates[i - 1], texts[0]), ms_shortest(rates[i], texts[1]));
        return;
    }
}

static enum ms_code note_rates(FILE *file, const char *path, const struct ms_job *job, struct ms_error *err)
{
    const int64_t count = ms_grid_trajectories(&job->grid);
    double *rates;

    if (job->precision != MS_FLOAT32)
        return MS_OK;
    rates = malloc((size_t)count * sizeof *rates);
    if (!rates)
        return ms_fail_memory(err, path, "to compare its learning rates");
    for (int64_t t = 0; t < count; t++)
        rates[t] = ms_grid_trajectory(&job->grid, t).longest.learning_rate;
    note_equal_rates(file, path, rates, count);
    free(rates);
    return MS_OK;
}

/* ---- rules that end nothing ------------------------------------------------------------------------------ */

/* Whether a trajectory has a smaller iteration count than its largest one. */
static bool has_smaller_counts(const struct ms_grid *grid)
{
    const int64_t configs = ms_grid_configs(grid);

    for (int64_t c = 0; c < configs; c++) {
        const struct ms_config config = ms_grid_config(grid, c);

        if (config.iterations < ms_grid_trajectory(grid, config.trajectory).longest.iterations)
            return true;
    }
    return false;
}

static bool drops_any(const struct ms_rung_bounds *bounds)
{
    for (int64_t i = 0; i < bounds->n; i++)
        if (bounds->rungs[i].kept < bounds->rungs[i].entering)
            return true;
    return false;
}

static void note_idle_rules(FILE *file, const char *path, const struct plan_rules *rules)
{
    const struct ms_job *job = rules->job;
    const struct ms_end_rules *stop = &job->stop;
    const int64_t longest = ms_grid_max_iterations(&job->grid);
    const bool is_halved = job->halving.keep > 0;

    if (is_halved && rules->bounds.n == 0) {
        output_note(file, path);
        (void)fputs("`halving` has no effect, because no trajectory has two iteration counts\n", file);
    } else if (is_halved && !drops_any(&rules->bounds)) {
        output_note(file, path);
        (void)fputs("`halving` has no effect, because at every rung all trajectories go on\n", file);
    }
    if (stop->patience > 0 && stop->patience >= longest - 1) {
        output_note(file, path);
        (void)fprintf(file,
                      "`stop.patience` has no effect, because no trajectory has more than %" PRId64 " %s\n",
                      longest, ms_plural(longest, "iteration", "iterations"));
    }
    if (stop->target_dev_accuracy > 0 && (stop->every == 0 || stop->every >= longest) &&
        !has_smaller_counts(&job->grid)) {
        output_note(file, path);
        (void)fputs(
            "`stop.target_dev_accuracy` has no effect, because it is compared only at the end of each "
            "trajectory; a smaller iteration count or `stop.every` compares it before\n",
            file);
    }
}

enum ms_code plan_notes_write(FILE *file, const char *path, const struct plan_rules *rules,
                              const struct ms_dataset *dataset, struct ms_error *err)
{
    const struct ms_job *job = rules->job;

    note_small_dev_set(file, path, &dataset->dev);
    note_rare_class(file, path, job, &dataset->train);
    note_large_networks(file, path, job, &dataset->train);
    note_idle_rules(file, path, rules);
    if (job->idle_exclusion != NULL) {
        output_note(file, path);
        (void)fprintf(file, "no configuration meets the conditions of `%s`, which excludes nothing\n",
                      job->idle_exclusion);
    }
    return note_rates(file, path, job, err);
}

/* ---- the size of the result ----------------------------------------------------------------------------- */

void plan_notes_space(FILE *file, const char *path, int64_t bytes, int64_t cost_bytes)
{
    char need[MS_SIZE_TEXT_CHARS], costs[MS_SIZE_TEXT_CHARS], have[MS_SIZE_TEXT_CHARS];
    int64_t available;

    if (!ms_writer_free_bytes("./result", &available) || available >= bytes)
        return;
    output_note(file, path);
    (void)fprintf(
        file,
        "the result needs %s, of which %s are costs, and the file system of the current folder has %s "
        "free; `cost_every: 100` stores every 100th cost, `costs: none` only the last one of each "
        "configuration\n",
        ms_size_text(bytes, need), ms_size_text(cost_bytes, costs), ms_size_text(available, have));
}
