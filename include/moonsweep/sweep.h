/* The sweep itself: rank 0 hands out leases and trains, every rank trains and writes. Messages and
 * invariants: docs/protocol.md.
 *
 *     all ranks: ms_sweep_run(&spec, &summary, err)
 */
#ifndef MOONSWEEP_SWEEP_H
#define MOONSWEEP_SWEEP_H

#include <mpi.h>
#include <stdio.h>

#include "moonsweep/grid.h"
#include "moonsweep/kernel.h"
#include "moonsweep/samples.h"
#include "moonsweep/store.h"

struct ms_sweep_spec {
    MPI_Comm comm;
    const struct ms_grid *grid;
    int32_t n_datasets;
    const struct ms_samples *train, *dev; /* [n_datasets] */
    const struct ms_kernel *kernel;
    struct ms_store *store;           /* opened, run begun or joined */
    const struct ms_store_scan *scan; /* rank 0: what is done already; elsewhere NULL */
    FILE *progress;                   /* rank 0: where progress goes (standard error); NULL: nowhere */
    bool dedicated_coordinator;       /* rank 0 only coordinates */
};

/* What the sweep did; meaningful on rank 0. */
struct ms_sweep_summary {
    double wall_s;        /* from the first lease to the last commit */
    double core_s;        /* seconds of training, summed over the ranks */
    double trained_share; /* share of the cores' time that they trained, from the first lease until work ran
                             out */
    int64_t iterations;   /* trained in this run */
    int64_t done, diverged, pending;
    int64_t best_config; /* highest dev accuracy of the done ones; -1: none */
    double best_dev_accuracy;
};

/* Collective. Every rank returns the same code; on an error rank 0's err holds the one message (with rank and
 * host of its origin). MS_OK: nothing is left; MS_WORK_LEFT: stopped in good order. */
enum ms_code ms_sweep_run(const struct ms_sweep_spec *spec, struct ms_sweep_summary *summary,
                          struct ms_error *err);

#endif
