/* Computes the cost and the next parameters from the totals of a pass.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_STEP_H
#define MOONSWEEP_TRAIN_STEP_H

#include "moonsweep/kernel.h"
#include "moonsweep/network.h"

/* Returns the cost of the network whose pass gave these totals (ms_kernel.reduce), a value of the precision of the
 * samples; not finite (if NaN, then canonical) if its arguments overflow. */
double ms_step_cost(const struct ms_pass *pass, const double *totals);

/* Sets next to network, whose pass gave these totals, less learning_rate times the gradient of the cost. Returns whether
 * all of next is finite. If the pass is left, next and the returned value are meaningless. */
bool ms_step_update(const struct ms_pass *pass, const struct ms_network *network, const double *totals,
                    double learning_rate, struct ms_network *next);

#endif
