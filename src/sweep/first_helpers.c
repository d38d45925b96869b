/* Expects every trajectory to take its work, at the speed that is measured for the longest one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "first_helpers.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/clock.h"
#include "moonsweep/early_help.h"
#include "moonsweep/measure.h"
#include "moonsweep/team_speed.h"

/* How long to measure. */
static const double measure_s = 0.01;

/* The ranks of a node, on average; 0: no rank is on one. */
static int32_t mean_node_ranks(const struct ms_plan_spec *plan)
{
    int32_t ranks = 0, nodes = 0;

    for (int32_t r = 0; plan->node != NULL && r < plan->ranks; r++) {
        ranks += plan->node[r] >= 0;
        nodes += plan->node[r] == r;
    }
    return nodes > 0 ? (ranks + nodes - 1) / nodes : 0;
}

/* Measures the seconds that a unit of work takes here. */
static enum ms_code measure(const struct ms_sweep_spec *sweep, const struct ms_plan_spec *plan,
                            double *per_work, struct ms_error *err)
{
    const struct ms_measure_spec spec = {
        .clock = ms_clock_thread_s, .seconds = measure_s, .is_first_certain = true};
    struct ms_measured measured;
    struct ms_config config;
    int64_t longest = 0;
    enum ms_code code;

    for (int64_t t = 1; t < plan->trajectories; t++)
        if (ms_plan_trajectory_work(plan, t) > ms_plan_trajectory_work(plan, longest))
            longest = t;
    config = ms_grid_trajectory(sweep->grid, longest).longest;
    code = ms_measure(&spec,
                      &(struct ms_measure_case){
                          .kernel = ms_kernels_for(sweep->kernels, config.activation, config.n_h),
                          .train = &sweep->train[config.dataset],
                          .activation = config.activation,
                          .n_h = config.n_h,
                      },
                      1, &measured, err);
    if (code == MS_OK)
        *per_work = measured.iteration_s / plan->cost[longest];
    return code;
}

/* seconds, iteration_s: [trajectories] buffers */
static enum ms_code choose(const struct ms_sweep_spec *sweep, struct ms_plan_spec *plan, int32_t node_ranks,
                           double *seconds, double *iteration_s, struct ms_error *err)
{
    const struct ms_team_speeds speeds = {
        .grid = sweep->grid, .train = sweep->train, .iteration_s = iteration_s};
    const struct ms_simulate_spec spec = ms_team_speeds_sweep(&speeds, plan, seconds, node_ranks);
    struct ms_simulation simulation;
    double per_work;
    enum ms_code code;

    if (!ms_early_help_is_possible(&spec))
        return MS_OK;
    code = measure(sweep, plan, &per_work, err);
    if (code != MS_OK)
        return code;
    for (int64_t t = 0; t < plan->trajectories; t++) {
        iteration_s[t] = per_work * plan->cost[t];
        seconds[t] = per_work * ms_plan_trajectory_work(plan, t);
    }
    return ms_early_help(&spec, &plan->helpers, &simulation, err);
}

enum ms_code ms_first_helpers(const struct ms_sweep_spec *sweep, struct ms_plan_spec *plan,
                              struct ms_error *err)
{
    const int32_t node_ranks = mean_node_ranks(plan);
    const size_t trajectories = (size_t)plan->trajectories;
    double *seconds, *iteration_s;
    enum ms_code code;

    plan->helpers = 0;
    if (node_ranks < 2)
        return MS_OK;
    seconds = calloc(trajectories, sizeof *seconds);
    iteration_s = calloc(trajectories, sizeof *iteration_s);
    code = seconds == NULL || iteration_s == NULL
               ? ms_fail_memory(err, NULL, "to find out how many ranks should help")
               : choose(sweep, plan, node_ranks, seconds, iteration_s, err);
    free(seconds);
    free(iteration_s);
    return code;
}
