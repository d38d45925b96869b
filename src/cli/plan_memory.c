/* Adds up what the modules allocate. The sizes of buffers in src/train, src/store and src/sweep are repeated
 * here: whoever changes such a buffer changes its size here as well. */
#include "plan_memory.h"

/* Measured: the program with its libraries, started by Open MPI 4.1, and what opening a result and coordinating add. */
enum { PROGRAM_BYTES = 24 << 20, COORDINATOR_BYTES = 8 << 20 };

/* What the store keeps for writing (src/store/run/writer.c): queued rows, and as many values of one variable; waiting
 * costs. A row has this much besides its parameters. */
enum { QUEUE_BYTES = 16 << 20, QUEUE_ROWS = 8192, COSTS = 128 << 10, ROW_BYTES = 256 };

/* What training needs (src/train): the networks before and after an update and the one that is stored, hidden units of
 * two chunks of at most 128 samples, sums of 64 bytes for each parameter on 8 levels. */
enum { NETWORKS = 3, BLOCK = 256, SUM_BYTES = 64, SUM_LEVELS = 8 };

/* What rank 0 keeps of each trajectory (the scan, the coordinator, the plan) and of each configuration. */
enum { TRAJECTORY_BYTES = 64, CONFIG_BYTES = 2 };

/* What every rank keeps of each configuration of a grid that is a list. */
enum { LISTED_BYTES = 96 };

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t real_bytes(const struct ms_job *job)
{
    return job->precision == MS_FLOAT64 ? 8 : 4;
}

/* A set of samples, laid out for the kernels: features and label in the precision, and the label once more. */
static int64_t laid_out(const struct ms_job *job, const struct ms_data *data)
{
    return data->rows * (real_bytes(job) * (data->n_x + 1) + 1);
}

/* A set of samples as rank 0 has made it. */
static int64_t made(const struct ms_data *data)
{
    return data->rows * (8 * (int64_t)data->n_x + 1);
}

static int64_t to_write(const struct ms_job *job, int32_t n_x, int64_t parameters)
{
    const int64_t row = ROW_BYTES + real_bytes(job) * parameters;
    const int64_t widest = real_bytes(job) * n_x * ms_grid_max_n_h(&job->grid); /* W1 */
    const int64_t capacity = QUEUE_BYTES / row < 1 ? 1 : smaller(QUEUE_BYTES / row, QUEUE_ROWS);

    return (row + widest) * smaller(capacity, ms_grid_configs(&job->grid)) + COSTS * real_bytes(job);
}

static int64_t to_train(const struct ms_job *job, int64_t parameters)
{
    return NETWORKS * 8 * parameters + ms_grid_max_n_h(&job->grid) * BLOCK * real_bytes(job) +
           (int64_t)SUM_LEVELS * SUM_BYTES * parameters;
}

struct plan_memory plan_memory_of(const struct ms_job *job, const struct ms_dataset *datasets)
{
    const struct ms_grid *grid = &job->grid;
    const int64_t parameters = (int64_t)ms_grid_max_n_h(grid) * (datasets[0].train.n_x + 2) + 1;
    struct plan_memory memory = {.rank = PROGRAM_BYTES + to_train(job, parameters) +
                                         to_write(job, datasets[0].train.n_x, parameters)};
    int64_t kept = 0, most = 0;

    for (int32_t d = 0; d < grid->n_datasets; d++) {
        const int64_t both = laid_out(job, &datasets[d].train) + laid_out(job, &datasets[d].dev);

        memory.samples += both;
        kept += made(&datasets[d].train) + made(&datasets[d].dev);
        most = both > most ? both : most;
    }
    if (grid->list)
        memory.rank += LISTED_BYTES * ms_grid_configs(grid) / grid->n_datasets;
    /* Rank 0 lays out one data set after another before it shares them. */
    memory.first_rank = memory.rank + COORDINATOR_BYTES + kept + most +
                        TRAJECTORY_BYTES * ms_grid_trajectories(grid) + CONFIG_BYTES * ms_grid_configs(grid);
    return memory;
}
