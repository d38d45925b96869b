/* Computes the sizes, configurations and trajectories of a grid. What is asked for is first found as if there
 * were one data set, from the lengths of the axes or in the list (grid_list.h), and then moved to the data
 * set that is meant: indices are raised by the size of each data set before it. Of a product, nothing but its
 * axes is stored.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/grid.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grid_list.h"
#include "moonsweep/plural.h"

static const int64_t largest_configs = INT32_MAX;

/* ---- sizes -------------------------------------------------------------------------------------------- */

/* Of one data set. */
static int64_t count_trajectories(const struct ms_grid *grid)
{
    if (grid->list != NULL)
        return grid->list->trajectories;
    return (int64_t)grid->n_n_h * grid->n_activation * grid->n_learning_rate * grid->n_init_scale *
           grid->n_seed;
}

static int64_t count_configs(const struct ms_grid *grid)
{
    return grid->list != NULL ? grid->list->configs : count_trajectories(grid) * grid->n_iterations;
}

/* The number of costs that are stored of a product's trajectory. */
static int64_t cost_room(const struct ms_grid *grid)
{
    return ms_cost_stride_entries(grid->cost_stride, ms_grid_max_iterations(grid));
}

static int64_t count_costs(const struct ms_grid *grid)
{
    return grid->list != NULL ? grid->list->costs : count_trajectories(grid) * cost_room(grid);
}

int64_t ms_grid_trajectories(const struct ms_grid *grid)
{
    return grid->n_datasets * count_trajectories(grid);
}

int64_t ms_grid_configs(const struct ms_grid *grid)
{
    return grid->n_datasets * count_configs(grid);
}

int64_t ms_grid_iterations(const struct ms_grid *grid)
{
    return grid->n_datasets * (grid->list != NULL ? grid->list->iterations
                                                  : count_trajectories(grid) * ms_grid_max_iterations(grid));
}

int64_t ms_grid_costs(const struct ms_grid *grid)
{
    return grid->n_datasets * count_costs(grid);
}

void ms_grid_set_cost_stride(struct ms_grid *grid, int64_t stride)
{
    grid->cost_stride = stride;
    if (grid->list != NULL)
        ms_grid_list_place_costs(grid->list, stride);
}

int32_t ms_grid_max_n_h(const struct ms_grid *grid)
{
    int32_t largest = 0;

    if (grid->list != NULL)
        return grid->list->max_n_h;
    for (int32_t i = 0; i < grid->n_n_h; i++)
        if (grid->n_h[i] > largest)
            largest = grid->n_h[i];
    return largest;
}

int64_t ms_grid_max_iterations(const struct ms_grid *grid)
{
    int64_t largest = 0;

    if (grid->list != NULL)
        return grid->list->max_iterations;
    for (int32_t i = 0; i < grid->n_iterations; i++)
        if (grid->iterations[i] > largest)
            largest = grid->iterations[i];
    return largest;
}

int64_t ms_grid_max_members(const struct ms_grid *grid)
{
    return grid->list != NULL ? grid->list->max_members : grid->n_iterations;
}

/* ---- configurations ----------------------------------------------------------------------------------- */

/* Returns the position on the innermost axis, which has this length, and divides it out of index. */
static int64_t take_position(int64_t *index, int32_t length)
{
    const int64_t position = *index % length;

    *index /= length;
    return position;
}

/* The configuration of a product's first data set. */
static struct ms_config compute_config(const struct ms_grid *grid, int64_t index)
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

struct ms_config ms_grid_config(const struct ms_grid *grid, int64_t index)
{
    const int64_t configs = count_configs(grid);
    const int64_t at = index % configs;
    struct ms_config config = grid->list != NULL ? grid->list->config[at] : compute_config(grid, at);

    config.dataset = (int32_t)(index / configs);
    config.trajectory += config.dataset * count_trajectories(grid);
    return config;
}

/* ---- trajectories ------------------------------------------------------------------------------------- */

/* The trajectory of a product's first data set. */
static struct ms_grid_trajectory compute_trajectory(const struct ms_grid *grid, int64_t index)
{
    struct ms_grid_trajectory trajectory = {.longest = compute_config(grid, index * grid->n_iterations),
                                            .members = grid->n_iterations};

    trajectory.longest.iterations = ms_grid_max_iterations(grid);
    trajectory.cost_room = cost_room(grid);
    trajectory.cost_start = index * trajectory.cost_room;
    return trajectory;
}

struct ms_grid_trajectory ms_grid_trajectory(const struct ms_grid *grid, int64_t index)
{
    const int64_t trajectories = count_trajectories(grid);
    const int64_t dataset = index / trajectories;
    const int64_t at = index % trajectories;
    struct ms_grid_trajectory trajectory = grid->list != NULL ? grid->list->trajectory[at]
                                                              : compute_trajectory(grid, at);

    trajectory.longest.dataset = (int32_t)dataset;
    trajectory.longest.trajectory = index;
    trajectory.cost_start += dataset * count_costs(grid);
    return trajectory;
}

/* Equal counts keep the order of the axis. */
static int compare_members(const void *left, const void *right)
{
    const struct ms_grid_member *a = left, *b = right;

    if (a->iterations != b->iterations)
        return a->iterations < b->iterations ? -1 : 1;
    return (a->config > b->config) - (a->config < b->config);
}

/* Sets members[] to those of a product's trajectory in its first data set. */
static int64_t compute_members(const struct ms_grid *grid, int64_t trajectory, struct ms_grid_member *members)
{
    bool is_ascending = true;

    for (int32_t i = 0; i < grid->n_iterations; i++) {
        members[i] = (struct ms_grid_member){.config = trajectory * grid->n_iterations + i,
                                             .iterations = grid->iterations[i]};
        is_ascending = is_ascending && (i == 0 || grid->iterations[i - 1] <= grid->iterations[i]);
    }
    if (!is_ascending)
        qsort(members, (size_t)grid->n_iterations, sizeof *members, compare_members);
    return grid->n_iterations;
}

/* Sets members[] to those of a list's trajectory in its first data set. */
static int64_t copy_members(const struct ms_grid_list *list, int64_t trajectory,
                            struct ms_grid_member *members)
{
    const int64_t first = list->first_member[trajectory];
    const int64_t count = list->first_member[trajectory + 1] - first;

    memcpy(members, list->members + first, (size_t)count * sizeof *members);
    return count;
}

int64_t ms_grid_members(const struct ms_grid *grid, int64_t trajectory, struct ms_grid_member *members)
{
    const int64_t trajectories = count_trajectories(grid);
    const int64_t dataset = trajectory / trajectories;
    const int64_t at = trajectory % trajectories;
    const int64_t count = grid->list != NULL ? copy_members(grid->list, at, members)
                                             : compute_members(grid, at, members);

    for (int64_t i = 0; i < count; i++)
        members[i].config += dataset * count_configs(grid);
    return count;
}

/* ---- whole grids -------------------------------------------------------------------------------------- */

/* The number of configurations, which may be larger than any integer. */
static double estimate_configs(const struct ms_grid *grid)
{
    if (grid->list != NULL)
        return (double)grid->list->configs * grid->n_datasets;
    return (double)grid->n_datasets * grid->n_n_h * grid->n_activation * grid->n_learning_rate *
           grid->n_init_scale * grid->n_seed * grid->n_iterations;
}

/* Whether the costs of all trajectories are few enough, stored or not. */
static bool has_possible_costs(const struct ms_grid *grid)
{
    if (grid->list != NULL)
        return grid->list->iterations <= ms_grid_largest_costs / grid->n_datasets;
    return ms_grid_max_iterations(grid) <= ms_grid_largest_costs / ms_grid_trajectories(grid);
}

enum ms_code ms_grid_check(const struct ms_grid *grid, struct ms_error *err)
{
    if (estimate_configs(grid) > (double)largest_configs)
        return ms_fail(err, MS_BAD_INPUT,
                       "the grid has %.15g configurations; it may have at most %" PRId64 ": shorten its axes",
                       estimate_configs(grid), largest_configs);
    if (!has_possible_costs(grid)) {
        const int64_t trajectories = ms_grid_trajectories(grid);

        return ms_fail(err, MS_BAD_INPUT,
                       "%" PRId64 " %s of %s%" PRId64 " iterations %s more than 2^53 costs; lower "
                       "the largest iteration count",
                       trajectories, ms_plural(trajectories, "trajectory", "trajectories"),
                       grid->list != NULL ? "up to " : "", ms_grid_max_iterations(grid),
                       ms_plural(trajectories, "has", "have"));
    }
    return MS_OK;
}

enum ms_code ms_grid_set_list(struct ms_grid *grid, const struct ms_config *configs, int64_t n,
                              struct ms_error *err)
{
    struct ms_grid made = {.n_datasets = 1, .cost_stride = 1};
    struct ms_grid_list *list = NULL;
    enum ms_code code = ms_grid_list_make(configs, n, &list, err);

    if (code == MS_OK)
        code = ms_grid_list_to_product(list, &made, err);
    if (code == MS_OK && made.n_h == NULL)
        made.list = list;
    else
        ms_grid_list_free(list);
    if (code != MS_OK)
        ms_grid_free(&made);
    *grid = made;
    return code;
}

void ms_grid_free(struct ms_grid *grid)
{
    ms_grid_list_free(grid->list);
    free(grid->n_h);
    free(grid->activation);
    free(grid->learning_rate);
    free(grid->init_scale);
    free(grid->seed);
    free(grid->iterations);
    *grid = (struct ms_grid){0};
}
