/* Workers report a few times a second, so a rate over a short interval would jump: it is taken over windows.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "tally.h"

#include <math.h>
#include <stdlib.h>

/* The length of the windows over which the rate is taken. */
static const double rate_window_s = 2;

bool ms_tally_open(struct ms_tally *tally, const struct ms_sweep_spec *spec, int32_t ranks, double now_s)
{
    *tally = (struct ms_tally){
        .spec = spec,
        .ranks = ranks,
        .totals = calloc((size_t)ranks, sizeof *tally->totals),
        .paces = calloc((size_t)ranks, sizeof *tally->paces),
        .window_s = now_s,
    };
    if (tally->totals == NULL || tally->paces == NULL)
        return false;
    for (int32_t rank = 0; rank < ranks; rank++) {
        tally->totals[rank].best = ms_best_none;
        tally->paces[rank] = ms_pace_begin(now_s);
    }
    return true;
}

void ms_tally_close(struct ms_tally *tally)
{
    free(tally->totals);
    free(tally->paces);
}

void ms_tally_give(struct ms_tally *tally, int32_t rank, double work, double now_s)
{
    ms_pace_give(&tally->paces[rank], work, now_s);
}

void ms_tally_report(struct ms_tally *tally, int32_t rank, const struct ms_totals *totals, double now_s)
{
    tally->totals[rank] = *totals;
    ms_pace_report(&tally->paces[rank], totals->work_trained + totals->work_spared, now_s);
}

struct ms_totals ms_tally_sum(const struct ms_tally *tally)
{
    const struct ms_writer_scan *scan = tally->spec->scan;
    struct ms_totals sum = {
        .done = scan->done,
        .diverged = scan->diverged,
        .stopped = scan->stopped,
        .best = scan->best,
    };

    for (int32_t rank = 0; rank < tally->ranks; rank++) {
        const struct ms_totals *totals = &tally->totals[rank];

        sum.iterations += totals->iterations;
        sum.work_trained += totals->work_trained;
        sum.work_spared += totals->work_spared;
        sum.train_s += totals->train_s;
        sum.cpu_s += totals->cpu_s;
        sum.span_s += totals->span_s;
        sum.done += totals->done;
        sum.diverged += totals->diverged;
        sum.stopped += totals->stopped;
        sum.unrecorded += totals->unrecorded;
        sum.checkpoints += totals->checkpoints;
        sum.checkpoint_s += totals->checkpoint_s;
        sum.suspended_s += totals->suspended_s;
        sum.helped_s += totals->helped_s;
        sum.repeated += totals->repeated;
        ms_best_take(&sum.best, totals->best.config, totals->best.dev_accuracy);
    }
    return sum;
}

/* Before the first window is full, the rate is that of the window so far. */
static double iteration_rate(struct ms_tally *tally, int64_t iterations, double now_s)
{
    const double elapsed_s = now_s - tally->window_s;
    const double rate = (double)(iterations - tally->window_iterations) / fmax(elapsed_s, 1e-9);

    if (elapsed_s < rate_window_s)
        return tally->rate > 0 ? tally->rate : rate;
    tally->rate = rate;
    tally->window_s = now_s;
    tally->window_iterations = iterations;
    return rate;
}

struct ms_progress_figures ms_tally_figures(struct ms_tally *tally, const struct ms_work *work, double now_s)
{
    const struct ms_sweep_spec *spec = tally->spec;
    const struct ms_totals sum = ms_tally_sum(tally);
    struct ms_work so_far = *work;
    struct ms_progress_figures figures = {
        .configs = ms_grid_configs(spec->grid),
        .done = sum.done,
        .diverged = sum.diverged,
        .dropped = spec->scan->dropped,
        .stopped = sum.stopped,
        .is_bound = spec->goal != NULL,
        .iterations_per_s = iteration_rate(tally, sum.iterations, now_s),
        .best = sum.best,
    };

    so_far.trained += sum.work_trained;
    so_far.spared += sum.work_spared;
    figures.fraction = ms_work_fraction(&so_far);
    figures.left_s = ms_pace_left_s(tally->paces, tally->ranks, ms_work_left(&so_far), now_s);
    figures.stalled_rank = ms_pace_stalled(tally->paces, tally->ranks, now_s, &figures.stalled_s);
    if (figures.stalled_rank < 0)
        figures.stalled_s = 0;
    return figures;
}
