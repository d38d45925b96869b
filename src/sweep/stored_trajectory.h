/* Trains one trajectory and stores what it passes: costs as they come, a result at each iteration count, and
 * checkpoints in between. */
#ifndef MOONSWEEP_SWEEP_STORED_TRAJECTORY_H
#define MOONSWEEP_SWEEP_STORED_TRAJECTORY_H

#include "moonsweep/sweep.h"
#include "moonsweep/train.h"
#include "protocol.h"

/* What all trajectories of a rank have in common. */
struct ms_stored_trajectory_spec {
    const struct ms_sweep_spec *sweep;
    const int32_t *order; /* [n_iterations] positions of the iterations axis, by ascending count */
    ms_tick *tick;        /* true stops the training */
    void *context;
};

/* Trains trajectory t of a lease from where the lease begins (what is committed up to there is final and
 * stays) to where it ends, adding to totals as it goes. Where what is stored at the beginning does not hold its
 * checksum, it begins with the newest state before it that does. *stopped: the tick ended it early; what was
 * passed by then is stored, and a checkpoint of where it was. Errors: those of the store, and MS_NO_MEMORY. */
enum ms_code ms_stored_trajectory_train(const struct ms_stored_trajectory_spec *spec,
                                        const struct ms_lease *lease, int64_t t, struct ms_totals *totals,
                                        bool *stopped, struct ms_error *err);

#endif
