/* Runs the sweep of a job file on all ranks with libmoonsweep, as another program would.
 *
 *     mpicc -std=c17 run_sweep.c $(pkg-config --cflags --libs libmoonsweep) -o run_sweep
 *     mpirun ./run_sweep JOB.yaml OUT.h5
 *
 * If the file exists, the sweep is resumed. `moonsweep run` also compares the job with the one in the file, and repairs
 * corrupt data, which this example does not do.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <moonsweep/agree.h>
#include <moonsweep/job.h>
#include <moonsweep/session.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What every rank creates for itself. */
struct sweep {
    struct ms_job job;
    struct ms_dataset *datasets; /* [job.grid.n_datasets], like the next two */
    struct ms_samples *train, *dev;
    struct ms_kernels kernels;
    struct ms_writer_spec result;
};

/* Lays out all data sets for the kernels. */
static enum ms_code lay_out(struct sweep *sweep, struct ms_error *err)
{
    const size_t count = (size_t)sweep->job.grid.n_datasets;
    enum ms_code code = MS_OK;

    sweep->train = calloc(count, sizeof *sweep->train);
    sweep->dev = calloc(count, sizeof *sweep->dev);
    if (sweep->train == NULL || sweep->dev == NULL)
        return ms_fail_memory(err, NULL, "for %zu data sets", count);
    for (size_t d = 0; code == MS_OK && d < count; d++) {
        code = ms_samples_make(&sweep->train[d], &sweep->datasets[d].train, sweep->job.precision, NULL, err);
        if (code == MS_OK)
            code = ms_samples_make(&sweep->dev[d], &sweep->datasets[d].dev, sweep->job.precision, NULL, err);
    }
    return code;
}

static void free_data(struct sweep *sweep)
{
    const int32_t count = sweep->job.grid.n_datasets;

    for (int32_t d = 0; sweep->train != NULL && sweep->dev != NULL && d < count; d++) {
        ms_samples_free(&sweep->train[d]);
        ms_samples_free(&sweep->dev[d]);
    }
    free(sweep->train);
    free(sweep->dev);
    ms_datasets_free(sweep->datasets, count);
}

static enum ms_code prepare(const char *path, struct sweep *sweep, int ranks, struct ms_error *err)
{
    enum ms_code code = ms_job_read(path, &sweep->job, err);

    if (code == MS_OK)
        code = ms_job_data(&sweep->job, NULL, &sweep->datasets, err);
    if (code == MS_OK)
        code = lay_out(sweep, err);
    if (code == MS_OK)
        code = ms_kernels_open(sweep->job.precision, NULL, &sweep->kernels, err);
    sweep->result = (struct ms_writer_spec){.grid = &sweep->job.grid,
                                            .datasets = sweep->datasets,
                                            .precision = sweep->job.precision,
                                            .job_text = sweep->job.text,
                                            .title = sweep->job.name,
                                            .command = "run_sweep",
                                            .ranks = ranks};
    return code == MS_OK ? ms_job_hash(&sweep->job, &sweep->result.job_hash, err) : code;
}

/* Takes the lock and, if there is no file, creates it. Only rank 0 calls this. */
static enum ms_code create(const char *path, const struct sweep *sweep, struct ms_lock **lock,
                           struct ms_error *err)
{
    bool reserved;
    enum ms_code code = ms_lock_take(path, true, lock, err);

    if (code == MS_OK)
        code = ms_writer_clear(path, err);
    if (code == MS_OK && access(path, F_OK) != 0)
        code = ms_writer_create(path, &sweep->result, false, &reserved, err);
    return code;
}

static enum ms_code run(const char *job, const char *path, MPI_Comm comm, struct ms_error *err)
{
    struct sweep sweep = {0};
    struct ms_lock *lock = NULL;
    struct ms_session_outcome outcome;
    struct ms_session_spec spec = {.path = path, .result = &sweep.result};
    int rank, ranks;
    enum ms_code code;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    code = ms_agree(comm, prepare(job, &sweep, ranks, err), err);
    if (code == MS_OK)
        code = ms_agree(comm, rank == 0 ? create(path, &sweep, &lock, err) : MS_OK, err);
    if (code == MS_OK) {
        spec.run_id = rank == 0 ? ms_lock_run_id(lock) : 0;
        spec.sweep = (struct ms_sweep_spec){.comm = comm,
                                            .grid = &sweep.job.grid,
                                            .train = sweep.train,
                                            .dev = sweep.dev,
                                            .kernels = &sweep.kernels,
                                            .checkpoint_s = 10,
                                            .time_limit_s = (double)INFINITY};
        code = ms_session_run(&spec, &outcome, err);
    }
    if (code == MS_OK && rank == 0)
        printf("%lld configurations done, %lld diverged\n", (long long)outcome.summary.done,
               (long long)outcome.summary.diverged);
    ms_lock_release(lock);
    free_data(&sweep);
    ms_job_free(&sweep.job);
    return code;
}

int main(int argc, char **argv)
{
    struct ms_error err;
    enum ms_code code;
    int rank, provided;

    if (argc != 3) {
        fprintf(stderr, "usage: run_sweep JOB.yaml OUT.h5\n");
        return ms_exit_status(MS_BAD_USAGE);
    }
    ms_writer_prepare();
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided); /* another thread only flushes the file */
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    code = run(argv[1], argv[2], MPI_COMM_WORLD, &err);
    if (code != MS_OK && rank == 0)
        fprintf(stderr, "run_sweep: %s\n", err.text);
    MPI_Finalize();
    return ms_exit_status(code);
}
