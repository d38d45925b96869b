/* Adds up the work of all trajectories.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_sizes.h"

#include "moonsweep/plan.h"

struct ms_kernel_sizes job_sizes(const struct ms_job *job, const struct ms_dataset *datasets)
{
    struct ms_kernel_sizes sizes = {.work = 0};

    for (int64_t t = 0; t < ms_grid_trajectories(&job->grid); t++) {
        const struct ms_config config = ms_grid_trajectory(&job->grid, t).longest;
        const struct ms_data *train = &datasets[config.dataset].train;

        ms_kernel_sizes_add(&sizes, config.activation, config.n_h,
                            (double)config.iterations *
                                ms_plan_cost(config.activation, train->n_x, config.n_h, train->rows));
    }
    return sizes;
}
