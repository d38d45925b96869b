/* Reads the grid of a job file: one mapping, or a list of them whose configurations follow each other.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_GRID_FILL_H
#define MOONSWEEP_JOB_GRID_FILL_H

#include "moonsweep/job.h"
#include "node.h"

/* The largest number of configurations that a grid may have if it is not the product of its axes: they are kept in
 * memory, about 150 bytes each. */
#define MS_GRID_LARGEST_LIST 4000000

/* Sets job->grid, for which job->init_scale must be known. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_grid_fill(const struct ms_nodes *nodes, const yaml_node_t *node, struct ms_job *job);

#endif
