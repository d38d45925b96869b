/* The grid: every combination of its axes is a configuration.
 *
 * Index = position with n_h outermost, then activation, learning_rate, init_scale, seed, and iterations innermost.
 * Configurations that differ only in iterations are prefixes of one trajectory, trained once: they are
 * neighbours, trajectory t owning configurations t*n_iterations .. (t+1)*n_iterations - 1 in axis order
 * (which need not be ascending). */
#ifndef MOONSWEEP_GRID_H
#define MOONSWEEP_GRID_H

#include <stdint.h>

#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_grid {
    /* lengths of the axes, each >= 1 */
    int32_t n_n_h, n_activation, n_learning_rate, n_init_scale, n_seed, n_iterations;
    int32_t *n_h; /* owned, like all six */
    enum ms_activation *activation;
    double *learning_rate;
    double *init_scale; /* of the initial weights, like seed */
    uint32_t *seed;
    int64_t *iterations;
};

/* One point of the grid. */
struct ms_config {
    int64_t trajectory;
    int32_t dataset;
    int32_t n_h;
    enum ms_activation activation;
    double learning_rate;
    double init_scale;
    uint32_t seed;
    int64_t iterations;
};

/* Sizes of a grid that ms_grid_check has accepted: otherwise they may overflow. */
int64_t ms_grid_trajectories(const struct ms_grid *grid);
int64_t ms_grid_configs(const struct ms_grid *grid);

/* Largest n_h and largest iteration count of the axes. */
int32_t ms_grid_max_n_h(const struct ms_grid *grid);
int64_t ms_grid_max_iterations(const struct ms_grid *grid);

/* The configuration with this index, 0 <= index < ms_grid_configs. */
struct ms_config ms_grid_config(const struct ms_grid *grid, int64_t index);

/* A trajectory, and the place of its costs within the concatenated cost histories. */
struct ms_grid_trajectory {
    struct ms_config
        longest;     /* its configuration with the most iterations; the others differ only in iterations */
    int64_t members; /* number of its configurations */
    int64_t cost_start, cost_room; /* cost_room: space for as many costs as longest.iterations */
};

/* The trajectory with this index, 0 <= index < ms_grid_trajectories; and the space of all cost histories together. */
struct ms_grid_trajectory ms_grid_trajectory(const struct ms_grid *grid, int64_t index);
int64_t ms_grid_costs(const struct ms_grid *grid);

/* A configuration of a trajectory. */
struct ms_grid_member {
    int64_t config, iterations;
};

/* Sets members[] to the configurations of a trajectory, by ascending iteration count, and returns their number. members
 * has room for ms_grid_max_members of them. */
int64_t ms_grid_members(const struct ms_grid *grid, int64_t trajectory, struct ms_grid_member *members);

/* The largest number of configurations of a trajectory. */
int64_t ms_grid_max_members(const struct ms_grid *grid);

/* Checks the size of the grid. Errors: MS_BAD_INPUT for more than 2^31 - 1 configurations, or more than 2^53 costs of
 * all trajectories. */
enum ms_code ms_grid_check(const struct ms_grid *grid, struct ms_error *err);

void ms_grid_free(struct ms_grid *grid);

#ifdef __cplusplus
}
#endif

#endif
