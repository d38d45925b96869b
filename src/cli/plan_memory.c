/* Adds up what the modules say that they allocate, and what the program needs besides.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_memory.h"

#include "moonsweep/sweep.h"
#include "moonsweep/team.h"
#include "moonsweep/train.h"
#include "moonsweep/writer.h"

/* Measured: the program with its libraries, started by Open MPI 4.1, and what opening a result and coordinating add. */
enum { PROGRAM_BYTES = 24 << 20, COORDINATOR_BYTES = 8 << 20 };

/* The widest network of the job. */
static int64_t to_train(const struct ms_job *job, const struct ms_data *data)
{
    const struct ms_samples sizes = ms_samples_sizes(data, job->precision);

    return ms_train_bytes(&sizes, ms_grid_max_n_h(&job->grid));
}

/* The place of a rank in the team of its machine. The largest network that can be shared need not be the largest one. */
static int64_t to_help(const struct ms_job *job, const struct ms_samples *train)
{
    const struct ms_team_sizes sizes = ms_team_sizes_of(&job->grid, train, 2);

    return (int64_t)ms_team_bytes(&sizes) / sizes.places;
}

static int64_t to_write(const struct ms_job *job, const struct ms_dataset *datasets)
{
    const struct ms_writer_spec spec = {
        .grid = &job->grid, .datasets = datasets, .precision = job->precision};

    return ms_writer_memory(&spec);
}

static int64_t laid_out(const struct ms_job *job, const struct ms_data *data)
{
    const struct ms_samples sizes = ms_samples_sizes(data, job->precision);

    return ms_samples_bytes(&sizes);
}

struct plan_memory plan_memory_of(const struct ms_job *job, const struct ms_dataset *datasets,
                                  const struct ms_samples *train)
{
    const struct ms_grid *grid = &job->grid;
    struct plan_memory memory = {.rank = PROGRAM_BYTES + to_train(job, &datasets[0].train) +
                                         to_help(job, train) + to_write(job, datasets) +
                                         ms_grid_list_bytes(grid)};
    int64_t kept = 0, most = 0;

    for (int32_t d = 0; d < grid->n_datasets; d++) {
        const int64_t both = ms_data_bytes(&datasets[d].train) + ms_data_bytes(&datasets[d].dev);

        memory.samples += laid_out(job, &datasets[d].train) + laid_out(job, &datasets[d].dev);
        kept += both;
        most = both > most ? both : most;
    }
    /* Until the samples of a data set are divided, rank 0 has them once more. */
    memory.first_rank = memory.rank + COORDINATOR_BYTES + kept + most + ms_writer_scan_bytes(grid) +
                        ms_sweep_schedule_bytes(grid);
    return memory;
}
