/* Trains one trajectory and stores it: its costs, a result at each iteration count of the grid, and checkpoints in
 * between.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_STORED_TRAJECTORY_H
#define MOONSWEEP_SWEEP_STORED_TRAJECTORY_H

#include "moonsweep/sweep.h"
#include "moonsweep/train.h"
#include "protocol.h"

/* What is the same for all trajectories of a rank. */
struct ms_stored_trajectory_spec {
    const struct ms_sweep_spec *sweep;
    struct ms_grid_member *members; /* [ms_grid_max_members] a buffer */
    ms_tick *tick;                  /* returns true to stop training */
    void *context;
};

/* Trains trajectory t of a lease from the first iteration of the lease to the last one, and adds to totals. What is
 * committed up to the first iteration is final and does not change. If the state stored for the first iteration does
 * not match its checksum, training starts from the newest earlier state that does. *stopped: the tick stopped the
 * training; the results passed by then are stored, and a checkpoint of the last state. Errors: those of the store, and
 * MS_NO_MEMORY. */
enum ms_code ms_stored_trajectory_train(const struct ms_stored_trajectory_spec *spec,
                                        const struct ms_lease *lease, int64_t t, struct ms_totals *totals,
                                        bool *stopped, struct ms_error *err);

#endif
