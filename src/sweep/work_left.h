/* The work that is left of a trajectory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_WORK_LEFT_H
#define MOONSWEEP_SWEEP_WORK_LEFT_H

#include "moonsweep/sweep.h"

/* Rank 0: the work until the end of trajectory t, in the unit of ms_plan_cost, unless the trajectory is finished. */
double ms_work_left_of(const struct ms_sweep_spec *sweep, int64_t t);

#endif
