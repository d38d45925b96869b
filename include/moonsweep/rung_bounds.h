/* What successive halving and rules that end trajectories early leave open before a sweep: how many trajectories take
 * part in each rung at most, and how many iterations are trained at least and at most.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_RUNG_BOUNDS_H
#define MOONSWEEP_RUNG_BOUNDS_H

#include "moonsweep/halving.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A rung of a data set at which something is decided. */
struct ms_rung_bound {
    int32_t dataset;
    int64_t iterations;
    int64_t entering, kept; /* the most trajectories that take part in it, and that go on */
};

/* If no trajectory diverges, the bounds of a product are exact but for the rules. */
struct ms_rung_bounds {
    struct ms_rung_bound *rungs; /* [n] owned: by data set and iterations */
    int64_t n;
    int64_t at_least, at_most; /* iterations */
};

/* Finds the bounds. earliest: the iteration before which no rule ends a trajectory that does not diverge; INT64_MAX: there
 * is no rule. halving->keep may be 0. The caller frees bounds. Errors: MS_NO_MEMORY. */
enum ms_code ms_rung_bounds_find(const struct ms_halving *halving, const struct ms_grid *grid,
                                 int64_t earliest, struct ms_rung_bounds *bounds, struct ms_error *err);
void ms_rung_bounds_free(struct ms_rung_bounds *bounds);

#ifdef __cplusplus
}
#endif

#endif
