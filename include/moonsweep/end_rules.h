/* Rules that end a trajectory before its last iteration: the section `stop` of a job. All but max_seconds depend only on
 * costs and on accuracies at fixed iterations, so that a trajectory ends at the same iteration wherever and however it is
 * trained.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_END_RULES_H
#define MOONSWEEP_END_RULES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A rule with a value of 0 does not apply. */
struct ms_end_rules {
    int64_t patience;           /* costs in a row that are no improvement, after which the trajectory ends */
    double min_delta;           /* a cost is an improvement if cost + min_delta is below the best one */
    double target_dev_accuracy; /* percent; the trajectory ends where an evaluation finds at least as much */
    int64_t every;      /* it is evaluated at multiples of this iteration count, and at those of the grid */
    double max_seconds; /* of processor time in training, after which the trajectory ends */
};

/* Whether a rule applies. */
static inline bool ms_end_rules_any(const struct ms_end_rules *rules)
{
    return rules->patience > 0 || rules->target_dev_accuracy > 0 || rules->max_seconds > 0;
}

/* The rule that has ended the trajectory before the iterations of a configuration. */
enum ms_ended_by {
    MS_ENDED_BY_NOTHING,
    MS_ENDED_BY_PATIENCE,
    MS_ENDED_BY_TARGET,
    MS_ENDED_BY_TIME,
    MS_ENDED_BY_COUNT
};

#ifdef __cplusplus
}
#endif

#endif
