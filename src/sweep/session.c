/* Runs the steps one after another; all ranks agree on the result of each before the next one begins. After a
 * sweep the file is checked in three steps, in this order: that the rows are there, that the row of /runs is
 * ended, and that the file still has its name. An error of the sweep takes precedence over theirs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/session.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hosts.h"
#include "moonsweep/agree.h"
#include "moonsweep/coordination.h"
#include "node_kernels.h"
#include "rungs.h"
#include "work_left.h"

/* Environment variables with the id of the batch job. */
static const char *const batch_job_variables[] = {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID"};

/* A session in progress. */
struct session {
    const struct ms_session_spec *spec;
    MPI_Comm comm;
    int rank, ranks;
    struct ms_writer *writer;
    struct ms_writer_scan scan; /* rank 0 */
    struct ms_kernels kernels;  /* of this machine */
    bool is_dedicated;          /* rank 0: it only hands out work */
    bool has_begun;             /* rank 0: a row of /runs is open */
    char *hosts;                /* owned: as in struct ms_sweep_watch */
    struct ms_session_outcome *outcome;
};

/* ---- opening --------------------------------------------------------------------------------------------- */

/* Sends the positions that rank 0 has found to all ranks. Each allocates *places, which the caller frees. */
static enum ms_code share_places(MPI_Comm comm, const struct ms_writer *writer, void **places,
                                 struct ms_error *err)
{
    const void *found = NULL;
    size_t bytes = 0;
    uint64_t count;
    enum ms_code code = MS_OK;

    if (writer != NULL)
        found = ms_writer_places(writer, &bytes);
    count = bytes;
    MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
    *places = malloc((size_t)count);
    if (*places == NULL)
        code = ms_fail_memory(err, NULL, "to open the result");
    else if (found != NULL)
        memcpy(*places, found, bytes);
    code = ms_agree(comm, code, err);
    if (code == MS_OK)
        MPI_Bcast(*places, (int)count, MPI_BYTE, 0, comm);
    return code;
}

enum ms_code ms_session_open(MPI_Comm comm, const char *path, const struct ms_writer_spec *result,
                             struct ms_writer **writer, struct ms_error *err)
{
    struct ms_writer *opened = NULL;
    void *places = NULL;
    enum ms_code code = MS_OK;
    int rank;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        code = ms_writer_open(path, result, &opened, err);
    code = ms_agree(comm, code, err);
    if (code == MS_OK)
        code = share_places(comm, opened, &places, err);
    if (code == MS_OK) {
        if (rank != 0)
            code = ms_writer_open_again(path, result, places, rank, &opened, err);
        code = ms_agree(comm, code, err);
    }
    free(places);
    if (code == MS_OK)
        *writer = opened;
    else
        ms_writer_close(opened);
    return code;
}

/* Scans the file on rank 0, reports what is done, and tells all ranks whether the sweep is finished. */
static enum ms_code look(struct session *session, struct ms_error *err)
{
    const struct ms_session_spec *spec = session->spec;
    struct ms_session_outcome *outcome = session->outcome;
    bool is_reserved = true;
    int finished = 0;
    enum ms_code code = MS_OK;

    if (session->rank == 0) {
        if (spec->was_there)
            code = ms_writer_reserve(session->writer, &is_reserved, err);
        if (code == MS_OK)
            code = ms_writer_scan(session->writer, &session->scan, err);
        finished = code == MS_OK && session->scan.pending == 0;
        outcome->summary.done = session->scan.done;
        outcome->summary.diverged = session->scan.diverged;
        outcome->summary.dropped = session->scan.dropped;
        outcome->summary.stopped = session->scan.stopped;
        if (code == MS_OK && spec->look != NULL)
            spec->look(spec->context, &session->scan, is_reserved);
    }
    code = ms_agree(session->comm, code, err);
    MPI_Bcast(&finished, 1, MPI_INT, 0, session->comm);
    outcome->was_finished = finished;
    return code;
}

/* ---- a run ----------------------------------------------------------------------------------------------- */

enum ms_code ms_session_begin(MPI_Comm comm, struct ms_writer *writer, const struct ms_run_info *info,
                              struct ms_error *err)
{
    uint64_t id = 0;
    int32_t row = 0;
    int rank;
    enum ms_code code = MS_OK;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0) {
        code = ms_writer_run_begin(writer, info, &id, &row, err);
        if (code != MS_OK)
            ms_agree_sign(comm, err);
    }
    code = ms_agree(comm, code, err);
    if (code != MS_OK)
        return code;
    MPI_Bcast(&id, 1, MPI_UINT64_T, 0, comm);
    MPI_Bcast(&row, 1, MPI_INT32_T, 0, comm);
    if (rank != 0)
        ms_writer_run_join(writer, id, row);
    return MS_OK;
}

static const char *batch_job(void)
{
    const char *id = NULL;

    for (size_t i = 0; id == NULL && i < sizeof batch_job_variables / sizeof batch_job_variables[0]; i++)
        id = getenv(batch_job_variables[i]);
    return id == NULL ? "" : id;
}

static enum ms_code begin(struct session *session, struct ms_error *err)
{
    const struct ms_session_spec *spec = session->spec;
    char isa[MS_KERNELS_TEXT], kernels[MS_KERNELS_TEXT];
    enum ms_code code = ms_hosts_gather(session->comm, &session->hosts, err);
    char *hosts = code == MS_OK && session->rank == 0 ? ms_hosts_join(session->ranks, session->hosts) : NULL;
    const struct ms_run_info info = {
        .id = spec->run_id,
        .ranks = session->ranks,
        .hosts = spec->is_anonymous || hosts == NULL ? "" : hosts,
        .isa = ms_kernels_names(&session->kernels, isa),
        .kernels = ms_kernels_text(&session->kernels, MS_KERNEL_SIZES_MOST, kernels),
        .command = spec->is_anonymous ? "" : spec->result->command,
        .batch_job = spec->is_anonymous ? "" : batch_job(),
    };

    if (code == MS_OK)
        code = ms_session_begin(session->comm, session->writer, &info, err);
    session->has_begun = code == MS_OK && session->rank == 0;
    free(hosts);
    return code;
}

/* Checks that all ranks have the same file, and makes the rows that are trained again pending before any rank trains.
 */
static enum ms_code reopen(const struct session *session, struct ms_error *err)
{
    enum ms_code code = ms_agree(session->comm, ms_writer_confirm_joined(session->writer, err), err);

    if (code == MS_OK && session->rank == 0)
        code = ms_writer_reopen(session->writer, &session->scan, err);
    code = ms_agree(session->comm, code, err);
    if (code == MS_OK)
        ms_writer_refresh(session->writer);
    return code;
}

/* Returns the error of a check of the file after the sweep, unless the sweep itself has failed. */
static enum ms_code agree_on_file(const struct session *session, enum ms_code code, enum ms_code file_code,
                                  struct ms_error *file_err, struct ms_error *err)
{
    file_code = ms_agree(session->comm, file_code, file_err);
    if (file_code == MS_OK || (code != MS_OK && code != MS_WORK_LEFT))
        return code;
    *err = *file_err;
    return file_code;
}

/* Checks that the file contains what was trained. code: the result of the sweep. */
static enum ms_code confirm_rows(const struct session *session, enum ms_code code, struct ms_error *err)
{
    const struct ms_sweep_summary *summary = &session->outcome->summary;
    struct ms_error file_err;
    enum ms_code file_code = MS_OK;

    if (session->has_begun && (code == MS_OK || code == MS_WORK_LEFT))
        file_code = ms_writer_confirm_rows(
            session->writer, summary->done + summary->diverged + summary->stopped + summary->dropped,
            &file_err);
    return agree_on_file(session, code, file_code, &file_err, err);
}

/* The last check: whether the file still has its name. It is made even if there was nothing to train. */
static enum ms_code confirm_name(const struct session *session, enum ms_code code, struct ms_error *err)
{
    struct ms_error file_err;
    enum ms_code file_code = session->rank == 0 ? ms_writer_confirm_named(session->writer, &file_err) : MS_OK;

    return agree_on_file(session, code, file_code, &file_err, err);
}

/* Ends the row of /runs, also after an error. code: the result of the sweep, whose error takes precedence. */
static enum ms_code end(const struct session *session, enum ms_code code, struct ms_error *err)
{
    const unsigned how_ended = code == MS_OK          ? MS_RUN_FINISHED
                               : code == MS_WORK_LEFT ? MS_RUN_STOPPED
                                                      : MS_RUN_FAILED;
    struct ms_error end_err;
    enum ms_code end_code = MS_OK;

    if (session->has_begun)
        end_code = ms_writer_run_end(session->writer, session->outcome->summary.core_s, how_ended, &end_err);
    if (end_code != MS_OK)
        ms_agree_sign(session->comm, &end_err);
    return agree_on_file(session, code, end_code, &end_err, err);
}

/* Whether one rank of each machine writes for the others. Rank 0 decides for all ranks. */
static bool is_node_to_write(const struct session *session)
{
    const enum ms_session_writers writers = session->spec->writers;
    int is = writers == MS_WRITERS_NODE || (writers == MS_WRITERS_AUTO && session->rank == 0 &&
                                            ms_writer_is_on_network(session->spec->path));

    MPI_Bcast(&is, 1, MPI_INT, 0, session->comm);
    return is;
}

/* Closing the row of /runs waits for the file system, which may be what other ranks wait for. */
enum { GIVE_UP_LIMIT_S = 30 };

/* A give_up of struct ms_sweep_watch: ends the row of /runs and lets the caller end the program. If that hangs as well,
 * the signal ends this process, and the launcher all others. The run was not stopped cleanly: the ranks that hang may be
 * between writing a row and its status. */
static void give_up(void *context, const struct ms_sweep_summary *summary, bool is_own,
                    const struct ms_error *err)
{
    struct session *session = context;
    const struct ms_sweep_watch *watch = &session->spec->sweep.watch;
    struct ms_error end_err;

    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(GIVE_UP_LIMIT_S);
    if (summary != NULL)
        session->outcome->summary = *summary;
    if (session->has_begun && !is_own)
        (void)ms_writer_run_end(session->writer, summary->core_s, MS_RUN_FAILED, &end_err);
    watch->give_up(watch->give_up_context, summary, is_own, err);
}

/* Whether rank 0, which this is, only hands out the work that is left. */
static bool is_dedicated(const struct session *session, const struct ms_sweep_spec *sweep)
{
    const enum ms_session_coordinator coordinator = session->spec->coordinator;
    struct ms_coordination all = {.ranks = session->ranks};

    if (coordinator != MS_COORDINATOR_AUTO)
        return coordinator == MS_COORDINATOR_DEDICATED && session->ranks > 1;
    if (!ms_coordination_is_open(session->ranks)) /* a million trajectories need not be added up */
        return false;
    for (int64_t t = 0; t < ms_grid_trajectories(sweep->grid); t++)
        if (!sweep->scan->finished[t])
            ms_coordination_add(&all, ms_work_left_of(sweep, t));
    return ms_coordination_is_dedicated(&all);
}

/* Chooses the kernels for what is left to train, and what rank 0 does, and reports both. */
static enum ms_code choose(struct session *session, struct ms_error *err)
{
    const struct ms_session_spec *spec = session->spec;
    struct ms_sweep_spec sweep = spec->sweep;
    enum ms_code code;

    session->kernels = *sweep.kernels;
    sweep.scan = &session->scan;
    code = ms_node_kernels_measure(&sweep, &session->kernels, err);
    if (code != MS_OK || session->rank != 0)
        return code;
    session->is_dedicated = is_dedicated(session, &sweep);
    if (spec->tell_start != NULL)
        spec->tell_start(spec->context, &session->kernels, session->is_dedicated);
    return MS_OK;
}

static enum ms_code train(struct session *session, struct ms_error *err)
{
    const struct ms_session_spec *spec = session->spec;
    struct ms_sweep_summary *summary = &session->outcome->summary;
    struct ms_sweep_spec sweep = spec->sweep;
    struct ms_rungs_spec rungs = {
        .halving = spec->halving, .take_over = spec->take_over, .context = spec->context};
    enum ms_code code = choose(session, err);

    if (code == MS_OK)
        code = begin(session, err);
    if (code != MS_OK)
        return code;
    code = reopen(session, err);
    if (code != MS_OK)
        return end(session, code, err);
    rungs.by_node = is_node_to_write(session);
    sweep.kernels = &session->kernels;
    sweep.dedicated_coordinator = session->is_dedicated;
    sweep.writer = session->writer;
    sweep.scan = session->rank == 0 ? &session->scan : NULL;
    sweep.watch.hosts = session->hosts;
    if (sweep.watch.give_up != NULL) {
        sweep.watch.give_up = give_up;
        sweep.watch.give_up_context = session;
    }
    code = rungs.halving.keep > 0 || rungs.take_over != NULL
               ? ms_rungs_run(&sweep, &rungs, session->rank == 0 ? &session->scan : NULL, summary, err)
               : ms_rungs_sweep(&sweep, rungs.by_node, summary, err);
    code = confirm_rows(session, code, err);
    return end(session, code, err);
}

/* ---- the whole session ----------------------------------------------------------------------------------- */

enum ms_code ms_session_run(const struct ms_session_spec *spec, struct ms_session_outcome *outcome,
                            struct ms_error *err)
{
    struct session session = {.spec = spec, .comm = spec->sweep.comm, .outcome = outcome};
    enum ms_code code;

    *outcome = (struct ms_session_outcome){.was_finished = false};
    MPI_Comm_rank(session.comm, &session.rank);
    MPI_Comm_size(session.comm, &session.ranks);
    code = ms_session_open(session.comm, spec->path, spec->result, &session.writer, err);
    if (code != MS_OK)
        return code;
    code = look(&session, err);
    if (code == MS_OK && !outcome->was_finished)
        code = train(&session, err);
    code = confirm_name(&session, code, err);
    ms_writer_close(session.writer);
    ms_writer_scan_free(&session.scan);
    free(session.hosts);
    return code;
}
