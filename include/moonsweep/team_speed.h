/* How much faster a team trains than one process, from what was measured on teams of two (docs/benchmarks.md): for
 * estimates of the time that a sweep takes.
 *
 *     shape = (struct ms_team_shape){.samples = &samples, .n_h = n_h, .iteration_s = seconds of one process};
 *     speed_up = ms_team_speed_up(&shape, members);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TEAM_SPEED_H
#define MOONSWEEP_TEAM_SPEED_H

#include "moonsweep/grid.h"
#include "moonsweep/samples.h"
#include "moonsweep/simulate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a team trains. */
struct ms_team_shape {
    const struct ms_samples *samples; /* borrowed: only the sizes are read */
    int32_t n_h;
    double iteration_s; /* that one process takes for an iteration */
};

/* The number of processes that can train this together, at most; 1: it cannot be shared. */
int32_t ms_team_speed_most(const struct ms_team_shape *shape);

/* The seconds that an iteration of exactly so many members takes, 1 .. ms_team_speed_most. */
double ms_team_speed_iteration_s(const struct ms_team_shape *shape, int32_t members);

/* How many times as fast as one process a team trains for which so many processes, at least 1, are available. It chooses its
 * size as teams do (src/train/team_size.h), and comparing sizes takes time: so it is about 1 at least. */
double ms_team_speed_up(const struct ms_team_shape *shape, int32_t available);

/* The teams of a sweep. Everything is borrowed. */
struct ms_team_speeds {
    const struct ms_grid *grid;
    const struct ms_samples *train; /* [grid->n_datasets] of which only the sizes are read */
    const double *iteration_s;      /* [trajectories] that one process takes */
};

/* The number of processes that can train trajectory t together, at most. speeds: a struct ms_team_speeds, as struct
 * ms_simulate_teams wants it. */
int32_t ms_team_speeds_most(const void *speeds, int64_t t);

/* Describes a sweep with these teams, on nodes of so many ranks, for simulations. seconds: as in struct ms_simulate_spec, with
 * all costs but those of slices and helpers, which are the usual ones with a local disk; messages take next to none. */
struct ms_simulate_spec ms_team_speeds_sweep(const struct ms_team_speeds *speeds,
                                             const struct ms_plan_spec *plan, const double *seconds,
                                             int32_t node_ranks);

#ifdef __cplusplus
}
#endif

#endif
