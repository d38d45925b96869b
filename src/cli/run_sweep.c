/* The step of `moonsweep run` that trains: it hands everything to a session.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "cores.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "run.h"
#include "usage.h"

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

/* The processors that this rank may use, for teams; 0: without teams. Tests of teams on more ranks than cores name a
 * number. */
static enum ms_code find_team_cores(const struct run_arguments *arguments, int32_t *cores,
                                    struct ms_error *err)
{
    const char *named = getenv("MOONSWEEP_TEAM_CORES");
    int64_t number = 0;
    int threads_per_core;
    enum ms_code code = cores_threads_per_core(&threads_per_core, err);

    if (code != MS_OK)
        return code;
    if (named != NULL && named[0] != '\0' &&
        usage_integer("MOONSWEEP_TEAM_CORES", named, 1, INT32_MAX, &number, err) != 0)
        return MS_BAD_USAGE;
    if (arguments->no_teams)
        *cores = 0;
    else
        *cores = number > 0 ? (int32_t)number : cores_allowed("", threads_per_core);
    return MS_OK;
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
    enum ms_code code;

    code = ms_agree(run->comm, find_team_cores(run->arguments, &spec.sweep.team_cores, err), err);
    if (code != MS_OK)
        return code;
    run->has_swept = true;
    return ms_session_run(&spec, &run->outcome, err);
}
