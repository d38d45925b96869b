/* The sizes of all networks of a job, with their work.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_JOB_SIZES_H
#define MOONSWEEP_CLI_JOB_SIZES_H

#include "moonsweep/job.h"
#include "moonsweep/kernel_sizes.h"

/* Collects the trajectories of a job with all their iterations. The work is in the unit of ms_plan_cost. */
struct ms_kernel_sizes job_sizes(const struct ms_job *job, const struct ms_dataset *datasets);

#endif
