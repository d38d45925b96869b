/* Successive halving: which trajectories continue after each rung, decided from the results of the rungs alone.
 *
 *     ms_halving_decide(&halving, &grid, rows, &decision, err);
 *     ... decision.goal[t], decision.dropped_at[t] ...
 *     ms_halving_decision_free(&decision);
 *
 * A rung is an iteration count of the grid. The trajectories of one data set that have a configuration with this count
 * and one with a larger count, and were not dropped at an earlier rung, take part in it. When all of them are final
 * there, the best ones go on: the smallest number k of n with k / n >= keep (in float64), at least one. Larger
 * accuracies and smaller costs are better. If equal, the other measure of the same set decides, then the lower index of
 * the configuration. A value that is not finite is the worst. Diverged trajectories are last and never go on.
 * docs/jobs.md says this to users.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_HALVING_H
#define MOONSWEEP_HALVING_H

#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each measure is followed by, or follows, the one that decides if it is equal. */
enum ms_halving_measure {
    MS_HALVING_DEV_ACCURACY,
    MS_HALVING_DEV_COST,
    MS_HALVING_TRAIN_ACCURACY,
    MS_HALVING_TRAIN_COST,
    MS_HALVING_MEASURES
};

struct ms_halving {
    double keep; /* the fraction that goes on, above 0 and below 1; 0: there is no halving */
    enum ms_halving_measure by;
};

/* "dev_accuracy", "dev_cost", "train_accuracy", "train_cost". */
const char *ms_halving_measure_name(enum ms_halving_measure measure);

/* The measure that decides if this one is equal. */
enum ms_halving_measure ms_halving_other(enum ms_halving_measure measure);

/* The number of n > 0 trajectories that go on: the smallest one that is at least the fraction `keep` of them. */
int64_t ms_halving_number_kept(const struct ms_halving *halving, int64_t n);

/* What is known of a configuration. */
enum ms_halving_state {
    MS_HALVING_PENDING, /* it is not trained */
    MS_HALVING_RANKED,  /* it has values */
    MS_HALVING_DIVERGED
};

struct ms_halving_row {
    double value, other; /* by ms_halving.by and ms_halving_other */
    enum ms_halving_state state;
};

struct ms_halving_decision {
    int64_t *goal; /* [trajectories] the iteration count to which to train now; 0: it is finished, or waits */
    int64_t *dropped_at; /* [trajectories] the rung at which it was dropped; 0: it was not */
};

/* Decides every rung for which rows[configs] suffice. The caller frees decision. Errors: MS_NO_MEMORY. */
enum ms_code ms_halving_decide(const struct ms_halving *halving, const struct ms_grid *grid,
                               const struct ms_halving_row *rows, struct ms_halving_decision *decision,
                               struct ms_error *err);

/* Decides in the same way, but as if the trajectories with the largest cost[trajectories] of an iteration were the best
 * ones at the rungs that cannot be decided yet: so no more work can be left. goal is not set. */
enum ms_code ms_halving_assume(const struct ms_halving *halving, const struct ms_grid *grid,
                               const struct ms_halving_row *rows, const double *cost,
                               struct ms_halving_decision *decision, struct ms_error *err);

void ms_halving_decision_free(struct ms_halving_decision *decision);

#ifdef __cplusplus
}
#endif

#endif
