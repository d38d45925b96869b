/* Trains one trajectory or a slice of it and stores it: its costs, a result at each iteration count of the grid, and
 * checkpoints in between. After a slice, the state of the training stays in memory for the next one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_STORED_TRAJECTORY_H
#define MOONSWEEP_SWEEP_STORED_TRAJECTORY_H

#include "moonsweep/sweep.h"
#include "moonsweep/train.h"
#include "protocol.h"

/* The training of a trajectory of which a slice was trained last. */
struct ms_kept_training {
    int64_t trajectory;
    struct ms_train *train;                    /* owned; NULL: nothing is kept */
    double seconds_before, cpu_seconds_before; /* of training, before `train` was opened */
    int64_t piece;                             /* iterations of the next piece */
    double last_piece_s;                       /* duration of the last piece */
};

/* What is the same for all trajectories of a rank. */
struct ms_stored_trajectory_spec {
    const struct ms_sweep_spec *sweep;
    struct ms_grid_member *members; /* [ms_grid_max_members] a buffer */
    struct ms_kept_training *kept;  /* zeros at first; the caller ends with ms_kept_training_close */
    struct ms_train_memory *memory; /* zeros at first; the caller frees it after that */
    ms_tick *tick;                  /* returns true to stop training */
    void *context;
};

/* How the training of a trajectory has ended. */
enum ms_trajectory_end {
    MS_TRAJECTORY_TRAINED, /* to the end of the lease */
    MS_TRAJECTORY_ENDED,   /* it has diverged, or a rule has ended it: nothing of it is left */
    MS_TRAJECTORY_STOPPED  /* the tick stopped it; a checkpoint of its last state is stored */
};

/* Trains trajectory t of a lease from the first iteration of the lease to the last one, and adds to totals. What is
 * committed up to the first iteration is final and does not change. If the state stored for the first iteration does
 * not match its checksum, training starts from the newest earlier state that does. At the end of a slice, its state is
 * stored for the rank that goes on, but must be flushed. Errors: those of the store, and MS_NO_MEMORY. */
enum ms_code ms_stored_trajectory_train(const struct ms_stored_trajectory_spec *spec,
                                        const struct ms_lease *lease, int64_t t, struct ms_totals *totals,
                                        enum ms_trajectory_end *end, struct ms_error *err);

void ms_kept_training_close(struct ms_kept_training *kept);

#endif
