/* How long the networks of a job take to train on this machine, from a few iterations of some of them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_SPEED_H
#define MOONSWEEP_CLI_PLAN_SPEED_H

#include "moonsweep/job.h"

/* Of each trajectory: the seconds of one iteration, and those of evaluating and storing one configuration. */
struct plan_speed {
    double *iteration_s, *result_s; /* [trajectories] owned */
};

/* Measures with so many threads at once, as many as ranks will share this machine: they slow each other down. Takes about
 * a second, less if the job is small. The caller frees speed, also after an error. Errors: MS_NO_MEMORY, MS_BAD_USAGE (the
 * instruction set that the environment names). */
enum ms_code plan_speed_measure(const struct ms_job *job, const struct ms_dataset *datasets, int32_t threads,
                                struct plan_speed *speed, struct ms_error *err);
void plan_speed_free(struct plan_speed *speed);

#endif
