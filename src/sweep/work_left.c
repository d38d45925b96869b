/* Multiplies the iterations that are left of a trajectory by what one of them costs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "work_left.h"

#include "moonsweep/plan.h"

double ms_work_left_of(const struct ms_sweep_spec *sweep, int64_t t)
{
    const struct ms_config config = ms_grid_trajectory(sweep->grid, t).longest;
    const struct ms_samples *samples = &sweep->train[config.dataset];

    return (double)(config.iterations - sweep->scan->from_iteration[t]) *
           ms_plan_cost(config.activation, samples->n_x, config.n_h, samples->m);
}
