/* The step of `moonsweep run` that makes the data and lays it out for training.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "moonsweep/agree.h"
#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/share.h"
#include "moonsweep/stop_request.h"
#include "run.h"
#include "stored_job.h"

/* Rank 0: makes the data. If a file of samples is missing, a result that has them is enough to resume it. */
static enum ms_code make_data_on_first_rank(struct run *run, const struct ms_stop_request *stop,
                                            struct ms_error *err)
{
    struct ms_error unread;
    enum ms_code code;

    run->job.arrays = &ms_hdf5_arrays;
    code = ms_job_data(&run->job, stop, &run->datasets, err);
    if (code == MS_NO_INPUT && !run->arguments->force &&
        stored_job_samples(run->arguments->output, &run->job, &run->datasets, &unread) == MS_OK)
        return MS_OK;
    return code;
}

/* Describes the data sets of rank 0 to the other ranks. */
static enum ms_code share_data(struct run *run, struct ms_error *err)
{
    const int32_t count = run->job.grid.n_datasets;
    enum ms_code code = run->rank == 0 ? MS_OK : ms_datasets_alloc(&run->datasets, count, err);

    code = ms_agree(run->comm, code, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = ms_share_dataset(run->comm, &run->datasets[d], err);
    return code;
}

/* Makes the data on rank 0, so that files are read once, and describes them to the other ranks. */
static enum ms_code make_data(struct run *run, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    enum ms_code code;

    run_leave_begin(run, &leave);
    code = run->rank == 0 ? make_data_on_first_rank(run, &stop, err) : MS_OK;
    code = run_leave_end(run, &leave, code, err);
    if (code == MS_OK)
        code = share_data(run, err);
    if (code != MS_OK)
        return code;
    if (run->rank == 0)
        ms_job_know_data(&run->job, run->datasets);
    MPI_Bcast(&run->job.data_hash, 1, MPI_UINT64_T, 0, run->comm);
    return MS_OK;
}

/* Lays a data set out for the kernel on rank 0, in memory that the ranks share. */
static enum ms_code fill(struct run *run, int32_t d, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    struct ms_shared_samples *shared = &run->shared[2 * (size_t)d];
    enum ms_code code = MS_OK;

    run_leave_begin(run, &leave);
    if (run->rank == 0)
        code = ms_samples_fill_sets(&shared[0].samples, &shared[1].samples, &run->datasets[d],
                                    &run->job.class_weight, &stop, err);
    return run_leave_end(run, &leave, code, err);
}

/* Lays a data set out and shares it. */
static enum ms_code lay_out_one(struct run *run, int32_t d, struct ms_error *err)
{
    struct ms_shared_samples *shared = &run->shared[2 * (size_t)d];
    const struct ms_samples train = ms_samples_sizes(&run->datasets[d].train, run->job.precision),
                            dev = ms_samples_sizes(&run->datasets[d].dev, run->job.precision);
    enum ms_code code = ms_share_samples_open(run->comm, &train, &shared[0], err);

    if (code == MS_OK)
        code = ms_share_samples_open(run->comm, &dev, &shared[1], err);
    if (code == MS_OK)
        code = fill(run, d, err);
    if (code == MS_OK)
        code = ms_share_samples_send(run->comm, &shared[0], err);
    if (code == MS_OK)
        code = ms_share_samples_send(run->comm, &shared[1], err);
    run->train[d] = shared[0].samples;
    run->dev[d] = shared[1].samples;
    return code;
}

/* Lays out all data sets. */
static enum ms_code lay_out(struct run *run, struct ms_error *err)
{
    const int32_t count = run->job.grid.n_datasets;
    enum ms_code code = MS_OK;

    run->shared = calloc(2 * (size_t)count, sizeof *run->shared);
    run->train = calloc((size_t)count, sizeof *run->train);
    run->dev = calloc((size_t)count, sizeof *run->dev);
    if (!run->shared || !run->train || !run->dev)
        code = ms_fail_memory(err, run->arguments->job, "for its data sets");
    code = ms_agree(run->comm, code, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = lay_out_one(run, d, err);
    return code;
}

enum ms_code run_make_samples(struct run *run, struct ms_error *err)
{
    enum ms_code code = ms_kernels_open(run->job.precision, run->arguments->isa, &run->kernels, err);

    code = ms_agree(run->comm, code, err);
    if (code == MS_OK)
        code = make_data(run, err);
    if (code == MS_OK)
        code = lay_out(run, err);
    return code == MS_WORK_LEFT ? run_fail_stopped(run, "the data was made", err) : code;
}
