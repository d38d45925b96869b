/* Finds the trajectory of a grid that has given settings.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_TRAJECTORY_INDEX_H
#define MOONSWEEP_STORE_TRAJECTORY_INDEX_H

#include <stddef.h>

#include "moonsweep/grid.h"

struct ms_trajectory_index {
    const struct ms_grid *grid; /* must outlive the index */
    int32_t *slots;             /* [capacity] owned: a hash table of trajectories; -1: empty */
    size_t capacity;            /* a power of two */
};

/* Makes the index; the caller frees it. Errors: MS_NO_MEMORY. */
enum ms_code ms_trajectory_index_make(const struct ms_grid *grid, struct ms_trajectory_index *index,
                                      struct ms_error *err);
void ms_trajectory_index_free(struct ms_trajectory_index *index);

/* Returns the trajectory on `dataset` that has the settings of config, except for its iteration count; -1: there is
 * none. */
int64_t ms_trajectory_index_find(const struct ms_trajectory_index *index, const struct ms_config *config,
                                 int32_t dataset);

#endif
