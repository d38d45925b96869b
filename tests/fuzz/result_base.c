/* Makes a result of a few configurations with made-up costs, and resumes it as a run does.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "result_base.h"

#include <string.h>

#include "fuzz.h"

static const char job_text[] =
    "name: base\n"
    "data: {moons: {samples: 20, noise: 0.2, seed: 5}, dev_fraction: 0.25, split_seed: 6}\n"
    "grid: {n_h: [1, 2], activation: [tanh, relu], learning_rate: [0.5], iterations: [2, 4]}\n";

enum { MAX_COSTS = 4 }; /* of a trajectory */

void result_base_job(struct ms_job *job)
{
    struct ms_error err;

    fuzz_require(ms_job_parse("base.yaml", job_text, strlen(job_text), job, &err) == MS_OK,
                 "the job of the base is valid");
}

/* Returns the result of a configuration without its network. */
static struct ms_result result_of(int64_t config, int64_t iterations, enum ms_status status)
{
    return (struct ms_result){.config = config,
                              .status = status,
                              .iterations_done = status == MS_DONE ? iterations : 1,
                              .train = {.accuracy = 80, .cost = 0.5, .outcomes = {6, 1, 2, 6}},
                              .dev = {.accuracy = 80, .cost = 0.25, .outcomes = {2, 1, 0, 2}},
                              .train_seconds = 0.5,
                              .train_cpu_seconds = 0.25};
}

/* Queues the configurations of a trajectory with iteration counts in (from, to], in ascending order. */
static enum ms_code queue_results(struct ms_writer *store, const struct ms_grid *grid, int64_t trajectory,
                                  int64_t from, int64_t to, enum ms_status status,
                                  const struct ms_network *network, struct ms_error *err)
{
    static const double costs[MAX_COSTS] = {0.75, 0.5, 0.25, 0.125};
    struct ms_grid_member members[MAX_COSTS];
    const int64_t n_members = ms_grid_members(grid, trajectory, members);
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && i < n_members; i++) {
        const int64_t iterations = members[i].iterations;
        struct ms_result result = result_of(members[i].config, iterations, status);

        if (iterations <= from || iterations > to)
            continue;
        result.network = network;
        code = ms_writer_costs(store, iterations - from, costs + from, err);
        if (code == MS_OK)
            code = ms_writer_result(store, &result, err);
        from = iterations;
    }
    return code;
}

enum ms_code result_base_train(struct ms_writer *store, const struct ms_grid *grid, int64_t trajectory,
                               int64_t from, int64_t to, enum ms_status status, struct ms_error *err)
{
    struct ms_config config = ms_grid_trajectory(grid, trajectory).longest;
    struct ms_network network;
    struct ms_resume resume = {.slots = {-1, -1}, .iteration = from, .network = &network};
    enum ms_code code = ms_network_alloc(&network, 2, config.n_h, config.activation, err);

    if (code == MS_OK)
        code = ms_writer_begin(store, trajectory, &resume, err);
    if (code == MS_OK)
        code = queue_results(store, grid, trajectory, resume.iteration, to, status, &network, err);
    ms_network_free(&network);
    return code;
}

/* Writes a checkpoint of the last trajectory after one iteration, as a run that is stopped does. */
static enum ms_code leave_checkpoint(struct ms_writer *store, const struct ms_grid *grid,
                                     struct ms_error *err)
{
    static const double cost = 0.75;
    int64_t trajectory = ms_grid_trajectories(grid) - 1;
    struct ms_config config = ms_grid_trajectory(grid, trajectory).longest;
    struct ms_network network;
    struct ms_resume resume = {.slots = {0, 1}, .network = &network};
    const struct ms_checkpoint checkpoint = {
        .iteration = 1, .seconds = 0.25, .cpu_seconds = 0.125, .network = &network};
    enum ms_code code = ms_network_alloc(&network, 2, config.n_h, config.activation, err);

    if (code == MS_OK)
        code = ms_writer_begin(store, trajectory, &resume, err);
    if (code == MS_OK)
        code = ms_writer_costs(store, 1, &cost, err);
    if (code == MS_OK)
        code = ms_writer_checkpoint(store, &checkpoint, err);
    ms_network_free(&network);
    return code;
}

/* Commits the contents of the base, as a run that is stopped before its end. */
static void commit(const char *path, const struct ms_writer_spec *spec)
{
    const struct ms_run_info info = {.ranks = 1,
                                     .hosts = "host",
                                     .isa = "portable",
                                     .kernels = "tanh 3: portable 1.5",
                                     .command = "moonsweep run",
                                     .batch_job = "7"};
    const struct ms_grid *grid = spec->grid;
    struct ms_writer_lease lease = {.count = 4, .to_iteration = 4, .started = 1.7e9, .finished = 1.7e9 + 1};
    struct ms_writer *store;
    struct ms_error err;
    uint64_t id;
    int32_t row;
    bool full;

    fuzz_require(ms_writer_open(path, spec, &store, &err) == MS_OK, "a new result can be opened");
    fuzz_require(ms_writer_run_begin(store, &info, &id, &row, &err) == MS_OK &&
                     ms_writer_lease(store, &lease, &full, &err) == MS_OK &&
                     result_base_train(store, grid, 0, 0, 4, MS_DONE, &err) == MS_OK &&
                     result_base_train(store, grid, 1, 0, 2, MS_DONE, &err) == MS_OK &&
                     result_base_train(store, grid, 2, 0, 4, MS_DIVERGED, &err) == MS_OK &&
                     leave_checkpoint(store, grid, &err) == MS_OK && ms_writer_flush(store, &err) == MS_OK &&
                     ms_writer_run_end(store, 2, MS_RUN_STOPPED, &err) == MS_OK,
                 "a run can be committed");
    ms_writer_close(store);
}

void result_base_write(const char *path, const struct ms_writer_spec *spec)
{
    struct ms_error err;
    bool reserved;

    fuzz_require(ms_writer_create(path, spec, false, &reserved, &err) == MS_OK, "the base can be created");
    commit(path, spec);
}
