/* Rules that exclude configurations from a grid.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_GRID_EXCLUDE_H
#define MOONSWEEP_JOB_GRID_EXCLUDE_H

#include "section.h"

struct ms_exclusions;

/* Reads a mapping of conditions, or a list of them. *exclusions is NULL after an error. Errors: MS_BAD_INPUT,
 * MS_NO_MEMORY. */
enum ms_code ms_exclusions_read(const struct ms_nodes *nodes, const char *place, const yaml_node_t *node,
                                struct ms_exclusions **exclusions);

/* Whether a configuration, given as the values of all axes, meets all conditions of one of the rules. */
bool ms_exclusions_match(struct ms_exclusions *exclusions, const double values[MS_AXES]);

/* The place of the first rule that none of these configurations has met; NULL: there is none. It belongs to exclusions. */
const char *ms_exclusions_idle(const struct ms_exclusions *exclusions);

/* NULL has no effect. */
void ms_exclusions_free(struct ms_exclusions *exclusions);

#endif
