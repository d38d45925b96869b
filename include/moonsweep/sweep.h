/* The sweep itself: rank 0 hands out leases and trains, every rank trains and writes. Messages and
 * invariants: docs/protocol.md.
 *
 *     all ranks: ms_sweep_run(&spec, &summary, err)
 *
 * Progress goes to spec.progress on rank 0. What kind is decided by, first to last:
 *   MOONSWEEP_PROGRESS=live|plain|off   as it says; for scripts that know better
 *   NO_COLOR, or TERM=dumb or not set   plain
 *   a terminal                          live: one line, redrawn five times a second within its width
 *   anything else                       plain: a line every ten seconds, no control characters
 * Under Open MPI's mpirun a rank's standard error is a pipe; then mpirun's own is looked at, where rank 0
 * runs on its host. */
#ifndef MOONSWEEP_SWEEP_H
#define MOONSWEEP_SWEEP_H

#include <mpi.h>
#include <signal.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/grid.h"
#include "moonsweep/kernel.h"
#include "moonsweep/samples.h"
#include "moonsweep/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_node; /* src/sweep/node.h */

struct ms_sweep_spec {
    MPI_Comm comm;
    const struct ms_grid *grid;
    int32_t n_datasets;
    const struct ms_samples *train, *dev; /* [n_datasets] */
    const struct ms_kernel *kernel;
    struct ms_writer *writer;          /* opened, run begun or joined */
    const struct ms_writer_scan *scan; /* rank 0: what is done already; elsewhere NULL */
    FILE *progress;                    /* rank 0: where progress goes (standard error); NULL: nowhere */
    struct ms_node *node;       /* one rank of a machine writes for its others; NULL: each for itself */
    bool dedicated_coordinator; /* rank 0 only coordinates (if there is another rank) */
    double checkpoint_s;        /* above 0: from one checkpoint of a trajectory to the next */

    /* What ends the sweep early, in good order: a flag of any rank that is no longer 0 (may be NULL), the clock of
     * rank 0 (INFINITY: no limit), or somebody's ms_lock_ask_to_stop. */
    const volatile sig_atomic_t *stop;
    double time_limit_s; /* from the call of ms_sweep_run on */
};

/* Why a sweep ended early. */
enum ms_stop_reason { MS_STOP_NONE, MS_STOP_SIGNAL, MS_STOP_TIME_LIMIT, MS_STOP_REQUEST };

/* What the sweep did; meaningful on rank 0.
 *
 * trained_share: how much of the cores' time went into training until work ran out: the seconds of training over the sum
 * of the seconds that each rank had work for, from its asking for its first lease until its last one was
 * finished, less the time for which ranks were suspended while they trained. A rank that only coordinates counts
 * from the first lease to the last one finished. NaN if nothing was trained. */
struct ms_sweep_summary {
    double wall_s; /* from the first lease to the last commit */
    double core_s; /* processor seconds of training, summed over the ranks */
    double trained_share;
    int64_t iterations;              /* trained in this run */
    int64_t done, diverged, pending; /* configurations of the file, what was there before included */
    struct ms_best best;             /* of the done ones of the file */
    enum ms_stop_reason stop_reason;
    int64_t leases;        /* handed out in this run */
    bool lease_table_full; /* /leases has no row left: some leases are not in it */
    int64_t unprotected;   /* leases without checkpoint slots: all of the file's were taken */
    int64_t checkpoints;   /* written */
    double checkpoint_s;   /* seconds spent in writing them, summed over the ranks */
    double suspended_s;    /* seconds of suspension during training, summed over the ranks */
};

/* Collective. Every rank returns the same code; on an error every err holds the one message (with rank and
 * host of its origin unless that is rank 0), for rank 0 to print. MS_OK: nothing is left; MS_WORK_LEFT:
 * stopped in good order. The summary is set in each of these cases. Everything trained is durable, as far as
 * storing did not fail. */
enum ms_code ms_sweep_run(const struct ms_sweep_spec *spec, struct ms_sweep_summary *summary,
                          struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
