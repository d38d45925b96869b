/* Measures the cost of checkpoints: trains as a sweep does, for the interval between two checkpoints, and measures the
 * duration of each checkpoint. docs/benchmarks.md explains the table.
 *
 *     bench_checkpoint [FOLDER [SECONDS [ROUNDS]]]
 *
 * FOLDER    on the file system to measure: the result file is created in it and removed; default: the current folder
 * SECONDS   the interval, default 10, as in `moonsweep run`
 * ROUNDS    checkpoints per network, default 3
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "moonsweep/clock.h"
#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "moonsweep/train.h"
#include "moonsweep/writer.h"
#include "one_network.h"
#include "stopwatch.h"

enum { PIECE = 8192, LARGEST_N_H = 1000, MOST_ROUNDS = 100 };

static const int32_t hidden_units[] = {1, 10, 50, LARGEST_N_H};
static const double rate_s = 0.25; /* of training, to estimate the speed of a network */

/* Shared by all networks. */
struct bench {
    char path[4096];
    double interval_s;
    long rounds;
    const struct ms_kernel *kernel;
    struct ms_dataset dataset;
    struct ms_samples samples;
};

static void must(enum ms_code code, const struct ms_error *err)
{
    if (code == MS_OK)
        return;
    (void)fprintf(stderr, "bench_checkpoint: %s\n", err->text);
    exit(ms_exit_status(code));
}

static void make_data(struct bench *bench, struct ms_error *err)
{
    struct ms_data all;

    must(ms_moons_make(2000, 0.25, 0, NULL, &all, err), err);
    must(ms_split(&all, 0.2, 42, NULL, &bench->dataset.train, &bench->dataset.dev, err), err);
    ms_data_free(&all);
    must(ms_kernel_choose(MS_FLOAT64, NULL, &bench->kernel, err), err);
    must(ms_samples_make(&bench->samples, &bench->dataset.train, MS_FLOAT64, NULL, err), err);
}

static struct ms_train *open_training(const struct bench *bench, int32_t n_h, struct ms_error *err)
{
    const struct ms_train_spec spec = {.kernel = bench->kernel,
                                       .samples = &bench->samples,
                                       .learning_rate = 0.1,
                                       .computes_recurring = true};
    struct ms_network initial;
    struct ms_train *train;

    must(ms_network_alloc(&initial, 2, n_h, MS_TANH, err), err);
    ms_network_init(&initial, 0, 0.01, MS_FLOAT64);
    must(ms_train_open(&spec, &initial, 0, &train, err), err);
    ms_network_free(&initial);
    return train;
}

/* Trains for some seconds. The costs are passed to the writer, if there is one, as in a sweep. */
static void train_for(struct ms_train *train, double seconds, struct ms_writer *writer, struct ms_error *err)
{
    static double costs[PIECE];
    double end_s = ms_clock_monotonic_s() + seconds;
    int64_t piece = 1;

    while (ms_clock_monotonic_s() < end_s) {
        int64_t before = ms_train_iteration(train);
        double started_s = ms_clock_monotonic_s();

        (void)ms_train_run(train, before + piece, costs);
        if (writer != NULL) {
            must(ms_writer_costs(writer, piece, costs, err), err);
            must(ms_writer_tick(writer, err), err);
        }
        if (ms_clock_monotonic_s() - started_s < 0.05 && piece < PIECE)
            piece *= 2;
    }
}

/* Returns iterations per second. */
static double measure_rate(const struct bench *bench, int32_t n_h, struct ms_error *err)
{
    struct ms_train *train = open_training(bench, n_h, err);
    double rate;

    train_for(train, rate_s, NULL, err);
    rate = (double)ms_train_iteration(train) / ms_train_seconds(train);
    ms_train_close(train);
    return rate;
}

/* Creates a result file of one network, for more iterations than will be trained. The writer borrows *one. */
static struct ms_writer *open_result(const struct bench *bench, int32_t n_h, double rate,
                                     struct one_network *one, struct ms_error *err)
{
    struct ms_writer *writer;

    one_network_set(one, n_h,
                    (int64_t)(rate * bench->interval_s * (double)(bench->rounds + 1) * 2) + 2 * PIECE);
    must(one_network_create(bench->path, one, &bench->dataset, &writer, err), err);
    return writer;
}

static void measure(const struct bench *bench, int32_t n_h, struct ms_error *err)
{
    double rate = measure_rate(bench, n_h, err), seconds[MOST_ROUNDS], sum_s = 0, median_s;
    struct one_network one;
    struct ms_writer *writer = open_result(bench, n_h, rate, &one, err);
    struct ms_train *train = open_training(bench, n_h, err);

    for (long round = 0; round < bench->rounds; round++) {
        struct ms_checkpoint checkpoint;

        train_for(train, bench->interval_s, writer, err);
        checkpoint = (struct ms_checkpoint){.iteration = ms_train_iteration(train),
                                            .seconds = ms_train_seconds(train),
                                            .cpu_seconds = ms_train_cpu_seconds(train),
                                            .network = ms_train_network(train)};
        seconds[round] = ms_clock_monotonic_s();
        must(ms_writer_checkpoint(writer, &checkpoint, err), err);
        seconds[round] = ms_clock_monotonic_s() - seconds[round];
        sum_s += seconds[round];
    }
    median_s = stopwatch_median(seconds, (int)bench->rounds);
    (void)printf("%5d %12.0f %10.1f %10.2f %10.2f %8.3f\n", n_h,
                 (double)ms_train_iteration(train) / ms_train_seconds(train),
                 (double)ms_train_iteration(train) * 8e-6 / (double)bench->rounds, 1e3 * median_s,
                 1e3 * seconds[bench->rounds - 1], 100 * sum_s / ms_train_seconds(train));
    ms_train_close(train);
    ms_writer_close(writer);
    (void)unlink(bench->path);
}

int main(int argc, char **argv)
{
    struct bench bench = {.interval_s = argc > 2 ? strtod(argv[2], NULL) : 10,
                          .rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 3};
    struct ms_error err;

    (void)snprintf(bench.path, sizeof bench.path, "%s/bench_checkpoint.h5", argc > 1 ? argv[1] : ".");
    if (!(bench.interval_s > 0) || bench.rounds < 1 || bench.rounds > MOST_ROUNDS) {
        (void)fprintf(stderr, "usage: bench_checkpoint [FOLDER [SECONDS [ROUNDS]]], 1 to %d rounds\n",
                      MOST_ROUNDS);
        return 64;
    }
    (void)unlink(bench.path); /* left by an interrupted run */
    make_data(&bench, &err);
    (void)printf("a checkpoint every %g s, %ld of each, tanh, %lld samples, %s\n", bench.interval_s,
                 bench.rounds, (long long)bench.samples.m, bench.kernel->isa);
    (void)printf("%5s %12s %10s %10s %10s %8s\n", "n_h", "iterations/s", "costs MB", "median ms", "worst ms",
                 "share %");
    for (size_t i = 0; i < sizeof hidden_units / sizeof *hidden_units; i++) {
        measure(&bench, hidden_units[i], &err);
        (void)fflush(stdout);
    }
    ms_samples_free(&bench.samples);
    ms_dataset_free(&bench.dataset);
    return EXIT_SUCCESS;
}
