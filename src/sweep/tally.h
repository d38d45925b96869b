/* What the workers of a sweep have reported: what they have done, and how fast they do it. It is bookkeeping without MPI
 * and clocks; the coordinator passes on what arrives.
 *
 *     ms_tally_open(&tally, spec, ranks, now_s)
 *     ms_tally_give(&tally, rank, work, now_s)            // a lease was sent to the rank
 *     ms_tally_report(&tally, rank, &totals, now_s)       // the rank has reported its totals
 *     figures = ms_tally_figures(&tally, &work, now_s)
 *     ms_tally_close(&tally)
 *
 * now_s: a monotonic time without that of suspensions.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_TALLY_H
#define MOONSWEEP_SWEEP_TALLY_H

#include "moonsweep/sweep.h"
#include "moonsweep/work.h"
#include "pace.h"
#include "progress.h"
#include "protocol.h"

/* The contents are private to the functions. */
struct ms_tally {
    const struct ms_sweep_spec *spec;
    int32_t ranks;
    struct ms_totals *totals;  /* [ranks] owned: those that each rank has reported last */
    struct ms_pace *paces;     /* [ranks] owned */
    double rate;               /* iterations per second in the last full window; 0: not known yet */
    double window_s;           /* the start of the current window */
    int64_t window_iterations; /* what was trained then */
};

/* spec is borrowed. Returns false if there is not enough memory; ms_tally_close is needed then, too. */
bool ms_tally_open(struct ms_tally *tally, const struct ms_sweep_spec *spec, int32_t ranks, double now_s);
void ms_tally_close(struct ms_tally *tally);

/* The rank was given a lease with this work, in units of ms_plan_cost. */
void ms_tally_give(struct ms_tally *tally, int32_t rank, double work, double now_s);

void ms_tally_report(struct ms_tally *tally, int32_t rank, const struct ms_totals *totals, double now_s);

/* The totals of all ranks. The configurations and the best of them are those of the whole file. */
struct ms_totals ms_tally_sum(const struct ms_tally *tally);

/* What the progress line shows, without elapsed_s. work: what this run has trained and spared is added to it. */
struct ms_progress_figures ms_tally_figures(struct ms_tally *tally, const struct ms_work *work, double now_s);

#endif
