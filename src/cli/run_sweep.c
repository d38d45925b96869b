/* The step of `moonsweep run` that trains: it hands everything to a session.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "moonsweep/clock.h"
#include "run.h"

/* Frees X and y of data: they are laid out, and in the file. */
static void forget(struct ms_data *data)
{
    const struct ms_data kept = {.rows = data->rows, .n_x = data->n_x};

    ms_data_free(data);
    *data = kept;
}

/* A look of struct ms_session_spec. */
static void look(void *context, const struct ms_writer_scan *scan, bool is_reserved)
{
    struct run *run = context;

    run_say(run, scan, is_reserved);
    for (int32_t d = 0; d < run->job.grid.n_datasets; d++) {
        forget(&run->datasets[d].train);
        forget(&run->datasets[d].dev);
    }
}

/* A tell_start of struct ms_session_spec. */
static void tell_start(void *context, const struct ms_kernels *kernels, bool is_dedicated)
{
    run_say_start(context, kernels, is_dedicated);
}

/* A take_over of struct ms_session_spec. */
static enum ms_code take_over(void *context, struct ms_writer *writer, struct ms_writer_scan *scan,
                              const int64_t *limit, int64_t *goal, bool *again, struct ms_error *err)
{
    const struct run *run = context;
    const struct ms_older_goals goals = {.limit = limit, .goal = goal};

    return older_results_take(run->older, writer, scan, &goals, again, err);
}

enum ms_code run_sweep(struct run *run, struct ms_error *err)
{
    struct ms_session_spec spec = {
        .path = run->path,
        .result = &run->result,
        .sweep = {.comm = run->comm,
                  .grid = &run->job.grid,
                  .train = run->train,
                  .dev = run->dev,
                  .largest = &run->train[ms_job_largest_dataset(&run->job, run->datasets)],
                  .kernels = &run->kernels,
                  .progress = run->rank == 0 && !run->arguments->quiet ? stderr : NULL,
                  .rules = run->job.stop,
                  .computes_recurring = run->arguments->no_cycle_detection,
                  .checkpoint_s = run->arguments->checkpoint_s,
                  .stop = run->stop,
                  .stop_after_failures = run->arguments->stop_after_failures,
                  .watch = run_watch(run),
                  .team_cores = run->arguments->team_cores,
                  .time_limit_s = run->arguments->time_limit_s - (ms_clock_monotonic_s() - run->started_s)},
        .halving = run->job.halving,
        .was_there = run->was_there,
        .run_id = run->rank == 0 ? ms_lock_run_id(run->lock) : 0,
        .writers = (enum ms_session_writers)run->arguments->writers,
        .coordinator = (enum ms_session_coordinator)run->arguments->coordinator,
        .is_anonymous = run->arguments->anonymous,
        .look = look,
        .tell_start = tell_start,
        .take_over = run->arguments->n_from > 0 ? take_over : NULL,
        .context = run,
    };

    run->has_swept = true;
    return ms_session_run(&spec, &run->outcome, err);
}
