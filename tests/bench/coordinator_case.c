/* Makes the data, the grid and the result file of the sweep for which coordinators are measured.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "coordinator_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "moonsweep/moons.h"
#include "moonsweep/split.h"

/* The iterations of a trajectory, which take minutes: the plan bundles nothing. */
enum { ITERATIONS = 100 * 1000 * 1000 };

static int32_t units = 10;
static enum ms_activation activation = MS_TANH;
static double rate = 0.1, init_scale = 0.01;
static int64_t iterations = ITERATIONS;

void coordinator_case_must(enum ms_code code, const struct ms_error *err)
{
    if (code == MS_OK)
        return;
    (void)fprintf(stderr, "coordinator: %s\n", err->text);
    exit(ms_exit_status(code));
}

static void make_dataset(struct ms_dataset *dataset, struct ms_error *err)
{
    struct ms_data all;

    coordinator_case_must(ms_moons_make(2000, 0.25, 0, NULL, &all, err), err);
    coordinator_case_must(ms_split(&all, 0.2, 42, NULL, &dataset->train, &dataset->dev, err), err);
    ms_data_free(&all);
}

/* Nothing is done yet. */
static void make_scan(struct ms_writer_scan *scan, int32_t trajectories, struct ms_error *err)
{
    const size_t count = (size_t)trajectories;

    *scan = (struct ms_writer_scan){.trajectories = trajectories, .best = ms_best_none};
    scan->from_iteration = calloc(count, sizeof *scan->from_iteration);
    scan->finished = calloc(count, sizeof *scan->finished);
    scan->pair = malloc(count * sizeof *scan->pair);
    if (scan->from_iteration == NULL || scan->finished == NULL || scan->pair == NULL)
        coordinator_case_must(ms_fail_memory(err, NULL, "for the scan"), err);
    for (int32_t t = 0; t < trajectories; t++)
        scan->pair[t] = -1;
}

void coordinator_case_open(struct coordinator_case *prepared, const char *folder, int32_t trajectories)
{
    struct ms_error err;
    struct ms_writer *writer;

    *prepared = (struct coordinator_case){.samples = {.n_x = 2, .m = 1600}};
    (void)snprintf(prepared->path, sizeof prepared->path, "%s/bench_coordinator.h5", folder);
    (void)unlink(prepared->path); /* left by an interrupted run */
    make_dataset(&prepared->dataset, &err);
    one_network_set(&prepared->one, 1, 1);
    coordinator_case_must(
        one_network_create(prepared->path, &prepared->one, &prepared->dataset, &writer, &err), &err);
    make_scan(&prepared->scan, trajectories, &err);
    prepared->seeds = malloc((size_t)trajectories * sizeof *prepared->seeds);
    if (prepared->seeds == NULL)
        coordinator_case_must(ms_fail_memory(&err, NULL, "for the grid"), &err);
    for (int32_t t = 0; t < trajectories; t++)
        prepared->seeds[t] = (uint32_t)t;
    prepared->grid = (struct ms_grid){.n_datasets = 1,
                                      .n_n_h = 1,
                                      .n_activation = 1,
                                      .n_learning_rate = 1,
                                      .n_init_scale = 1,
                                      .n_seed = trajectories,
                                      .n_iterations = 1,
                                      .n_h = &units,
                                      .activation = &activation,
                                      .learning_rate = &rate,
                                      .init_scale = &init_scale,
                                      .seed = prepared->seeds,
                                      .iterations = &iterations,
                                      .cost_stride = 1};
    prepared->spec = (struct ms_sweep_spec){.comm = MPI_COMM_WORLD,
                                            .grid = &prepared->grid,
                                            .train = &prepared->samples,
                                            .dev = &prepared->samples,
                                            .writer = writer,
                                            .scan = &prepared->scan,
                                            .dedicated_coordinator = true,
                                            .time_limit_s = (double)INFINITY};
}

void coordinator_case_close(struct coordinator_case *prepared)
{
    ms_writer_close(prepared->spec.writer);
    (void)unlink(prepared->path);
    ms_dataset_free(&prepared->dataset);
    ms_writer_scan_free(&prepared->scan);
    free(prepared->seeds);
}
