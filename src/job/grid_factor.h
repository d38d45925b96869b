/* A factor of a grid: points that each give some axes a value. A grid is the product of its factors, of which each axis
 * is in exactly one.
 *
 * An axis that is alone is a factor of one axis; axes that are zipped, listed configurations and random points are
 * factors of several.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_GRID_FACTOR_H
#define MOONSWEEP_JOB_GRID_FACTOR_H

#include "section.h"

struct ms_factor {
    int32_t axes;
    const struct ms_key *keys[MS_AXES]; /* of its axes */
    double *values[MS_AXES];            /* [axes][points], each owned */
    int64_t points;
};

/* The number of an axis: 0 is the outermost one. */
int32_t ms_factor_axis(const struct ms_key *key);

/* Adds an axis with these values, one for each point. The factor owns them from now on. */
void ms_factor_add(struct ms_factor *factor, const struct ms_key *key, double *values, int64_t points);

/* Frees what a factor owns and makes it empty (all zero). */
void ms_factor_free(struct ms_factor *factor);

/* Reads the axes of a mapping of axes of equal length, each a list of values: one point for each position. The nodes of
 * the axes are entered in grid. The caller frees factor, also after an error. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_factor_read_zip(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                struct ms_factor *factor);

/* Reads a list of mappings, one for each point, which all give values to the same axes. Likewise. */
enum ms_code ms_factor_read_configs(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                    struct ms_factor *factor);

#endif
