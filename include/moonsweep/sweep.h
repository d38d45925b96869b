/* A sweep on all ranks: rank 0 hands out leases, and every rank trains and writes. docs/protocol.md describes the
 * messages and the invariants.
 *
 *     all ranks: ms_sweep_run(&spec, &summary, err)
 *
 * Progress is written to spec.progress on rank 0. The first of these conditions that applies decides its form:
 *   MOONSWEEP_PROGRESS=live|plain|off   that form; for scripts that know where the output goes
 *   NO_COLOR, or TERM=dumb or not set   plain
 *   a terminal                          live: one line, redrawn five times a second within the terminal's width
 *   anything else                       plain: a line every ten seconds, without control characters
 * Under Open MPI's mpirun a rank's standard error is a pipe. If rank 0 runs on mpirun's host, the standard error of
 * mpirun is checked instead.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_H
#define MOONSWEEP_SWEEP_H

#include <mpi.h>
#include <signal.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/end_rules.h"
#include "moonsweep/grid.h"
#include "moonsweep/kernels.h"
#include "moonsweep/samples.h"
#include "moonsweep/team.h"
#include "moonsweep/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_node; /* src/sweep/node.h */

enum { MS_HOST_BYTES = MPI_MAX_PROCESSOR_NAME + 1 };

struct ms_sweep_summary;

/* What happens when ranks give no sign of life: they are suspended, or wait for a file system that does not answer. Rank 0
 * watches all ranks, and the last rank watches rank 0. Each member is set on every rank. */
struct ms_sweep_watch {
    double rank_timeout_s; /* after so many seconds the sweep ends without the rank; 0: never */
    /* Rank 0: [ranks][MS_HOST_BYTES] where they run; elsewhere: where rank 0 runs; may be NULL */
    const char *hosts;

    /* Called with a sentence for the log when ranks have been silent for long, are alive again, or are lost; may be NULL.
     * state: rank 0: which ranks are silent now, in words, empty if none are; NULL on the other rank. */
    void (*tell)(void *context, const char *sentence, const char *state);
    void *tell_context;

    /* Called when a rank is lost and the others have stored their work and left, or when rank 0 is lost. It must end the
     * program on all ranks (MPI_Abort) and does not return. The other ranks wait for messages, so no collective call
     * would ever end. summary: NULL if this is not rank 0. is_own: a rank that is lost is this one, whose file system
     * does not answer, or rank 0. err: how the sweep has ended. NULL: the sweep waits for lost ranks without end. */
    void (*give_up)(void *context, const struct ms_sweep_summary *summary, bool is_own,
                    const struct ms_error *err);
    void *give_up_context;
};

struct ms_sweep_spec {
    MPI_Comm comm;
    const struct ms_grid *grid;
    const struct ms_samples *train, *dev; /* [grid->n_datasets] */
    const struct ms_samples *largest;     /* of train, on which kernels are measured */
    const struct ms_kernels *kernels;
    struct ms_writer *writer;          /* opened, with its run begun or joined */
    const struct ms_writer_scan *scan; /* rank 0: what is done already; NULL elsewhere */
    FILE *progress;                    /* rank 0: the stream for progress (standard error); NULL: none */
    struct ms_node *node; /* one rank of each machine writes for all its ranks; NULL: each rank writes */
    bool dedicated_coordinator; /* rank 0 does not train (if there is another rank) */
    struct ms_end_rules rules;  /* that end trajectories early */
    bool computes_recurring;    /* as in struct ms_train_spec */
    /* The cores that this rank may use, for ranks that help others (moonsweep/team.h); 0: none do */
    int32_t team_cores;
    struct ms_team *team; /* of this rank's machine; NULL: there is none */
    bool has_teams;       /* there is one on some machine */
    double checkpoint_s;  /* interval between checkpoints of a trajectory, above 0 */

    /* Rank 0: [ranks] which ranks have a team together, as the nodes in struct ms_plan_spec; NULL: there are no teams */
    const int32_t *team_nodes;

    /* The sweep stops cleanly when this flag becomes nonzero on any rank (may be NULL), when rank 0 reaches the time
     * limit (INFINITY: none), or when another process calls ms_lock_ask_to_stop. */
    const volatile sig_atomic_t *stop;
    double time_limit_s;         /* from the call of ms_sweep_run */
    int64_t stop_after_failures; /* also when so many configurations of the file have diverged; 0: never */
    struct ms_sweep_watch watch;

    /* For a sweep in several calls, as src/sweep/rungs.h makes them; otherwise NULL and 0. goal: on rank 0,
     * [trajectories] the iteration count to which each is trained now; not used of those that are finished according to
     * scan. */
    const int64_t *goal;
    double elapsed_s;  /* seconds of the calls before, for the progress */
    double work_after; /* the most work that may be left after this call (ms_plan_cost), for the progress */
};

/* Why a sweep ended early. */
enum ms_stop_reason {
    MS_STOP_NONE,
    MS_STOP_SIGNAL,
    MS_STOP_TIME_LIMIT,
    MS_STOP_REQUEST,
    MS_STOP_FAILURES,
    MS_STOP_SILENCE
};

/* What the sweep did; meaningful on rank 0.
 *
 * trained_share: the share of the cores' time that was spent in training, as long as there was work: core_s divided by
 * the sum of the seconds in which each rank had work, from its first request for a lease until it had finished its last
 * one, without the time for which ranks were suspended during training. For a rank that only coordinates this is the
 * time from the start until the last lease was finished. NaN if nothing was trained. */
struct ms_sweep_summary {
    double wall_s; /* from the first lease to the last commit */
    double core_s; /* processor seconds of training, summed over the ranks */
    double trained_share;
    int64_t iterations; /* computed in this run */
    int64_t repeated;   /* others, which were known because the parameters recur */
    /* Configurations of the file, also from earlier runs */
    int64_t done, diverged, stopped, dropped, pending;
    struct ms_best best; /* of all done and stopped configurations of the file */
    enum ms_stop_reason stop_reason;
    int64_t leases;        /* handed out in this run */
    bool lease_table_full; /* /leases has no free row: some leases are not recorded */
    int64_t unprotected;   /* leases without checkpoint slots: all slots of the file were in use */
    int64_t checkpoints;   /* number written */
    double checkpoint_s;   /* seconds spent writing them, summed over the ranks */
    double suspended_s;    /* seconds of suspension during training, summed over the ranks */
    double helped_s;       /* seconds for which ranks helped others, likewise */
};

/* Collective. Every rank returns the same code. After an error every err contains the same message (with the rank and
 * host where it occurred, unless that is rank 0), which rank 0 should print. MS_OK: no work is left; MS_WORK_LEFT: the
 * sweep was stopped cleanly. The summary is set in each of these cases. Everything trained is durable, unless storing
 * failed. */
enum ms_code ms_sweep_run(const struct ms_sweep_spec *spec, struct ms_sweep_summary *summary,
                          struct ms_error *err);

/* The bytes that rank 0 needs for the schedule of a sweep over this grid. */
int64_t ms_sweep_schedule_bytes(const struct ms_grid *grid);

#ifdef __cplusplus
}
#endif

#endif
