/* Decides again which trajectories successive halving drops, from the rows of a result, and compares that with the
 * configurations that were dropped.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_RETRAIN_DROPPED_H
#define MOONSWEEP_CLI_RETRAIN_DROPPED_H

#include "retrain.h"

/* The verification reports differences; *compared is set to the number of dropped configurations that follow from the
 * rows of their rung, or that do not. Configurations of rungs with a pending row are left out. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code retrain_dropped(const struct retrain_spec *spec, const struct ms_table *table, int64_t *compared,
                             struct ms_error *err);

#endif
