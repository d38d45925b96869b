/* Decides when watching a result file ends: no run is active on it, and none is expected soon.
 *
 * Watching ends immediately if the sweep is finished, or if its last run was stopped or ended by an error. A run that
 * was killed may be restarted: jobs/local.sh and slurm/sweep.sbatch do that within seconds. Watching such a file ends
 * when it has not changed for 30 seconds. The same applies to a file on which no run has begun yet, and to a file
 * without a lock file, since a run whose result gets another name ends at once. Watching does not end while a file does
 * not exist or while this host cannot determine whether a run is active: the user has to decide.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_WATCH_H
#define MOONSWEEP_CLI_WATCH_H

#include "look.h"

/* What is known of a file from earlier times; initially all zero. */
struct watch {
    bool was_there;     /* it existed at an earlier time */
    bool is_abandoned;  /* its run was killed, or none has begun */
    uint64_t abandoned; /* that run */
    double abandoned_s; /* when that was first noticed */
};

/* Updates watch with the state of the file at now_s (monotonic); returns whether watching the file ends. */
bool watch_take(struct watch *watch, const struct look *look, double now_s);

#endif
