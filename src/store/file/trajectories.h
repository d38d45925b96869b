/* Where each trajectory of a file is: its configurations and its costs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_TRAJECTORIES_H
#define MOONSWEEP_STORE_TRAJECTORIES_H

#include "costs.h"

struct ms_trajectories {
    int64_t count;
    int64_t *members; /* [configurations] owned: the configurations of each, ascending, one after another */
    int64_t *first; /* [count + 1] owned: where its members begin; at the end, the number of configurations */
    int64_t *cost_start;  /* [count + 1] owned: first stored cost; at the end, the size of `cost` */
    int64_t *cost_stride; /* [count] owned */
};

/* Reads the trajectories, which the caller frees. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (the
 * contents contradict each other). */
enum ms_code ms_trajectories_read(const struct ms_file *file, struct ms_trajectories *trajectories,
                                  struct ms_error *err);

/* Returns the place of a trajectory's costs with all for which there is room. */
struct ms_costs ms_trajectories_costs(const struct ms_trajectories *trajectories, int64_t trajectory);

/* Frees the trajectories. */
void ms_trajectories_free(struct ms_trajectories *trajectories);

#endif
