/* The steps of `moonsweep run` that describe the result file, check it, lock it and create it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "moonsweep/plural.h"
#include "moonsweep/stop_request.h"
#include "run.h"
#include "target.h"

/* Hashes the meaning of the job on rank 0 for all ranks, because that of a million configurations is a long text. */
static enum ms_code share_job_hash(struct run *run, struct ms_error *err)
{
    enum ms_code code = run->rank == 0 ? ms_job_hash(&run->job, &run->result.job_hash, err) : MS_OK;

    code = ms_agree(run->comm, code, err);
    if (code == MS_OK)
        MPI_Bcast(&run->result.job_hash, 1, MPI_UINT64_T, 0, run->comm);
    return code;
}

enum ms_code run_describe_result(struct run *run, struct ms_error *err)
{
    int length;

    MPI_Get_library_version(run->mpi_version, &length);
    run->mpi_version[strcspn(run->mpi_version, "\r\n")] = '\0';
    run->result = (struct ms_writer_spec){
        .grid = &run->job.grid,
        .datasets = run->datasets,
        .precision = run->job.precision,
        .class_weight = &run->job.class_weight,
        .job_text = run->job.text,
        .job_set = run->job.set,
        .title = run->job.name,
        .metadata = &run->job.metadata,
        .command = run->arguments->anonymous ? "moonsweep run (anonymous)" : run->command,
        .mpi_version = run->mpi_version,
        .ranks = run->ranks,
    };
    return share_job_hash(run, err);
}

/* Rank 0: checks whether an existing file may be resumed, or replaced. HDF5 must not read a corrupt structure: with the
 * lock it is repaired; without the lock a corrupt file is not examined further. */
static enum ms_code inspect(const struct run *run, enum target_state state, bool is_locked,
                            struct ms_error *err)
{
    struct ms_writer_repaired damage = {0};
    enum ms_code code = MS_OK;

    if (state == TARGET_NEW)
        return MS_OK;
    if (state == TARGET_REPLACE)
        return target_check_replaceable(run->path, err);
    code = ms_writer_repair(run->path, is_locked, &damage, err);
    if (code != MS_OK || (damage.bytes > 0 && !is_locked))
        return code;
    if (damage.bytes > 0 && !run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: %lld corrupt %s repaired: %s\n", run->path,
                      (long long)damage.bytes, ms_plural(damage.bytes, "byte was", "bytes were"),
                      damage.names);
    return target_compare(run->path, &run->job, err);
}

/* Says that the lock was taken over from an earlier attempt at this job of Slurm. */
static void say_taken_over(const struct run *run)
{
    const char *earlier = ms_lock_taken_from(run->lock);

    if (earlier != NULL && !run->arguments->quiet)
        (void)fprintf(
            stderr,
            "moonsweep: %s: its lock was taken over from an earlier attempt at this job of Slurm (%s)\n",
            run->path, earlier);
}

/* Rank 0: checks the target, locks it, and creates it if it does not exist. The checks are repeated with the lock,
 * because another run may have changed the file in between. */
static enum ms_code create_on_first_rank(struct run *run, struct ms_error *err)
{
    const struct run_arguments *arguments = run->arguments;
    enum target_state state;
    bool reserved = true;
    enum ms_code code;

    code = target_look(run->path, &run->job, arguments->force, &state, err);
    if (code == MS_OK)
        code = inspect(run, state, false, err);
    if (code == MS_OK)
        code = ms_lock_take(run->path, !arguments->no_lock, &run->lock, err);
    if (code == MS_OK)
        say_taken_over(run);
    if (code == MS_OK && ms_lock_is_held(run->lock))
        code = ms_writer_clear(run->path, err);
    if (code == MS_OK)
        code = target_look(run->path, &run->job, arguments->force, &state, err);
    if (code == MS_OK)
        code = inspect(run, state, true, err);
    if (code == MS_OK && state == TARGET_RESUME && !arguments->no_lock)
        code = ms_lock_check_names(run->path, err);
    if (code != MS_OK)
        return code;
    run->was_there = state == TARGET_RESUME;
    if (run->was_there)
        return MS_OK;
    code = ms_writer_create(run->path, &run->result, state == TARGET_REPLACE, &reserved, err);
    if (code == MS_OK && !reserved)
        run_say_unreserved(run);
    return code;
}

/* Rank 0: opens the older results. */
static enum ms_code open_older(struct run *run, struct ms_error *err)
{
    const struct older_results_spec spec = {
        .paths = run->arguments->from,
        .n = run->arguments->n_from,
        .output = run->path,
        .job = &run->job,
        .result = &run->result,
        .stop = run->stop,
        .is_anonymous = run->arguments->anonymous,
        .is_quiet = run->arguments->quiet,
    };
    enum ms_code code = MS_OK;

    if (spec.n == 0)
        return MS_OK;
    code = older_results_open(&spec, &run->older, err);
    if (code == MS_OK)
        run->result.starts = older_results_starts(run->older);
    return code;
}

/* If the file is complete, the sweep begins, and notices that it is to stop. */
enum ms_code run_create(struct run *run, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    enum ms_code own, code;

    run_leave_begin(run, &leave);
    run->result.stop = &stop;
    own = target_resolve(run->arguments->output, &run->path, err);
    if (own == MS_OK && run->rank == 0)
        own = open_older(run, err);
    if (own == MS_OK && run->rank == 0)
        own = create_on_first_rank(run, err);
    run->result.stop = NULL;
    code = run_leave_end(run, &leave, own, err);
    if (code == MS_WORK_LEFT)
        code = ms_agree(run->comm, own, err);
    return code == MS_WORK_LEFT ? run_fail_stopped(run, "the file was created", err) : code;
}
