/* Grids that are a list: the configurations of one data set, with their trajectories.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_GRID_LIST_H
#define MOONSWEEP_CORE_GRID_LIST_H

#include "moonsweep/grid.h"

/* The largest number of iterations, and of costs, of a grid. */
static const int64_t ms_grid_largest_costs = INT64_C(1) << 53;

struct ms_grid_list {
    int64_t configs, trajectories;
    int64_t iterations, costs; /* of all trajectories together; the costs that are stored */
    int64_t max_members, max_iterations;
    int32_t max_n_h;
    struct ms_config *config;       /* [configs], all of data set 0 */
    struct ms_grid_member *members; /* [configs], grouped by trajectory, as ms_grid_members returns them */
    int64_t *first_member;          /* [trajectories + 1]: where each trajectory's members begin */
    struct ms_grid_trajectory *trajectory; /* [trajectories], likewise of data set 0 */
};

/* Makes the list of these configurations. Errors: MS_NO_MEMORY (*list is then NULL). */
enum ms_code ms_grid_list_make(const struct ms_config *configs, int64_t n, struct ms_grid_list **list,
                               struct ms_error *err);

/* Sets where the costs of each trajectory are if they are stored with this stride. */
void ms_grid_list_place_costs(struct ms_grid_list *list, int64_t stride);

/* If the list is a product in the order of a grid, sets the axes of grid to it. Otherwise, grid stays empty. Errors:
 * MS_NO_MEMORY (the caller frees grid). */
enum ms_code ms_grid_list_to_product(const struct ms_grid_list *list, struct ms_grid *grid,
                                     struct ms_error *err);

/* Frees a list. NULL has no effect. */
void ms_grid_list_free(struct ms_grid_list *list);

#endif
