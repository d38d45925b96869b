#include "moonsweep/grid.h"
#include "moonsweep/plural.h"

#include <inttypes.h>
#include <stdlib.h>

static const int64_t largest_configs = INT32_MAX;
static const int64_t largest_costs = INT64_C(1) << 53;

int64_t ms_grid_trajectories(const struct ms_grid *grid)
{
    return (int64_t)grid->n_n_h * grid->n_activation * grid->n_learning_rate * grid->n_init_scale *
           grid->n_seed;
}

int64_t ms_grid_configs(const struct ms_grid *grid)
{
    return ms_grid_trajectories(grid) * grid->n_iterations;
}

int32_t ms_grid_max_n_h(const struct ms_grid *grid)
{
    int32_t largest = grid->n_h[0];

    for (int32_t i = 1; i < grid->n_n_h; i++)
        if (grid->n_h[i] > largest)
            largest = grid->n_h[i];
    return largest;
}

int64_t ms_grid_max_iterations(const struct ms_grid *grid)
{
    int64_t largest = grid->iterations[0];

    for (int32_t i = 1; i < grid->n_iterations; i++)
        if (grid->iterations[i] > largest)
            largest = grid->iterations[i];
    return largest;
}

/* Returns the position on the innermost axis, which has this length, and divides it out of index. */
static int64_t take_position(int64_t *index, int32_t length)
{
    const int64_t position = *index % length;

    *index /= length;
    return position;
}

struct ms_config ms_grid_config(const struct ms_grid *grid, int64_t index)
{
    struct ms_config config = {.trajectory = index / grid->n_iterations};

    config.iterations = grid->iterations[take_position(&index, grid->n_iterations)];
    config.seed = grid->seed[take_position(&index, grid->n_seed)];
    config.init_scale = grid->init_scale[take_position(&index, grid->n_init_scale)];
    config.learning_rate = grid->learning_rate[take_position(&index, grid->n_learning_rate)];
    config.activation = grid->activation[take_position(&index, grid->n_activation)];
    config.n_h = grid->n_h[index];
    return config;
}

struct ms_grid_trajectory ms_grid_trajectory(const struct ms_grid *grid, int64_t index)
{
    struct ms_grid_trajectory trajectory = {.longest = ms_grid_config(grid, index * grid->n_iterations),
                                            .members = grid->n_iterations};

    trajectory.longest.iterations = trajectory.cost_room = ms_grid_max_iterations(grid);
    trajectory.cost_start = index * trajectory.cost_room;
    return trajectory;
}

int64_t ms_grid_costs(const struct ms_grid *grid)
{
    return ms_grid_trajectories(grid) * ms_grid_max_iterations(grid);
}

int64_t ms_grid_members(const struct ms_grid *grid, int64_t trajectory, struct ms_grid_member *members)
{
    /* Insertion sort: axes are short, and equal counts keep the order of the axis. */
    for (int32_t i = 0; i < grid->n_iterations; i++) {
        const struct ms_grid_member member = {.config = trajectory * grid->n_iterations + i,
                                              .iterations = grid->iterations[i]};
        int32_t place = i;

        for (; place > 0 && members[place - 1].iterations > member.iterations; place--)
            members[place] = members[place - 1];
        members[place] = member;
    }
    return grid->n_iterations;
}

int64_t ms_grid_max_members(const struct ms_grid *grid)
{
    return grid->n_iterations;
}

enum ms_code ms_grid_check(const struct ms_grid *grid, struct ms_error *err)
{
    const int32_t lengths[] = {grid->n_n_h,        grid->n_activation, grid->n_learning_rate,
                               grid->n_init_scale, grid->n_seed,       grid->n_iterations};
    int64_t configs = 1;

    for (size_t axis = 0; axis < sizeof lengths / sizeof *lengths; axis++) {
        if (lengths[axis] > largest_configs / configs)
            return ms_fail(err, MS_BAD_INPUT,
                           "the grid has more than %" PRId64 " configurations; shorten its axes",
                           largest_configs);
        configs *= lengths[axis];
    }

    const int64_t trajectories = ms_grid_trajectories(grid);
    const int64_t iterations = ms_grid_max_iterations(grid);

    if (iterations > largest_costs / trajectories)
        return ms_fail(err, MS_BAD_INPUT,
                       "%" PRId64 " %s of %" PRId64 " iterations %s more than 2^53 costs; lower "
                       "the largest iteration count",
                       trajectories, ms_plural(trajectories, "trajectory", "trajectories"), iterations,
                       ms_plural(trajectories, "has", "have"));
    return MS_OK;
}

void ms_grid_free(struct ms_grid *grid)
{
    free(grid->n_h);
    free(grid->activation);
    free(grid->learning_rate);
    free(grid->init_scale);
    free(grid->seed);
    free(grid->iterations);
    *grid = (struct ms_grid){0};
}
