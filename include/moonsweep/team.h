/* One trajectory trained by several processes of a machine, with the bits of one.
 *
 *     struct ms_team_sizes sizes = {.places = processes};
 *     ms_team_sizes_add(&sizes, &samples, n_h);              // for every network that may be trained
 *     memory = ... ms_team_bytes(&sizes) bytes, all zero, that the processes share ...
 *     ms_team_open(&sizes, memory, own_place, &team, err);   // each process has another place, from 0
 *
 *     a process that trains:    spec.team = team in struct ms_train_spec
 *     when it trains no more:   ms_team_end_training(team);
 *                               while (ms_team_others_train(team))
 *                                   if (ms_team_choose(team, &place)) ms_team_help(team, place, &spec, &helped);
 *                                   else ... sleep and look around ...
 *     ms_team_close(team);
 *
 * The process that trains leads: in each iteration it writes the parameters and a division of the segments of the
 * samples (docs/numerics.md) into shared memory. A helper computes the sums of its segments into an area of that memory
 * that no one else writes to, and marks them with the number of the iteration. The leader computes the first segments
 * itself, takes in the others' sums in their order, and computes what is late. So a helper holds no state: it may come
 * and leave at any time, and one that is suspended or ended costs time only. There are no locks.
 *
 * A leader compares the speeds of different sizes of the team while it trains, and keeps the quickest one (team_size.h).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TEAM_H
#define MOONSWEEP_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/grid.h"
#include "moonsweep/kernels.h"
#include "moonsweep/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the shared memory has to be large enough for. */
struct ms_team_sizes {
    int32_t places;     /* processes */
    int64_t parameters; /* of the largest network */
    int64_t area_bytes; /* for the sums of a helper */
};

/* Makes sizes large enough for networks of n_h hidden units on these samples, of which only the sizes are read. Networks
 * for which a place would take more than 64 MiB are left out: they are trained by one process. */
void ms_team_sizes_add(struct ms_team_sizes *sizes, const struct ms_samples *samples, int32_t n_h);

/* Sizes that are large enough for all networks of a grid that can be shared. train: [grid->n_datasets], of which only the
 * sizes are read. */
struct ms_team_sizes ms_team_sizes_of(const struct ms_grid *grid, const struct ms_samples *train,
                                      int32_t places);

/* The bytes of the memory; 0 if no network can be shared, as with one segment, or if there is one place. */
size_t ms_team_bytes(const struct ms_team_sizes *sizes);

struct ms_team;

/* memory is borrowed until close, and aligned to a page. Errors: MS_NO_MEMORY. */
enum ms_code ms_team_open(const struct ms_team_sizes *sizes, void *memory, int32_t place,
                          struct ms_team **team, struct ms_error *err);
/* NULL does nothing. */
void ms_team_close(struct ms_team *team);

/* ---- a process that trains ------------------------------------------------------------------------------- */

/* Tells how much work (ms_plan_cost) is left of the trajectory in training: helpers go where it is most. */
void ms_team_expect(struct ms_team *team, double work);

/* Uses the sizes 1 and `members` in turns for so many iterations each, instead of the quickest one, without a clock: for
 * tests and benchmarks. 0: the quickest again. */
void ms_team_fix(struct ms_team *team, int32_t members, int64_t alone, int64_t together);

/* Counts since open, as the leader. */
struct ms_team_counts {
    int64_t alone, together; /* iterations */
    int64_t late;            /* shares of helpers that the leader computed, because they were late */
    double cpu_seconds;      /* processor seconds that others have helped */
};
struct ms_team_counts ms_team_counts(const struct ms_team *team);

/* ---- a process that has nothing to train ----------------------------------------------------------------- */

/* This process trains no more. */
void ms_team_end_training(struct ms_team *team);

/* Whether a process at another place may still train. */
bool ms_team_others_train(const struct ms_team *team);

/* Finds the place that has most work left for each of its members, if it can use another one. */
bool ms_team_choose(const struct ms_team *team, int32_t *place);

struct ms_team_help_spec {
    /* [datasets] those that leaders train on, by the number in their spec */
    const struct ms_samples *samples;
    const struct ms_kernels *kernels;
    ms_tick *tick; /* as in training; NULL: only the leader ends the help */
    void *context;
};

/* What was done to help, in total. */
struct ms_team_helped {
    int64_t shares;     /* computed, each of one iteration */
    double seconds;     /* in teams, without waiting for a share for more than a tick */
    double cpu_seconds; /* processor seconds of that, without ticks */
};

/* Helps the leader at this place until the tick asks to stop, the leader ends its training, or this helper was not needed
 * for a while and is needed elsewhere. Adds to helped, whose contents are current at every tick. */
void ms_team_help(struct ms_team *team, int32_t place, const struct ms_team_help_spec *spec,
                  struct ms_team_helped *helped);

#ifdef __cplusplus
}
#endif

#endif
