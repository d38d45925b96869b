/* Progress of a run and the time that it still needs, in any unit of work (for training: ms_plan_cost).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_WORK_H
#define MOONSWEEP_WORK_H

#ifdef __cplusplus
extern "C" {
#endif

struct ms_work {
    double whole;           /* all work, including what earlier runs have done */
    double left_at_start;   /* what was not done when this run began */
    double trained, spared; /* by this run: work done, and work not needed (ms_totals) */
    double seconds;         /* that this run has taken for it; only for ms_work_left_s */
};

/* The work that is not done yet. */
double ms_work_left(const struct ms_work *work);

/* The fraction of all work that is done, 0 .. 1. */
double ms_work_fraction(const struct ms_work *work);

/* Estimates the seconds until all work is done, at the average speed of this run; NaN if it has trained nothing yet. */
double ms_work_left_s(const struct ms_work *work);

#ifdef __cplusplus
}
#endif

#endif
