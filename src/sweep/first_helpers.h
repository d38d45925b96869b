/* How many ranks of a sweep help others from its beginning (moonsweep/early_help.h).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_FIRST_HELPERS_H
#define MOONSWEEP_SWEEP_FIRST_HELPERS_H

#include "moonsweep/plan.h"
#include "moonsweep/sweep.h"

/* On rank 0: sets plan->helpers. plan: complete besides. Where early help is possible, it trains the network of the longest
 * trajectory for some milliseconds to find the speed of a rank. Errors: MS_NO_MEMORY. */
enum ms_code ms_first_helpers(const struct ms_sweep_spec *sweep, struct ms_plan_spec *plan,
                              struct ms_error *err);

#endif
