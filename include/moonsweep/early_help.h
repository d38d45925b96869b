/* How many ranks should help others from the beginning of a sweep, instead of training until nothing is left for them.
 *
 *     code = ms_early_help(&sweep, &helpers, &simulation, err);
 *     plan_spec.helpers = helpers;
 *
 * Where the longest trajectories take longer than the mean load of the ranks, they decide when the sweep ends. A rank that helps
 * with them from the beginning, while fewer others train the rest, makes it end earlier, if not too many do. How many are best
 * is found by simulating the sweep with different numbers. A number with which the sweep would take clearly longer if teams were
 * of no use is not taken, so that wrong expectations cost little (docs/cluster.md).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_EARLY_HELP_H
#define MOONSWEEP_EARLY_HELP_H

#include "moonsweep/simulate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether ms_early_help may find that ranks should help early: there are nodes of several ranks, long trajectories, and no
 * more trajectories and ranks than can be simulated in a part of a second. */
bool ms_early_help_is_possible(const struct ms_simulate_spec *sweep);

/* Sets *helpers to the number with which the sweep ends earliest; 0, if that is less than 3% earlier than without, or if it ends
 * within half a second. simulation: of the sweep with so many. What sweep->plan says of helpers is not read. Errors:
 * MS_NO_MEMORY. */
enum ms_code ms_early_help(const struct ms_simulate_spec *sweep, int32_t *helpers,
                           struct ms_simulation *simulation, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
