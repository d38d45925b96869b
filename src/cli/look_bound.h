/* How much of a sweep whose job can end trajectories early may be left at most.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_LOOK_BOUND_H
#define MOONSWEEP_CLI_LOOK_BOUND_H

#include <stdbool.h>

#include "moonsweep/reader.h"

/* Sets *is_bound to whether the stored job has halving or rules that end trajectories early, and *most to the iteration
 * count to which each trajectory is trained at most, [trajectories] which the caller frees; NULL: to its largest one. A
 * stored job that is corrupt has no rules. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code look_bound(const char *path, struct ms_reader *reader, const struct ms_progress_table *table,
                        bool *is_bound, int64_t **most, struct ms_error *err);

#endif
