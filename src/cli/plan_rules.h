/* What successive halving and the rules that end trajectories early mean for a job: rungs, and bounds of the
 * iterations.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_RULES_H
#define MOONSWEEP_CLI_PLAN_RULES_H

#include <stdio.h>

#include "moonsweep/job.h"
#include "moonsweep/rung_bounds.h"

struct plan_rules {
    const struct ms_job *job; /* must outlive it */
    struct ms_rung_bounds bounds;
};

/* Finds the bounds. The caller frees rules. Errors: MS_NO_MEMORY. */
enum ms_code plan_rules_find(const struct ms_job *job, struct plan_rules *rules, struct ms_error *err);
void plan_rules_free(struct plan_rules *rules);

/* Writes a line for each rule and rung, and the bounds, if the job has any rules. */
void plan_rules_write_text(FILE *file, const struct plan_rules *rules);

/* Writes them as members of a JSON object, each after a comma. */
void plan_rules_write_json(FILE *file, const struct plan_rules *rules);

#endif
