/* Sorts the configurations so that those of a rung are neighbours, and those of a trajectory at that rung, too.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "rung_entries.h"

#include <stdlib.h>

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_entries(const void *a_void, const void *b_void)
{
    const struct ms_rung_entry *a = a_void, *b = b_void;
    int order = compare_numbers(a->dataset, b->dataset);

    if (order == 0)
        order = compare_numbers(a->iterations, b->iterations);
    if (order == 0)
        order = compare_numbers(a->trajectory, b->trajectory);
    return order != 0 ? order : compare_numbers(a->config, b->config);
}

struct ms_rung_entry *ms_rung_entries_make(const struct ms_grid *grid)
{
    const int64_t configs = ms_grid_configs(grid);
    struct ms_rung_entry *entries = malloc((size_t)configs * sizeof *entries);

    if (entries == NULL)
        return NULL;
    for (int64_t c = 0; c < configs; c++) {
        const struct ms_config config = ms_grid_config(grid, c);

        entries[c] = (struct ms_rung_entry){config.dataset, config.iterations, config.trajectory, c};
    }
    qsort(entries, (size_t)configs, sizeof *entries, compare_entries);
    return entries;
}

int64_t ms_rung_entries_end(const struct ms_rung_entry *entries, int64_t configs, int64_t first)
{
    int64_t end = first + 1;

    while (end < configs && entries[end].dataset == entries[first].dataset &&
           entries[end].iterations == entries[first].iterations)
        end++;
    return end;
}

int64_t *ms_rung_entries_longest(const struct ms_rung_entry *entries, int64_t configs, int64_t trajectories)
{
    int64_t *longest = calloc((size_t)trajectories, sizeof *longest);

    for (int64_t i = 0; longest != NULL && i < configs; i++) /* by ascending counts */
        longest[entries[i].trajectory] = entries[i].iterations;
    return longest;
}
