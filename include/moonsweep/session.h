/* A session runs a sweep on an existing result file, on all ranks, from opening the file to ending its row in /runs.
 *
 *     ms_session_run(&spec, &outcome, err)         // collective: open, scan, train what is pending, close
 *
 * A program that makes rows in another way calls the steps separately:
 *
 *     ms_session_open(comm, path, &result, &writer, err)
 *     ms_session_begin(comm, writer, &info, err)
 *     ... moonsweep/writer.h ...
 *     ms_writer_close(writer)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SESSION_H
#define MOONSWEEP_SESSION_H

#include "moonsweep/halving.h"
#include "moonsweep/sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collective: rank 0 opens the result with HDF5 and sends the other ranks the position of everything. Errors, the same
 * on every rank: those of ms_writer_open and ms_writer_open_again. */
enum ms_code ms_session_open(MPI_Comm comm, const char *path, const struct ms_writer_spec *result,
                             struct ms_writer **writer, struct ms_error *err);

/* Collective: takes a row of /runs, and every rank joins that run; info is used on rank 0. Errors, the same on
 * every rank: those of ms_writer_run_begin. */
enum ms_code ms_session_begin(MPI_Comm comm, struct ms_writer *writer, const struct ms_run_info *info,
                              struct ms_error *err);

/* Whether each rank writes for itself (RANK), or one rank of each machine writes for all its ranks (NODE). AUTO is NODE
 * on network file systems and RANK on others. */
enum ms_session_writers { MS_WRITERS_AUTO, MS_WRITERS_RANK, MS_WRITERS_NODE };

/* Whether rank 0, which hands out the work, also trains (TRAIN) or not (DEDICATED). AUTO is what ends the sweep earlier
 * (moonsweep/coordination.h). */
enum ms_session_coordinator { MS_COORDINATOR_AUTO, MS_COORDINATOR_TRAIN, MS_COORDINATOR_DEDICATED };

struct ms_session_spec {
    const char *path;                    /* the result file */
    const struct ms_writer_spec *result; /* what it contains */
    struct ms_sweep_spec sweep; /* all but writer, scan, node and dedicated_coordinator, which are ignored */
    bool was_there;             /* rank 0: the file existed before; it may be a copy with holes */
    struct ms_halving halving;  /* keep 0: every trajectory is trained to its end */
    uint64_t run_id;            /* rank 0: as in struct ms_run_info */
    enum ms_session_writers writers;
    enum ms_session_coordinator coordinator;
    bool is_anonymous; /* do not store hosts, command and batch job */

    /* Called on rank 0 with what the file contains, before anything is trained; may be NULL. */
    void (*look)(void *context, const struct ms_writer_scan *scan, bool is_reserved);

    /* Called on rank 0 once the kernels of sweep have been measured, with those of its machine, and with whether rank 0
     * only hands out work; may be NULL. */
    void (*tell_start)(void *context, const struct ms_kernels *kernels, bool is_dedicated);

    /* Called on rank 0 after the run has begun, and again between rounds, to make rows that need not be trained; NULL on
     * all ranks or on none. It makes rows only up to the iteration count limit[t] of each trajectory, updates scan, and
     * lowers goal[t] to the count to which a trajectory must be trained before it is called in the next round. *again:
     * it must be called once more in this round, because it has made rows from which more may follow. */
    enum ms_code (*take_over)(void *context, struct ms_writer *writer, struct ms_writer_scan *scan,
                              const int64_t *limit, int64_t *goal, bool *again, struct ms_error *err);
    void *context; /* of all three */
};

struct ms_session_outcome {
    bool was_finished; /* the file was complete already */
    struct ms_sweep_summary summary;
};

/* Collective. Returns what ms_sweep_run returns, or the error of a step, or MS_IO_ERROR if the file does not contain
 * what was trained or has another name at the end. The outcome is meaningful on rank 0, was_finished on all ranks. */
enum ms_code ms_session_run(const struct ms_session_spec *spec, struct ms_session_outcome *outcome,
                            struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
