/* Parses the stored job without its samples, and uses it only if its sizes are those of the file. With
 * halving it assumes at each rung that is not decided that the trajectories with the most work per iteration
 * continue. Other rules lower no bound: they only make the largest iteration counts a bound.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "look_bound.h"

#include <stdlib.h>
#include <string.h>

#include "moonsweep/job.h"
#include "moonsweep/plan.h"

/* Reads the job without its samples. Returns whether it can be trusted. The caller frees it in any case. */
static bool read_job(const char *path, const struct ms_reader_info *info,
                     const struct ms_progress_table *table, struct ms_job *job)
{
    struct ms_error err;

    return info->job_text_ok &&
           ms_job_parse_set(path, info->job_text, strlen(info->job_text), info->job_set, job, &err) ==
               MS_OK &&
           job->grid.n_datasets == info->datasets && ms_grid_configs(&job->grid) == table->configs &&
           ms_grid_trajectories(&job->grid) == table->trajectories;
}

/* Sets costs[trajectories] to the work of an iteration. samples: a buffer for the number of each data set. */
static enum ms_code find_costs(struct ms_reader *reader, const struct ms_grid *grid, int64_t *samples,
                               double *costs, struct ms_error *err)
{
    const int32_t n_x = ms_reader_info(reader)->n_x;
    enum ms_code code = MS_OK;

    for (int32_t d = 0; code == MS_OK && d < grid->n_datasets; d++) {
        struct ms_reader_origin origin = {.train_count = 0};

        code = ms_reader_origin(reader, d, &origin, err);
        samples[d] = origin.train_count;
    }
    for (int64_t t = 0; code == MS_OK && t < ms_grid_trajectories(grid); t++) {
        const struct ms_config config = ms_grid_trajectory(grid, t).longest;

        costs[t] = ms_plan_cost(config.activation, n_x, config.n_h, samples[config.dataset]);
    }
    return code;
}

/* Sets most[trajectories] as if the most expensive trajectories continued after each rung that is not decided yet. rows: a buffer
 * of [configs]. */
static enum ms_code assume(struct ms_reader *reader, const struct ms_job *job, const double *costs,
                           struct ms_halving_row *rows, int64_t *most, struct ms_error *err)
{
    struct ms_halving_decision decision;
    enum ms_code code = ms_reader_halving_rows(reader, &job->halving, rows, err);

    if (code == MS_OK)
        code = ms_halving_assume(&job->halving, &job->grid, rows, costs, &decision, err);
    if (code != MS_OK)
        return code;
    for (int64_t t = 0; t < ms_grid_trajectories(&job->grid); t++)
        most[t] = decision.dropped_at[t] > 0 ? decision.dropped_at[t]
                                             : ms_grid_trajectory(&job->grid, t).longest.iterations;
    ms_halving_decision_free(&decision);
    return MS_OK;
}

static enum ms_code bound_halving(const char *path, struct ms_reader *reader, const struct ms_job *job,
                                  const struct ms_progress_table *table, int64_t **most, struct ms_error *err)
{
    const size_t trajectories = (size_t)table->trajectories;
    int64_t *samples = malloc((size_t)job->grid.n_datasets * sizeof *samples);
    int64_t *found = malloc(trajectories * sizeof *found);
    double *costs = malloc(trajectories * sizeof *costs);
    struct ms_halving_row *rows = malloc((size_t)table->configs * sizeof *rows);
    enum ms_code code = samples && found && costs && rows
                            ? find_costs(reader, &job->grid, samples, costs, err)
                            : ms_fail_memory(err, path, "to find out how much is left");

    if (code == MS_OK)
        code = assume(reader, job, costs, rows, found, err);
    free(samples);
    free(costs);
    free(rows);
    if (code == MS_OK)
        *most = found;
    else
        free(found);
    return code;
}

enum ms_code look_bound(const char *path, struct ms_reader *reader, const struct ms_progress_table *table,
                        bool *is_bound, int64_t **most, struct ms_error *err)
{
    struct ms_job job = {0};
    enum ms_code code = MS_OK;

    *most = NULL;
    *is_bound = false;
    if (read_job(path, ms_reader_info(reader), table, &job)) {
        *is_bound = ms_job_ends_early(&job);
        if (job.halving.keep > 0)
            code = bound_halving(path, reader, &job, table, most, err);
    }
    ms_job_free(&job);
    return code;
}
