/* The sweep of a job as the scheduler sees it: what is trained in each round, and how long every part takes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_ROUNDS_H
#define MOONSWEEP_CLI_PLAN_ROUNDS_H

#include "moonsweep/coordination.h"
#include "moonsweep/job.h"
#include "moonsweep/samples.h"
#include "plan_speed.h"

/* What a round trains: each trajectory that is not idle, from one iteration count to another. */
struct plan_round {
    int64_t *from_iteration, *to_iteration; /* [trajectories] owned, like the others */
    bool *idle;
    double *seconds; /* of training, evaluating and storing; 0 if idle */
};

/* Without successive halving there is one round. */
struct plan_rounds {
    const struct ms_grid *grid;
    int64_t trajectories;
    double *cost; /* [trajectories] owned: the work of an iteration */
    struct plan_round *rounds;
    int n;
    double core_s;    /* of all rounds */
    double longest_s; /* of the longest trajectory of each round on one rank: the least without help */
    int64_t longest;  /* the trajectory that takes longest in all rounds together */
    struct ms_coordination coordination; /* of all trajectories to their ends, without the number of ranks */
    int32_t node_ranks;       /* so many ranks are on each node, and help each other; 0 or 1: nobody helps */
    double *iteration_s;      /* [trajectories] of one rank */
    struct ms_samples *train; /* [grid->n_datasets] only their sizes */
};

/* Finds the rounds of a sweep in which every trajectory is trained to its end, or with halving those of the trajectories
 * go on that take the longest: so no sweep takes more. The caller frees rounds, also after an error; the job must outlive
 * them. Errors: MS_NO_MEMORY. */
enum ms_code plan_rounds_make(const struct ms_job *job, const struct ms_dataset *datasets,
                              const struct plan_speed *speed, struct plan_rounds *rounds,
                              struct ms_error *err);
void plan_rounds_free(struct plan_rounds *rounds);

/* The number of ranks of a node that can train trajectory t together, at most. */
int32_t plan_rounds_most_members(const struct plan_rounds *rounds, int64_t t);

/* Whether one of so many ranks can help another one with any trajectory. */
bool plan_rounds_can_help(const struct plan_rounds *rounds, int32_t ranks);

/* Whether rank 0 of so many only hands out work, unless `run --coordinator` says something else. */
bool plan_rounds_is_dedicated(const struct plan_rounds *rounds, int32_t ranks);

/* Simulates the sweep on this number of ranks: the seconds from the first lease to the last commit. The caller sets
 * rounds->node_ranks before. Errors: MS_NO_MEMORY. */
enum ms_code plan_rounds_simulate(const struct plan_rounds *rounds, int32_t ranks, double *wall_s,
                                  struct ms_error *err);

#endif
