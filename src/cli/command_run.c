/* moonsweep run: runs the sweep of a job file on every rank of MPI_COMM_WORLD. run.h describes the steps.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <mpi.h>
#include <stdlib.h>

#include "command.h"
#include "command_line.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/launch.h"
#include "mpi_folder.h"
#include "output.h"
#include "run.h"
#include "stop_signal.h"
#include "usage.h"

static enum ms_code run_all_steps(struct run *run, struct ms_error *err)
{
    enum ms_code code;

    code = ms_agree(run->comm, ms_launch_check(run->ranks, err), err);
    if (code == MS_OK)
        code = run_read_job(run, err);
    if (code == MS_OK)
        code = run_make_samples(run, err);
    if (code == MS_OK)
        code = run_describe_result(run, err);
    if (code == MS_OK)
        code = run_create(run, err);
    return code == MS_OK ? run_sweep(run, err) : code;
}

static void close_all(struct run *run)
{
    const int32_t count = run->job.grid.n_datasets;

    ms_lock_release(run->lock);
    older_results_close(run->older);
    for (int32_t i = 0; run->shared && i < 2 * count; i++)
        ms_share_samples_free(&run->shared[i]);
    free(run->shared);
    free(run->train);
    free(run->dev);
    ms_datasets_free(run->datasets, count);
    ms_job_free(&run->job);
}

/* Starts MPI. Without a launcher, Open MPI starts a helper, and waits for it without end if it hangs. So signals end a
 * lone process at once until MPI has started: nothing has been written. Under a launcher they wait, because all ranks
 * must agree; the launcher ends ranks that hang. */
static void start_mpi(struct run *run)
{
    struct mpi_folder folder = {0};
    int provided;

    if (ms_launch_is_alone()) {
        stop_signal_end_at_once();
        mpi_folder_make(&folder);
    } else {
        (void)stop_signal_watch();
    }
    ms_writer_prepare();
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided); /* the other thread only flushes the file */
    run->stop = stop_signal_watch();
    mpi_folder_remove(&folder);
    run->comm = MPI_COMM_WORLD;
    MPI_Comm_rank(run->comm, &run->rank);
    MPI_Comm_size(run->comm, &run->ranks);
}

enum ms_code command_run(int argc, char **argv, struct ms_error *err)
{
    struct run_arguments arguments;
    struct run run = {.arguments = &arguments, .started_s = ms_clock_monotonic_s()};
    enum ms_code code, usage;
    bool helped;

    /* This comes before argp, which moves the options to the front. */
    run.command = command_line_text(argc, argv);
    usage = run_arguments_parse(argc, argv, &arguments, &helped, err);
    if (usage == MS_OK && !run.command)
        usage = ms_fail_memory(err, NULL, "for the command line");
    code = helped ? usage : ms_launch_precheck(err);
    if (helped || code != MS_OK) {
        free(arguments.set);
        free(run.command);
        return code;
    }

    /* MPI is started even if the command line is wrong: this is an error of all ranks, and only one of them reports
     * it. */
    start_mpi(&run);

    code = ms_agree(run.comm, usage, err);
    if (code == MS_OK)
        code = run_all_steps(&run, err);
    close_all(&run);
    if (run.rank == 0 && run.has_swept && (code == MS_OK || code == MS_WORK_LEFT))
        code = run_report(&run, code, err);
    if (run.rank == 0 && code != MS_OK)
        output_error(
            err); /* before MPI_Finalize: when a rank has ended with an error, launchers end the others */
    MPI_Bcast(&code, 1, MPI_INT, 0, run.comm);
    MPI_Finalize();
    (void)ms_fail(err, code, "%s", ""); /* rank 0 has printed the sentence */
    free(run.path);
    free(arguments.set);
    free(run.command);
    return code;
}
