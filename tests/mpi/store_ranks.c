/* Commits made-up rows from several ranks concurrently. tests/store reads them back and checks them.
 *
 *     mpirun -n 4 store_ranks FILE [float64|float32] [WAIT_MS]
 *
 * Creates FILE, or resumes it if it exists, and ends when every row is final. Neighbouring trajectories belong to
 * different ranks. Between two trajectories a rank waits WAIT_MS, so that it can be killed in between. Every value is a
 * simple exact function of configuration and index, which tests/store/figures.py computes too.
 *
 * In trajectory 5, all costs after the tenth are exactly 0. Trajectory 7 diverges after 34 updates.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "moonsweep/moons.h"
#include "moonsweep/session.h"
#include "moonsweep/split.h"
#include "moonsweep/writer.h"

enum { ZERO_TRAJECTORY = 5, ZERO_FROM = 10, DIVERGED_TRAJECTORY = 7, DIVERGED_AFTER = 34, HISTORY = 5000 };

static int32_t n_h[] = {1, 3, 2};
static enum ms_activation activation[] = {MS_TANH, MS_SIGMOID, MS_RELU};
static double learning_rate[] = {0.5, 0.1};
static uint32_t seed[] = {0, 3000000000U};
static double init_scale[] = {0.01};
static int64_t iterations[] = {100, HISTORY, 20};

static const struct ms_grid grid = {
    1, 3, 3, 2, 1, 2, 3, n_h, activation, learning_rate, init_scale, seed, iterations, 1, NULL};

/* Ends all ranks if one has an error. */
static void must(enum ms_code code, const struct ms_error *err)
{
    if (code == MS_OK)
        return;
    (void)fprintf(stderr, "store_ranks: %s\n", err->text);
    (void)MPI_Abort(MPI_COMM_WORLD, ms_exit_status(code));
    exit(EXIT_FAILURE);
}

static double cost_of(int64_t trajectory, int64_t i)
{
    if (trajectory == ZERO_TRAJECTORY && i >= ZERO_FROM)
        return 0;
    return (double)trajectory + 1 / (double)(i + 1);
}

static void fill_network(int64_t config, struct ms_network *network)
{
    for (int32_t j = 0; j < network->n_h; j++) {
        for (int32_t k = 0; k < network->n_x; k++)
            network->W1[j * network->n_x + k] = (double)config + j / 64.0 + k / 1024.0;
        network->b1[j] = -(double)config - j / 64.0;
        network->W2[j] = (double)config / 4 + j;
    }
    network->b2 = (double)config / 8;
}

static void commit_row(struct ms_writer *writer, int64_t index, bool diverged, struct ms_error *err)
{
    struct ms_config config = ms_grid_config(&grid, index);
    struct ms_network network;
    struct ms_result result = {
        .config = index,
        .status = diverged ? MS_DIVERGED : MS_DONE,
        .iterations_done = diverged ? DIVERGED_AFTER : config.iterations,
        .network = &network,
        .train = {50 + (double)index / 16, (double)index / 32, {(int32_t)index, 1, 2, 3}},
        .dev = {25 + (double)index / 16, (double)index / 64, {4, 5, 6, (int32_t)index}},
        .train_seconds = (double)index / 128,
        .train_cpu_seconds = (double)index / 256,
    };

    must(ms_network_alloc(&network, 2, config.n_h, config.activation, err), err);
    fill_network(index, &network);
    must(ms_writer_result(writer, &result, err), err);
    ms_network_free(&network);
}

/* Stores a trajectory from an iteration on: for each iteration count, in ascending order, costs and then the row. */
static void train(struct ms_writer *writer, int64_t trajectory, int64_t from, const uint8_t *status,
                  struct ms_error *err)
{
    static double costs[HISTORY];
    int64_t end = trajectory == DIVERGED_TRAJECTORY ? DIVERGED_AFTER : HISTORY;
    struct ms_grid_member members[3];
    struct ms_config config = ms_grid_trajectory(&grid, trajectory).longest;
    struct ms_network network;
    struct ms_resume resume = {.slots = {-1, -1}, .iteration = from, .network = &network};

    must(ms_network_alloc(&network, 2, config.n_h, config.activation, err), err);
    must(ms_writer_begin(writer, trajectory, &resume, err), err);
    if (resume.iteration != from || (from > 0 && resume.seconds <= 0))
        must(ms_fail(err, MS_INTERNAL, "a trajectory was not resumed where it was committed"), err);
    ms_network_free(&network);
    ms_grid_members(&grid, trajectory, members);
    for (int i = 0; i < 3; i++) {
        int64_t to = members[i].iterations < end ? members[i].iterations : end;

        for (int64_t c = from; c < to; c++)
            costs[c - from] = cost_of(trajectory, c);
        if (to > from)
            must(ms_writer_costs(writer, to - from, costs, err), err);
        from = to > from ? to : from;
        if (status[members[i].config] == MS_PENDING)
            commit_row(writer, members[i].config, members[i].iterations > end, err);
        must(ms_writer_tick(writer, err), err);
    }
}

/* Returns the description of the file. Its grid and data set live as long as the program. */
static struct ms_writer_spec describe(enum ms_precision precision, struct ms_error *err)
{
    static struct ms_dataset dataset = {.noise = 0.25, .data_seed = 3, .split_seed = 4, .fold = -1};
    struct ms_data all;

    must(ms_moons_make(60, 0.25, 3, NULL, &all, err), err);
    must(ms_split(&all, 0.25, 4, NULL, &dataset.train, &dataset.dev, err), err);
    ms_data_free(&all);
    return (struct ms_writer_spec){.grid = &grid,
                                   .datasets = &dataset,
                                   .precision = precision,
                                   .job_text = "name: ranks # \xc3\xa9\n",
                                   .title = "ranks",
                                   .job_hash = 0xfedcba9876543210U,
                                   .command = "store_ranks",
                                   .ranks = 1};
}

/* On rank 0: takes the lock, and creates or repairs the file. */
static struct ms_lock *prepare(const char *path, const struct ms_writer_spec *spec, struct ms_error *err)
{
    struct ms_writer_repaired repaired;
    struct ms_lock *lock;
    struct stat found;
    bool reserved;

    must(ms_lock_take(path, true, &lock, err), err);
    must(ms_writer_clear(path, err), err);
    if (stat(path, &found) == 0)
        must(ms_writer_repair(path, true, &repaired, err), err);
    else
        must(ms_writer_create(path, spec, false, &reserved, err), err);
    return lock;
}

static void wait_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    (void)nanosleep(&pause, NULL);
}

/* The iteration at which each trajectory resumes, and the status of each configuration. */
struct progress {
    int64_t *from;   /* [trajectories] owned */
    uint8_t *status; /* [configurations] owned */
};

/* Returns zeroed memory for count elements. */
static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory != NULL)
        return memory;
    (void)fprintf(stderr, "store_ranks: not enough memory\n");
    (void)MPI_Abort(MPI_COMM_WORLD, ms_exit_status(MS_NO_MEMORY));
    exit(EXIT_FAILURE);
}

/* Collective. Rank 0 scans the file, prints what it found, and broadcasts the progress. */
static void find_progress(struct ms_writer *writer, int rank, struct progress *progress, struct ms_error *err)
{
    const size_t trajectories = (size_t)ms_grid_trajectories(&grid), configs = (size_t)ms_grid_configs(&grid);
    struct ms_writer_scan scan;

    *progress = (struct progress){.from = allocate(trajectories, sizeof *progress->from),
                                  .status = allocate(configs, sizeof *progress->status)};
    if (rank == 0) {
        must(ms_writer_scan(writer, &scan, err), err);
        memcpy(progress->from, scan.from_iteration, trajectories * sizeof *progress->from);
        memcpy(progress->status, scan.status, configs);
        (void)printf("done %lld diverged %lld pending %lld damaged %lld\n", (long long)scan.done,
                     (long long)scan.diverged, (long long)scan.pending, (long long)scan.damaged);
        ms_writer_scan_free(&scan);
    }
    (void)MPI_Bcast(progress->from, (int)trajectories, MPI_INT64_T, 0, MPI_COMM_WORLD);
    (void)MPI_Bcast(progress->status, (int)configs, MPI_BYTE, 0, MPI_COMM_WORLD);
}

/* Trains this rank's share of the trajectories that are not finished. */
static void train_all(struct ms_writer *writer, int rank, int ranks, long pause_ms,
                      const struct progress *progress, struct ms_error *err)
{
    for (int64_t t = rank; t < ms_grid_trajectories(&grid); t += ranks) {
        struct ms_writer_lease lease = {t, rank, t, 1, progress->from[t], HISTORY, 1.6e9, 1.6e9 + (double)t};
        bool full;

        if (memchr(progress->status + 3 * t, MS_PENDING, 3) == NULL)
            continue;
        train(writer, t, progress->from[t], progress->status, err);
        must(ms_writer_lease(writer, &lease, &full, err), err);
        wait_ms(pause_ms);
    }
}

int main(int argc, char **argv)
{
    const char *path = argv[1];
    const enum ms_precision precision = argc > 2 && strcmp(argv[2], "float32") == 0 ? MS_FLOAT32 : MS_FLOAT64;
    const long pause_ms = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    struct ms_run_info info = {
        .hosts = "here", .isa = "none", .kernels = "", .command = "store_ranks", .batch_job = ""};
    struct ms_lock *lock = NULL;
    struct ms_writer_spec spec;
    struct progress progress;
    struct ms_writer *writer;
    struct ms_error err;
    int rank;

    ms_writer_prepare();
    (void)MPI_Init(&argc, &argv);
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &info.ranks);
    spec = describe(precision, &err);
    if (rank == 0)
        lock = prepare(path, &spec, &err);
    must(ms_session_open(MPI_COMM_WORLD, path, &spec, &writer, &err), &err);
    find_progress(writer, rank, &progress, &err);
    must(ms_session_begin(MPI_COMM_WORLD, writer, &info, &err), &err);
    train_all(writer, rank, info.ranks, pause_ms, &progress, &err);
    must(ms_writer_flush(writer, &err), &err);
    (void)MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0)
        must(ms_writer_run_end(writer, 12.5, MS_RUN_FINISHED, &err), &err);
    ms_writer_close(writer);
    ms_lock_release(lock);
    free(progress.from);
    free(progress.status);
    (void)MPI_Finalize();
    return EXIT_SUCCESS;
}
