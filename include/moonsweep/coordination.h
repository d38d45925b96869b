/* Whether rank 0, which hands out the work of a sweep, should train as well: what the ranks' messages cost it, and what
 * that costs the sweep, compared with a rank less that trains.
 *
 *     struct ms_coordination sweep = {.ranks = ranks};
 *     each trajectory that is left:  ms_coordination_add(&sweep, iterations * ms_plan_cost(...));
 *     if (ms_coordination_is_dedicated(&sweep)) ...
 *
 * docs/cluster.md explains the calculation.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_COORDINATION_H
#define MOONSWEEP_COORDINATION_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ms_coordination {
    int32_t ranks;
    int64_t trajectories; /* that are left */
    double work, longest; /* of all of them, and of the longest one, in the unit of ms_plan_cost */
};

void ms_coordination_add(struct ms_coordination *sweep, double work);

/* The seconds between two reports of a rank (TOTALS), which are its signs of life: a quarter of a second, and more than
 * that if all ranks together would send more than 40,000 a second. */
double ms_coordination_report_s(int32_t ranks);

/* The share of the time of its core that rank 0 needs for the messages of all ranks, 0 .. 0.26: there is a limit to the
 * reports, as there is one to the leases that the plan hands out in a second. */
double ms_coordination_load(const struct ms_coordination *sweep);

/* Whether the ranks are so many that rank 0 might do better not to train: if they are fewer than a hundred, it always
 * trains. */
bool ms_coordination_is_open(int32_t ranks);

/* Whether the sweep is expected to end earlier if rank 0 only hands out work. */
bool ms_coordination_is_dedicated(const struct ms_coordination *sweep);

#ifdef __cplusplus
}
#endif

#endif
