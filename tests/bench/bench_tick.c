/* Measures how long it is between the ticks of a training, and what ticks cost (docs/benchmarks.md).
 *
 *     bench_tick [ROUNDS]
 *
 * A network is trained with and without ticks, in turns. Times are those of the processor.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench_case.h"
#include "stopwatch.h"

enum { ROUNDS = 5, ROUNDS_MOST = 1001, ITERATIONS_MOST = 1 << 14, GAPS_MOST = 1 << 18 };

static const double piece_s = 50e-3;
/* Small enough for the network to stay in the narrow range. */
static const double learning_rate = 1e-9;

static const struct size {
    int32_t n_h;
    int64_t m;
} sizes[] = {{1, 1600}, {50, 1600}, {1000, 1600}, {10000, 1600}, {100000, 1600}, {1000000, 200}};

/* What the ticks note: the time since the last one, or since the training was entered. */
struct gaps {
    double last_s;
    int count; /* those beyond GAPS_MOST are not noted */
    double seconds[GAPS_MOST];
};

/* A network that is trained twice: with ticks, and without them. */
struct twins {
    struct ms_train *with, *without; /* owned */
    int64_t iterations;              /* of a piece */
    double without_s[ROUNDS_MOST], ratio[ROUNDS_MOST];
};

static bool note_gap(void *context)
{
    struct gaps *gaps = context;

    if (gaps->count < GAPS_MOST)
        gaps->seconds[gaps->count++] = stopwatch_now_s() - gaps->last_s;
    gaps->last_s = stopwatch_now_s();
    return false;
}

/* Returns the seconds of `iterations` iterations. */
static double train_piece(struct ms_train *train, int64_t iterations)
{
    static double costs[ITERATIONS_MOST];
    const double started_s = stopwatch_now_s();

    (void)ms_train_run(train, ms_train_iteration(train) + iterations, costs);
    return stopwatch_now_s() - started_s;
}

static enum ms_code open_twins(const struct bench_case *one, struct gaps *gaps, struct twins *twins,
                               struct ms_error *err)
{
    struct ms_train_spec spec = {.kernel = one->kernel,
                                 .samples = &one->samples,
                                 .learning_rate = learning_rate,
                                 .computes_recurring = true};
    enum ms_code code = ms_train_open(&spec, &one->network, 0, &twins->without, err);

    spec.tick = note_gap;
    spec.context = gaps;
    if (code == MS_OK)
        code = ms_train_open(&spec, &one->network, 0, &twins->with, err);
    return code;
}

/* The first iterations, in which memory is used for the first time, do not count. */
static void measure(struct twins *twins, struct gaps *gaps, int rounds)
{
    const double first_s = train_piece(twins->without, 1) + train_piece(twins->with, 1);

    twins->iterations = (int64_t)fmin(ITERATIONS_MOST, ceil(2 * piece_s / first_s));
    gaps->count = 0;
    for (int round = 0; round < rounds; round++) {
        gaps->last_s = stopwatch_now_s();
        twins->ratio[round] = train_piece(twins->with, twins->iterations);
        twins->without_s[round] = train_piece(twins->without, twins->iterations);
        twins->ratio[round] /= twins->without_s[round];
    }
}

static void print_line(const char *text, struct twins *twins, struct gaps *gaps, int rounds)
{
    const double median_s = gaps->count > 0 ? stopwatch_median(gaps->seconds, gaps->count) : (double)NAN;
    const double longest_s = gaps->count > 0 ? gaps->seconds[gaps->count - 1]
                                             : (double)NAN; /* they are sorted */

    (void)printf("%-38s %12.3f %7d %9.3f %10.3f %6.3f\n", text,
                 1e3 * stopwatch_median(twins->without_s, rounds) / (double)twins->iterations, gaps->count,
                 1e3 * median_s, 1e3 * longest_s, stopwatch_median(twins->ratio, rounds));
    (void)fflush(stdout);
}

static enum ms_code measure_size(const struct size *size, int rounds, struct ms_error *err)
{
    static struct twins twins;
    static struct gaps gaps;
    const struct ms_kernel *kernel;
    struct bench_case one;
    char text[128];
    enum ms_code code = ms_kernel_choose(MS_FLOAT64, NULL, &kernel, err);

    if (code != MS_OK)
        return code;
    (void)snprintf(text, sizeof text, "%s float64 tanh 2 %d %lld", kernel->isa, (int)size->n_h,
                   (long long)size->m);
    code = bench_case_make(text, &one, err);
    if (code != MS_OK)
        return code;
    twins = (struct twins){0};
    code = open_twins(&one, &gaps, &twins, err);
    if (code == MS_OK) {
        measure(&twins, &gaps, rounds);
        print_line(text, &twins, &gaps, rounds);
    }
    ms_train_close(twins.with);
    ms_train_close(twins.without);
    bench_case_free(&one);
    return code;
}

int main(int argc, char **argv)
{
    const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
    struct ms_error err;
    enum ms_code code = MS_OK;

    if (rounds < 1 || rounds > ROUNDS_MOST) {
        (void)fprintf(stderr, "usage: bench_tick [ROUNDS], 1 to %d rounds\n", ROUNDS_MOST);
        return ms_exit_status(MS_BAD_USAGE);
    }
    (void)printf("%-38s %12s %7s %9s %10s %6s\n", "", "iteration ms", "ticks", "median ms", "longest ms",
                 "ratio");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && code == MS_OK; i++)
        code = measure_size(&sizes[i], (int)rounds, &err);
    if (code != MS_OK)
        (void)fprintf(stderr, "bench_tick: %s\n", err.text);
    return ms_exit_status(code);
}
