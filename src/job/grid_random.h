/* Random points of a grid. docs/jobs.md states how they are drawn.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_GRID_RANDOM_H
#define MOONSWEEP_JOB_GRID_RANDOM_H

#include "grid_factor.h"

/* How points are drawn from the unit cube. */
enum ms_drawing { MS_DRAWING_PLAIN, MS_DRAWING_LATIN_HYPERCUBE, MS_DRAWING_SOBOL, MS_DRAWING_COUNT };

/* Reads the mapping "random" and draws its points. The nodes of the axes are entered in grid. The caller frees factor,
 * also after an error. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_factor_read_random(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                   struct ms_factor *factor);

#endif
