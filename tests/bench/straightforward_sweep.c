/* Trains a job's whole sweep in straightforward C on several processes, as the reference for moonsweep's sweep.
 *
 *     straightforward_sweep JOB.yaml OUT PROCESSES
 *
 * The processes take trajectories, those with the most work first, from a counter in shared memory until none is left,
 * and write the results to OUT. It contains, for each trajectory in the grid's order, the costs, and then W1, b1, W2
 * and b2 of each configuration, all as float64 in the machine's byte order. At the end the program prints the same
 * summary as `moonsweep run`.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/clock.h"
#include "moonsweep/job.h"
#include "straightforward.h"

enum { MAX_PROCESSES = 1024 };

/* Shared by the processes. */
struct board {
    atomic_int_least64_t next;         /* the next position in the order */
    double trained_s[MAX_PROCESSES];   /* by process: processor time */
    double available_s[MAX_PROCESSES]; /* by process: from the start until no trajectory was left */
};

struct sweep {
    const struct ms_job *job;
    const struct ms_data *train;
    int64_t *order;  /* [trajectories] owned: those with the most work first */
    int64_t *offset; /* [trajectories + 1] owned: position of each in the file, in float64s */
    int file;
    struct board *board;
};

/* Returns wall-clock seconds. */
static double clock_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Returns the approximate relative time of an iteration of a trajectory: a hidden unit with an exponential counts as
 * three without, and the output as much as one with. */
static int64_t work_of(const struct ms_grid *grid, int64_t trajectory)
{
    const struct ms_config config = ms_grid_trajectory(grid, trajectory).longest;

    return 3 + config.n_h * (config.activation == MS_RELU ? 1 : 3);
}

/* Allocates and sets order and offset. */
static enum ms_code plan(struct sweep *sweep, struct ms_error *err)
{
    const struct ms_grid *grid = &sweep->job->grid;
    const int64_t trajectories = ms_grid_trajectories(grid);

    sweep->order = malloc((size_t)trajectories * sizeof *sweep->order);
    sweep->offset = malloc((size_t)(trajectories + 1) * sizeof *sweep->offset);
    if (sweep->order == NULL || sweep->offset == NULL)
        return ms_fail(err, MS_NO_MEMORY, "no memory for %" PRId64 " trajectories", trajectories);
    sweep->offset[0] = 0;
    for (int64_t t = 0; t < trajectories; t++) {
        const struct ms_grid_trajectory trajectory = ms_grid_trajectory(grid, t);
        const struct ms_network shape = {.n_x = sweep->train->n_x, .n_h = trajectory.longest.n_h};
        int64_t place = t;

        sweep->offset[t + 1] = sweep->offset[t] + trajectory.cost_room +
                               trajectory.members * ms_network_size(&shape);
        for (; place > 0 && work_of(grid, sweep->order[place - 1]) < work_of(grid, t); place--)
            sweep->order[place] = sweep->order[place - 1];
        sweep->order[place] = t;
    }
    return MS_OK;
}

/* Writes values [count] to the file, at a position in float64s. */
static enum ms_code write_values(int file, const double *values, int64_t count, int64_t at,
                                 struct ms_error *err)
{
    const char *bytes = (const char *)values;
    size_t left = (size_t)count * sizeof *values;
    off_t place = at * (off_t)sizeof *values;

    while (left > 0) {
        const ssize_t written = pwrite(file, bytes, left, place);

        if (written < 0)
            return ms_fail(err, MS_IO_ERROR, "writing failed: %s", strerror(errno));
        bytes += written;
        place += written;
        left -= (size_t)written;
    }
    return MS_OK;
}

/* Trains a trajectory and writes it. costs [largest iteration count] is a buffer. */
static enum ms_code train_trajectory(const struct sweep *sweep, struct straightforward *training, int64_t t,
                                     double *costs, double *trained_s, struct ms_error *err)
{
    const struct ms_grid *grid = &sweep->job->grid;
    const struct ms_grid_trajectory trajectory = ms_grid_trajectory(grid, t);
    const struct ms_config config = trajectory.longest;
    struct ms_grid_member *members = malloc((size_t)trajectory.members * sizeof *members);
    struct ms_network network;
    int64_t size, done = 0;
    enum ms_code code = ms_network_alloc(&network, sweep->train->n_x, config.n_h, config.activation, err);

    if (code != MS_OK || members == NULL) {
        free(members);
        return code != MS_OK ? code : ms_fail(err, MS_NO_MEMORY, "no memory for a trajectory");
    }
    size = ms_network_size(&network);
    ms_network_init(&network, config.seed, config.init_scale, MS_FLOAT64);
    ms_grid_members(grid, t, members);
    for (int64_t i = 0; code == MS_OK && i < trajectory.members; i++) {
        const int64_t until = members[i].iterations;
        const int64_t at = sweep->offset[t] + trajectory.cost_room +
                           (members[i].config - t * trajectory.members) * size;
        const double started = ms_clock_thread_s();

        straightforward_train(training, &network, config.learning_rate, until - done, costs + done);
        *trained_s += ms_clock_thread_s() - started;
        done = until;
        code = write_values(sweep->file, network.W1, size - 1, at, err);
        if (code == MS_OK)
            code = write_values(sweep->file, &network.b2, 1, at + size - 1, err);
    }
    if (code == MS_OK)
        code = write_values(sweep->file, costs, done, sweep->offset[t], err);
    free(members);
    ms_network_free(&network);
    return code;
}

/* The work of one process. */
static enum ms_code work(const struct sweep *sweep, int process, double started, struct ms_error *err)
{
    const struct ms_grid *grid = &sweep->job->grid;
    struct straightforward *training = NULL;
    double *costs = malloc((size_t)ms_grid_max_iterations(grid) * sizeof *costs);
    enum ms_code code = straightforward_open(sweep->train, ms_grid_max_n_h(grid), &training, err);
    int64_t place;

    if (code == MS_OK && costs == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "no memory for %" PRId64 " costs", ms_grid_max_iterations(grid));
    while (code == MS_OK && (place = atomic_fetch_add(&sweep->board->next, 1)) < ms_grid_trajectories(grid))
        code = train_trajectory(sweep, training, sweep->order[place], costs,
                                &sweep->board->trained_s[process], err);
    sweep->board->available_s[process] = clock_s() - started;
    straightforward_close(training);
    free(costs);
    return code;
}

/* Starts the processes and waits for them. Each prints its own error. */
static enum ms_code spread(const struct sweep *sweep, int processes, struct ms_error *err)
{
    const double started = clock_s();
    int failed = 0, started_processes = 0, status;

    for (; started_processes < processes; started_processes++) {
        const pid_t child = fork();

        if (child < 0)
            break;
        if (child == 0) {
            const enum ms_code code = work(sweep, started_processes, started, err);

            if (code != MS_OK)
                (void)fprintf(stderr, "straightforward_sweep: %s\n", err->text);
            _exit(ms_exit_status(code));
        }
    }
    for (int process = 0; process < started_processes; process++)
        if (wait(&status) < 0 || status != 0)
            failed++;
    if (failed > 0 || started_processes < processes)
        return ms_fail(err, MS_INTERNAL, "%d of %d processes failed", failed + processes - started_processes,
                       processes);
    return MS_OK;
}

/* Prints the summary of `moonsweep run`. */
static void report(const struct sweep *sweep, int processes, double wall_s)
{
    const struct ms_grid *grid = &sweep->job->grid;
    double trained_s = 0, available_s = 0;

    for (int process = 0; process < processes; process++) {
        trained_s += sweep->board->trained_s[process];
        available_s += sweep->board->available_s[process];
    }
    (void)fprintf(stderr,
                  "%.3f s on %d processes: %" PRId64
                  " iterations, %.3f core-seconds of training, the cores trained %.1f%% of the time\n",
                  wall_s, processes, ms_grid_trajectories(grid) * ms_grid_max_iterations(grid), trained_s,
                  100 * trained_s / available_s);
}

static enum ms_code run(const char *path, const char *output, int processes, struct ms_error *err)
{
    struct ms_job job = {0};
    struct ms_dataset *datasets = NULL;
    struct sweep sweep = {.job = &job, .file = -1, .board = MAP_FAILED};
    const double started = clock_s();
    enum ms_code code;

    code = ms_job_read(path, &job, err);
    if (code == MS_OK)
        code = ms_job_data(&job, NULL, &datasets, err);
    if (code != MS_OK)
        goto cleanup;
    sweep.train = &datasets[0].train;
    code = plan(&sweep, err);
    if (code != MS_OK)
        goto cleanup;

    /* New shared memory is zero. cppcheck does not know that the descriptor of anonymous memory is -1. */
    /* cppcheck-suppress invalidFunctionArg */
    sweep.board = mmap(NULL, sizeof *sweep.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sweep.file = open(output, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (sweep.board == MAP_FAILED || sweep.file < 0)
        code = ms_fail(err, MS_CANNOT_CREATE, "%s: %s", output, strerror(errno));
    else
        code = spread(&sweep, processes, err);
    if (code == MS_OK && fdatasync(sweep.file) != 0)
        code = ms_fail(err, MS_IO_ERROR, "%s: %s", output, strerror(errno));
    if (code == MS_OK)
        report(&sweep, processes, clock_s() - started);

cleanup:
    if (sweep.file >= 0)
        (void)close(sweep.file);
    if (sweep.board != MAP_FAILED)
        (void)munmap(sweep.board, sizeof *sweep.board);
    free(sweep.offset);
    free(sweep.order);
    ms_datasets_free(datasets, job.grid.n_datasets);
    ms_job_free(&job);
    return code;
}

int main(int argc, char **argv)
{
    const long processes = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    struct ms_error err;
    enum ms_code code;

    if (processes < 1 || processes > MAX_PROCESSES)
        code = ms_fail(&err, MS_BAD_USAGE, "expected a job file, an output file and a number of processes");
    else
        code = run(argv[1], argv[2], (int)processes, &err);
    if (code != MS_OK)
        (void)fprintf(stderr, "straightforward_sweep: %s\n", err.text);
    return ms_exit_status(code);
}
