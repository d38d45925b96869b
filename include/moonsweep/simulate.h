/* Simulates a sweep: ranks that ask a plan for leases, as the workers of src/sweep do, but whose training only takes its
 * time. So the time that a sweep takes on any number of ranks is found without running it, with the schedule that it
 * would have.
 *
 *     struct ms_simulate_spec spec = {.plan = &plan_spec, .seconds = seconds};
 *     struct ms_simulation simulation;
 *     code = ms_simulate(&spec, &simulation, err);
 *     ... simulation.wall_s ...
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SIMULATE_H
#define MOONSWEEP_SIMULATE_H

#include "moonsweep/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What takes time besides training, in seconds. */
struct ms_simulate_costs {
    double answer_s;     /* from the end of a lease until the next one begins, if that was not given ahead */
    double serve_s;      /* for which the coordinator is busy with each lease: it serves one after another */
    double trajectory_s; /* for each trajectory of a lease that is no slice */
    double slice_s;      /* at the end of a slice, to store the state */
    double move_s;       /* at the beginning of a lease whose trajectory another rank has trained before */
};

/* How ranks that have nothing left to train help others of their node. */
struct ms_simulate_teams {
    int32_t node_ranks; /* so many ranks in a row are a node; 0 or 1: nobody helps */

    /* How many ranks can train trajectory t together, at most; and how many times as fast as one alone so many of them do,
     * at least 1, also if there are more than can. */
    int32_t (*most)(const void *context, int64_t t);
    double (*speed_up)(const void *context, int64_t t, int32_t members);
    const void *context;

    double begin_s; /* from the end of its last lease until a rank begins to look for others */
};

/* What a simulated sweep did. */
struct ms_simulation {
    double wall_s;   /* from the first request to the end of the last lease */
    double busy_s;   /* the time that the leases took, summed over the ranks */
    double waited_s; /* likewise, for which ranks waited for a lease, or to be told that there is none */
    double helped_s; /* likewise, for which ranks helped */
    int64_t leases, slices, moves;
};

/* Called for each answer of the plan, at this time of the simulation. */
typedef void ms_simulate_observer(void *context, const struct ms_plan *plan,
                                  const struct ms_plan_answer *answer, double now_s);

/* Everything is borrowed. */
struct ms_simulate_spec {
    const struct ms_plan_spec *plan;
    const double *seconds; /* [plan->trajectories] what each trajectory takes a rank */
    struct ms_simulate_costs costs;
    struct ms_simulate_teams teams;
    ms_simulate_observer *observer; /* NULL: none */
    void *context;                  /* of the observer */
};

/* Errors: MS_NO_MEMORY. */
enum ms_code ms_simulate(const struct ms_simulate_spec *spec, struct ms_simulation *simulation,
                         struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
