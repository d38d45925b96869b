/* Compares two estimates of how long a sweep takes: with a rank 0 whose training is slowed down by its load, and
 * with one rank less. With few ranks the load is nearly nothing, and a rank less costs much; with thousands of
 * them, a rank less costs nearly nothing, and all ranks would wait at the end for the last lease of a slow
 * rank 0.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/coordination.h"

#include <math.h>

#include "moonsweep/plan.h"

static const double least_report_s = 0.25, most_reports_per_s = 40000;

/* The processor time of rank 0 for a report, and for a lease: receiving FINISH and ASK, and answering. Measured with 17
 * ranks and TCP, through which messages take the longest: docs/benchmarks.md. */
static const double report_cost_s = 4e-6, lease_cost_s = 20e-6;

/* With fewer ranks, a rank less costs more than a hundredth of the time. */
enum { LEAST_RANKS = 100 };

/* A rank 0 that only hands out work must save at least a thousandth of the time. */
static const double least_gain = 0.999;

void ms_coordination_add(struct ms_coordination *sweep, double work)
{
    sweep->trajectories++;
    sweep->work += work;
    sweep->longest = fmax(sweep->longest, work);
}

double ms_coordination_report_s(int32_t ranks)
{
    return fmax(least_report_s, ranks / most_reports_per_s);
}

/* Each trajectory is a lease, unless the plan bundles them. */
static double leases_per_s(const struct ms_coordination *sweep)
{
    const double core_s = sweep->work * ms_plan_seconds_per_work;

    return core_s > 0 ? fmin((double)sweep->trajectories * sweep->ranks / core_s, MS_PLAN_LEASES_PER_S) : 0;
}

double ms_coordination_load(const struct ms_coordination *sweep)
{
    return sweep->ranks / ms_coordination_report_s(sweep->ranks) * report_cost_s +
           leases_per_s(sweep) * lease_cost_s;
}

/* The work of a rank until the end of the sweep if so many ranks share it, on average. No rank ends before the longest
 * trajectory does. */
static double span(const struct ms_coordination *sweep, double ranks)
{
    return fmax(sweep->work / ranks, sweep->longest);
}

bool ms_coordination_is_open(int32_t ranks)
{
    return ranks >= LEAST_RANKS;
}

bool ms_coordination_is_dedicated(const struct ms_coordination *sweep)
{
    const double load = ms_coordination_load(sweep);
    double mean, training;

    if (!ms_coordination_is_open(sweep->ranks) || sweep->trajectories == 0)
        return false;
    /* The last lease of rank 0 may end later than those of the others, by what its messages take meanwhile. */
    mean = sweep->work / (double)sweep->trajectories;
    training = span(sweep, sweep->ranks - load) + mean * load / (1 - load);
    return span(sweep, sweep->ranks - 1) < least_gain * training;
}
