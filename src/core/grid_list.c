/* Makes a list from configurations in any order. A copy of them is sorted, so that those of a trajectory are
 * neighbours and make a group; the groups are sorted by their first configurations, which gives the
 * trajectories their numbers; then each group is added as a trajectory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "grid_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- order -------------------------------------------------------------------------------------------- */

/* Whether two configurations are points of the same trajectory. */
static bool have_same_trajectory(const struct ms_config *a, const struct ms_config *b)
{
    return a->n_h == b->n_h && a->activation == b->activation && a->learning_rate == b->learning_rate &&
           a->init_scale == b->init_scale && a->seed == b->seed;
}

/* Below, the trajectory of a configuration is its own index until trajectories are numbered. */

#define COMPARE(a, b, member)       \
    if ((a)->member != (b)->member) \
    return (a)->member < (b)->member ? -1 : 1

/* Groups by trajectory; within one, by ascending iteration count and then by index. */
static int compare_configs(const void *left, const void *right)
{
    const struct ms_config *a = left, *b = right;

    COMPARE(a, b, n_h);
    COMPARE(a, b, activation);
    COMPARE(a, b, learning_rate);
    COMPARE(a, b, init_scale);
    COMPARE(a, b, seed);
    COMPARE(a, b, iterations);
    COMPARE(a, b, trajectory);
    return 0;
}

/* ---- making a list ------------------------------------------------------------------------------------ */

/* A run of sorted configurations: the members of a trajectory. */
struct group {
    int64_t first_config; /* the smallest index of its configurations */
    int64_t begin, end;
};

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;

    COMPARE(a, b, first_config);
    return 0;
}

/* Finds the groups in sorted configurations, sorts them by their first configurations, and returns their number. */
static int64_t find_groups(const struct ms_config *sorted, int64_t n, struct group *groups)
{
    int64_t count = 0;

    for (int64_t i = 0; i < n; i++) {
        if (i == 0 || !have_same_trajectory(&sorted[i - 1], &sorted[i]))
            groups[count++] = (struct group){.first_config = sorted[i].trajectory, .begin = i};
        if (sorted[i].trajectory < groups[count - 1].first_config)
            groups[count - 1].first_config = sorted[i].trajectory;
        groups[count - 1].end = i + 1;
    }
    qsort(groups, (size_t)count, sizeof *groups, compare_groups);
    return count;
}

/* Appends a trajectory with the members that a group of the sorted configurations has. */
static void add_trajectory(struct ms_grid_list *list, const struct ms_config *sorted,
                           const struct group *group)
{
    const int64_t t = list->trajectories++;
    const int64_t count = group->end - group->begin;
    struct ms_grid_trajectory *trajectory = &list->trajectory[t];
    int64_t member = list->first_member[t];

    trajectory->longest = sorted[group->end - 1];
    trajectory->longest.trajectory = t;
    trajectory->members = count;
    if (list->iterations <=
        ms_grid_largest_costs) /* a grid with more is refused, and must not overflow before that */
        list->iterations += trajectory->longest.iterations;
    for (int64_t i = group->begin; i < group->end; i++) {
        const int64_t config = sorted[i].trajectory;

        list->config[config].trajectory = t;
        list->members[member++] = (struct ms_grid_member){.config = config,
                                                          .iterations = sorted[i].iterations};
    }
    list->first_member[t + 1] = member;
    if (count > list->max_members)
        list->max_members = count;
    if (trajectory->longest.iterations > list->max_iterations)
        list->max_iterations = trajectory->longest.iterations;
    if (trajectory->longest.n_h > list->max_n_h)
        list->max_n_h = trajectory->longest.n_h;
}

void ms_grid_list_place_costs(struct ms_grid_list *list, int64_t stride)
{
    list->costs = 0;
    for (int64_t t = 0; t < list->trajectories; t++) {
        struct ms_grid_trajectory *trajectory = &list->trajectory[t];

        trajectory->cost_start = list->costs;
        trajectory->cost_room = ms_cost_stride_entries(stride, trajectory->longest.iterations);
        if (list->costs <= ms_grid_largest_costs)
            list->costs += trajectory->cost_room;
    }
}

/* Fills an empty list. Errors: MS_NO_MEMORY. */
static enum ms_code fill(struct ms_grid_list *list, const struct ms_config *configs, struct ms_config *sorted,
                         struct group *groups, struct ms_error *err)
{
    const size_t n = (size_t)list->configs;
    int64_t count;

    for (int64_t i = 0; i < list->configs; i++) {
        sorted[i] = configs[i];
        sorted[i].dataset = 0;
        sorted[i].trajectory = i;
    }
    list->config = malloc(n * sizeof *list->config);
    list->members = malloc(n * sizeof *list->members);
    if (list->config == NULL || list->members == NULL)
        return ms_fail_memory(err, NULL, "for the configurations");
    memcpy(list->config, sorted, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_configs);
    count = find_groups(sorted, list->configs, groups);
    list->trajectory = malloc((size_t)count * sizeof *list->trajectory);
    list->first_member = calloc((size_t)count + 1, sizeof *list->first_member);
    if (list->trajectory == NULL || list->first_member == NULL)
        return ms_fail_memory(err, NULL, "for the trajectories");
    for (int64_t g = 0; g < count; g++)
        add_trajectory(list, sorted, &groups[g]);
    ms_grid_list_place_costs(list, 1);
    return MS_OK;
}

enum ms_code ms_grid_list_make(const struct ms_config *configs, int64_t n, struct ms_grid_list **list,
                               struct ms_error *err)
{
    struct ms_grid_list *made = calloc(1, sizeof *made);
    struct ms_config *sorted = malloc((size_t)n * sizeof *sorted);
    struct group *groups = malloc((size_t)n * sizeof *groups);
    enum ms_code code;

    if (made == NULL || sorted == NULL || groups == NULL) {
        code = ms_fail_memory(err, NULL, "for the configurations");
    } else {
        made->configs = n;
        code = fill(made, configs, sorted, groups, err);
    }
    free(sorted);
    free(groups);
    if (code != MS_OK) {
        ms_grid_list_free(made);
        made = NULL;
    }
    *list = made;
    return code;
}

int64_t ms_grid_list_bytes(const struct ms_grid *grid)
{
    const struct ms_grid_list *list = grid->list;

    if (list == NULL)
        return 0;
    return list->configs * (int64_t)(sizeof *list->config + sizeof *list->members) +
           list->trajectories * (int64_t)(sizeof *list->trajectory + sizeof *list->first_member);
}

void ms_grid_list_free(struct ms_grid_list *list)
{
    if (list == NULL)
        return;
    free(list->config);
    free(list->members);
    free(list->first_member);
    free(list->trajectory);
    free(list);
}
