/* How fast each rank trains now, and how long the rest of a sweep takes at these speeds. One rank may be much slower than
 * the others, and the sweep lasts until it has finished what it holds.
 *
 *     struct ms_pace pace = ms_pace_begin(now_s);
 *     ms_pace_give(&pace, work, now_s);         // a lease was sent to the rank
 *     ms_pace_report(&pace, done, now_s);       // the rank has reported its totals
 *     ms_pace_left_s(paces, ranks, left, now_s)
 *
 * Work is in units of ms_plan_cost.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_PACE_H
#define MOONSWEEP_SWEEP_PACE_H

#include <stdint.h>

/* The contents are private to the functions. */
struct ms_pace {
    double given, done;           /* work of all leases so far; what is done of it, trained or spared */
    double rate;                  /* work per second in the last full window; 0: not known yet */
    double window_s, window_done; /* the start of the current window, and what was done then */
    double moved_s;               /* when work was last given or done */
};

struct ms_pace ms_pace_begin(double now_s);

/* The rank was given a lease with this work. */
void ms_pace_give(struct ms_pace *pace, double work, double now_s);

/* The rank has done this work since the beginning. */
void ms_pace_report(struct ms_pace *pace, double done, double now_s);

/* Estimates the seconds until all ranks together have done the work `left`, and each of them what it holds; NaN if no
 * speed is known yet. */
double ms_pace_left_s(const struct ms_pace *paces, int32_t ranks, double left, double now_s);

/* Returns the rank that holds work and has reported no progress for the longest time, and sets *seconds to that time; -1
 * if each has reported some in the last ten seconds. */
int32_t ms_pace_stalled(const struct ms_pace *paces, int32_t ranks, double now_s, double *seconds);

#endif
