/* What an iteration costs, from which the plan expects the work of a trajectory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/plan.h"

/* Cycles for 8 samples, measured with the AVX-512 nest on two features; a feature costs one fma forward and one
 * backward. iteration_cycles is the cost of an iteration apart from its samples. */
static const double unit_cycles[MS_ACTIVATION_COUNT] = {[MS_TANH] = 6.8, [MS_SIGMOID] = 6.8, [MS_RELU] = 2.7};
static const double output_cycles = 5.1, feature_cycles = 1.0, iteration_cycles = 200.0;

const double ms_plan_seconds_per_work = 0.4e-9;

double ms_plan_cost(enum ms_activation activation, int32_t n_x, int32_t n_h, int64_t m)
{
    int64_t vectors = (m + 7) / 8;
    double units = n_h;

    return iteration_cycles +
           (double)vectors * (output_cycles + units * (unit_cycles[activation] + feature_cycles * (n_x - 2)));
}
