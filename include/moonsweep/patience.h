/* What the rule about costs (moonsweep/end_rules.h) knows of a trajectory. It follows from the costs alone: whoever knows
 * them, such as a training that resumes, finds the same.
 *
 *     struct ms_patience patience = ms_patience_begin(&rules);
 *     for (each cost) ms_patience_note(&patience, &rules, cost);
 *     ... ms_patience_is_over(&patience, &rules): the trajectory ends after the update that follows the last cost
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_PATIENCE_H
#define MOONSWEEP_PATIENCE_H

#include <stdbool.h>

#include "moonsweep/end_rules.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_patience {
    double best;    /* the last cost that was an improvement */
    int64_t waited; /* costs since then */
};

/* Before the first cost, which is an improvement. Without the rule, best is NaN for ever and waited is 0. */
struct ms_patience ms_patience_begin(const struct ms_end_rules *rules);

/* Notes the cost of the next iteration. The arithmetic is that of float64 in either precision. */
void ms_patience_note(struct ms_patience *patience, const struct ms_end_rules *rules, double cost);

/* Notes `costs` further ones that are known not to be improvements. */
void ms_patience_wait(struct ms_patience *patience, const struct ms_end_rules *rules, int64_t costs);

bool ms_patience_is_over(const struct ms_patience *patience, const struct ms_end_rules *rules);

#ifdef __cplusplus
}
#endif

#endif
