/* The configurations of a grid in the order of the rungs of successive halving.
 *
 *     struct ms_rung_entry *entries = ms_rung_entries_make(grid);
 *     for (int64_t first = 0, end; first < configs; first = end) {
 *         end = ms_rung_entries_end(entries, configs, first);
 *         ... entries[first .. end - 1] are those of one data set with one iteration count ...
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_RUNG_ENTRIES_H
#define MOONSWEEP_CORE_RUNG_ENTRIES_H

#include "moonsweep/grid.h"

/* A configuration. */
struct ms_rung_entry {
    int64_t dataset, iterations, trajectory, config;
};

/* Returns all configurations by data set, iterations, trajectory and number, or NULL if there is not enough memory. The
 * caller frees them. */
struct ms_rung_entry *ms_rung_entries_make(const struct ms_grid *grid);

/* Returns the position after the last entry with the data set and iterations of the entry at `first`. */
int64_t ms_rung_entries_end(const struct ms_rung_entry *entries, int64_t configs, int64_t first);

/* Returns the largest iteration count of each trajectory [trajectories], or NULL if there is not enough memory. The
 * caller frees them. */
int64_t *ms_rung_entries_longest(const struct ms_rung_entry *entries, int64_t configs, int64_t trajectories);

#endif
