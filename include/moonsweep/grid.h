/* The grid: the configurations of a sweep, in order.
 *
 * A grid is either a product, every combination of the values of its axes, or a list of configurations. The
 * configurations of a product are computed: n_h is outermost, then activation, learning_rate, init_scale, seed, and
 * iterations innermost. A grid of several data sets repeats all its configurations for each of them, one data set after
 * another.
 *
 * Configurations of one data set that differ at most in iterations are prefixes of one trajectory, which is trained
 * once. In a product they are neighbours; in a list they may be anywhere, and trajectories are numbered in the order of
 * their first configuration.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_GRID_H
#define MOONSWEEP_GRID_H

#include <stdint.h>

#include "moonsweep/cost_stride.h"
#include "moonsweep/error.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_grid_list; /* configurations one by one */

struct ms_grid {
    int32_t n_datasets; /* >= 1 */
    /* lengths of the axes, each >= 1, unless the grid is a list */
    int32_t n_n_h, n_activation, n_learning_rate, n_init_scale, n_seed, n_iterations;
    int32_t *n_h; /* owned, like all six */
    enum ms_activation *activation;
    double *learning_rate;
    double *init_scale; /* of the initial weights, like seed */
    uint32_t *seed;
    int64_t *iterations;
    int64_t cost_stride;       /* of the stored costs (moonsweep/cost_stride.h); 0: none are stored */
    struct ms_grid_list *list; /* owned; NULL: the grid is a product */
};

/* One point of the grid. */
struct ms_config {
    int64_t trajectory;
    int64_t iterations;
    double learning_rate;
    double init_scale;
    int32_t dataset;
    int32_t n_h;
    enum ms_activation activation;
    uint32_t seed;
};

/* Sizes of a grid that ms_grid_check has accepted: otherwise they may overflow. */
int64_t ms_grid_trajectories(const struct ms_grid *grid);
int64_t ms_grid_configs(const struct ms_grid *grid);

/* Largest n_h and largest iteration count. */
int32_t ms_grid_max_n_h(const struct ms_grid *grid);
int64_t ms_grid_max_iterations(const struct ms_grid *grid);

/* The configuration with this index, 0 <= index < ms_grid_configs. */
struct ms_config ms_grid_config(const struct ms_grid *grid, int64_t index);

/* A trajectory, and the place of its stored costs within the concatenated cost histories. */
struct ms_grid_trajectory {
    /* Its configuration with the most iterations; the others differ only in iterations */
    struct ms_config longest;
    int64_t members;               /* number of its configurations */
    int64_t cost_start, cost_room; /* cost_room: space for those of longest.iterations that are stored */
};

/* The trajectory with this index, 0 <= index < ms_grid_trajectories. */
struct ms_grid_trajectory ms_grid_trajectory(const struct ms_grid *grid, int64_t index);

/* The iterations of all trajectories together, and how many of their costs are stored. */
int64_t ms_grid_iterations(const struct ms_grid *grid);
int64_t ms_grid_costs(const struct ms_grid *grid);

/* Sets the stride of the stored costs, and moves the histories of all trajectories accordingly. */
void ms_grid_set_cost_stride(struct ms_grid *grid, int64_t stride);

/* A configuration of a trajectory. */
struct ms_grid_member {
    int64_t config, iterations;
};

/* Sets members[] to the configurations of a trajectory, by ascending iteration count, and returns their number. members
 * has room for ms_grid_max_members of them. */
int64_t ms_grid_members(const struct ms_grid *grid, int64_t trajectory, struct ms_grid_member *members);

/* The largest number of configurations of a trajectory. */
int64_t ms_grid_max_members(const struct ms_grid *grid);

/* Sets the grid to these configurations of one data set, in this order; their trajectory and dataset are not used. All
 * costs are stored. Several may be equal. If they are a product in its order, the grid becomes that product, so that
 * equal grids have equal forms. n is at least 1; ms_grid_free frees the grid. Errors: MS_NO_MEMORY. */
enum ms_code ms_grid_set_list(struct ms_grid *grid, const struct ms_config *configs, int64_t n,
                              struct ms_error *err);

/* Checks the size of the grid. Errors: MS_BAD_INPUT for more than 2^31 - 1 configurations, or more than 2^53 costs of
 * all trajectories. */
enum ms_code ms_grid_check(const struct ms_grid *grid, struct ms_error *err);

/* The bytes that the configurations of a list take; 0 for a product, which computes them. */
int64_t ms_grid_list_bytes(const struct ms_grid *grid);

void ms_grid_free(struct ms_grid *grid);

#ifdef __cplusplus
}
#endif

#endif
