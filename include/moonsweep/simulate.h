/* Simulates a sweep: ranks that ask a plan for leases, as the workers of src/sweep do, but whose training only takes its
 * time. So the time that a sweep takes on any number of ranks is found without running it, with the schedule that it
 * would have.
 *
 *     struct ms_simulation simulation;
 *     code = ms_simulate(&plan_spec, seconds, &costs, NULL, NULL, &simulation, err);
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

/* What a simulated sweep did. */
struct ms_simulation {
    double wall_s; /* from the first request to the end of the last lease */
    double busy_s; /* the time that the leases took, summed over the ranks */
    int64_t leases, slices, moves;
};

/* Called for each answer of the plan, at this time of the simulation. */
typedef void ms_simulate_observer(void *context, const struct ms_plan *plan,
                                  const struct ms_plan_answer *answer, double now_s);

/* Simulates the sweep of spec, in which trajectory t takes a rank seconds[t]. costs may be NULL: there are none. observer
 * (may be NULL) is called for each answer of the plan. Errors: MS_NO_MEMORY. */
enum ms_code ms_simulate(const struct ms_plan_spec *spec, const double *seconds,
                         const struct ms_simulate_costs *costs, ms_simulate_observer *observer, void *context,
                         struct ms_simulation *simulation, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
