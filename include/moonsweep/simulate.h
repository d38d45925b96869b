/* Simulates a sweep: ranks that ask a plan for leases, as the workers of src/sweep do, but whose training only takes its
 * time. So the time that a sweep takes on any number of ranks is found without running it, with the schedule that it
 * would have.
 *
 *     struct ms_simulation simulation;
 *     code = ms_simulate(&plan_spec, seconds, NULL, NULL, &simulation, err);
 *     ... simulation.wall_s ...
 *
 * Messages take no time: a lease lasts much longer.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SIMULATE_H
#define MOONSWEEP_SIMULATE_H

#include "moonsweep/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a simulated sweep did. */
struct ms_simulation {
    double wall_s; /* from the first request to the end of the last lease */
    double busy_s; /* the time that the leases took, summed over the ranks */
    int64_t leases;
};

/* Called for each answer of the plan, at this time of the simulation. */
typedef void ms_simulate_observer(void *context, const struct ms_plan *plan,
                                  const struct ms_plan_answer *answer, double now_s);

/* Simulates the sweep of spec, in which trajectory t takes a rank seconds[t]. observer (may be NULL) is called for each
 * answer of the plan. Errors: MS_NO_MEMORY. */
enum ms_code ms_simulate(const struct ms_plan_spec *spec, const double *seconds,
                         ms_simulate_observer *observer, void *context, struct ms_simulation *simulation,
                         struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
