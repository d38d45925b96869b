/* Values of an axis that are not written one by one: a range of whole numbers, or numbers at equal distances or in equal
 * proportions.
 *
 *     seed: {range: [0, 1000000]}            0, 1, ..., 999999
 *     seed: {range: [0, 100], step: 10}      0, 10, ..., 90
 *     noise: {linear: [0.1, 0.5, 5]}         0.1, 0.2, 0.3, 0.4, 0.5
 *     learning_rate: {log: [0.001, 1, 4]}    0.001, 0.01, 0.1, 1
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_AXIS_RANGE_H
#define MOONSWEEP_JOB_AXIS_RANGE_H

#include "node.h"

/* The largest number of values that are not written one by one: each takes 8 bytes of memory, and the meaning of the job
 * contains all of them. */
#define MS_AXIS_LONGEST_RANGE 4000000

/* Whether node is a mapping with a key that makes values: range, linear or log. */
bool ms_axis_range_is(const struct ms_nodes *nodes, const yaml_node_t *node);

/* Makes the values of the mapping node, which are all different. The caller frees *values. Errors: MS_BAD_INPUT,
 * MS_NO_MEMORY. */
enum ms_code ms_axis_range_read(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                                const yaml_node_t *node, double **values, int32_t *count);

#endif
