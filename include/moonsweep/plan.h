/* The schedule: which rank trains what, when. A pure state machine, without MPI, clocks or files.
 *
 *     ms_plan_open(&spec, &plan, err);
 *     while (a rank asks)
 *         if (ms_plan_next_lease(plan, rank, &lease)) send it; else the rank is done (or idle)
 *     ms_plan_finish(plan, lease.id, seconds) when a rank reports a lease as finished
 *     ms_plan_is_done(plan)
 *
 * Longest expected work first; trajectories that are small next to min_lease_s are bundled, consecutive ones
 * a lease, and bundles shrink near the end so that no rank waits long for the last one. */
#ifndef MOONSWEEP_PLAN_H
#define MOONSWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* A piece of work: trajectories first .. first + count - 1, each from from_iteration (or, for a bundle, from
 * wherever it stands: see docs/protocol.md) to to_iteration. */
struct ms_lease {
    int64_t id; /* row of /leases, 0, 1, 2, ... within the file */
    int64_t first_trajectory;
    int64_t count;
    int64_t from_iteration;
    int64_t to_iteration;
    int32_t slots[2]; /* checkpoint slots, -1: none */
};

#endif
