/* Successive halving: writes the rows of trajectories that were dropped, between two rounds, on rank 0.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_DROP_H
#define MOONSWEEP_SWEEP_DROP_H

#include "moonsweep/sweep.h"

struct ms_drop_spec {
    const struct ms_sweep_spec *sweep;
    struct ms_writer_scan *scan;    /* is brought up to date */
    const int64_t *dropped_at;      /* [trajectories] the rung at which each was dropped; 0: it was not */
    struct ms_grid_member *members; /* [ms_grid_max_members] a buffer */
};

/* Writes the rows of all dropped trajectories that are still pending, and makes them durable. *is_stopped: a stop ended
 * this early. Errors: those of ms_writer_result, and MS_NO_MEMORY. */
enum ms_code ms_drop_rows(const struct ms_drop_spec *spec, bool *is_stopped, struct ms_error *err);

#endif
