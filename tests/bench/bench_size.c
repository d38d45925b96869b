/* Measures iterations with different numbers of samples and hidden units (docs/benchmarks.md).
 *
 *     bench_size [ROUNDS]
 *
 * Each line compares networks that differ only in size: the median time of each, and the ratio of the last to the
 * first.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "bench_case.h"
#include "stopwatch.h"

enum { SIZES = 4, ROUNDS = 11, ROUNDS_MOST = 1001, ITERATIONS_MOST = 1 << 16 };

static const double slice_s = 10e-3;
/* Small enough for the network to stay in the narrow range. */
static const double learning_rate = 1e-6;

struct size {
    int32_t n_x, n_h;
    int64_t m;
};

/* If the size does not matter, all networks of a comparison take the same time, in the given unit. */
static const struct comparison {
    const char *title;
    bool by_unit; /* nanoseconds per sample and unit; otherwise microseconds per iteration */
    struct size sizes[SIZES];
} comparisons[] = {
    {"samples, 1 unit", true, {{2, 1, 1600}, {2, 1, 16000}, {2, 1, 100000}, {2, 1, 1000000}}},
    {"samples, 5 units", true, {{2, 5, 1600}, {2, 5, 16000}, {2, 5, 100000}, {2, 5, 1000000}}},
    {"samples, 50 units", true, {{2, 50, 1600}, {2, 50, 16000}, {2, 50, 100000}, {2, 50, 1000000}}},
    {"samples, 30 features", true, {{30, 5, 1600}, {30, 5, 16000}, {30, 5, 100000}, {30, 5, 1000000}}},
    {"units", true, {{2, 50, 1600}, {2, 200, 1600}, {2, 1000, 1600}, {2, 5000, 1600}}},
    {"64, padded", false, {{2, 50, 64}, {2, 50, 63}, {2, 50, 33}, {2, 50, 1}}},
    {"256, padded", false, {{2, 50, 256}, {2, 50, 255}, {2, 50, 223}, {2, 50, 193}}},
    {"1664, padded", false, {{2, 50, 1664}, {2, 50, 1663}, {2, 50, 1602}, {2, 50, 1601}}},
};

/* A network that is being trained. */
struct entry {
    struct size size;
    struct bench_case one;       /* owned */
    struct ms_train *train;      /* owned */
    int64_t iterations;          /* per slice */
    double seconds[ROUNDS_MOST]; /* per iteration, for each round */
};

static double train_slice(struct entry *entry)
{
    static double costs[ITERATIONS_MOST];
    const double started_s = stopwatch_now_s();

    (void)ms_train_run(entry->train, ms_train_iteration(entry->train) + entry->iterations, costs);
    return stopwatch_now_s() - started_s;
}

/* The entry must not be moved afterwards, because the training borrows its samples. */
static enum ms_code open_entry(struct entry *entry, const struct size *size, const struct ms_kernel *kernel,
                               enum ms_activation activation, struct ms_error *err)
{
    char text[128];
    struct ms_train_spec spec = {
        .kernel = kernel, .learning_rate = learning_rate, .computes_recurring = true};
    enum ms_code code;

    (void)snprintf(text, sizeof text, "%s %s %s %d %d %lld", kernel->isa,
                   ms_precision_name(kernel->precision), ms_activation_name(activation), size->n_x, size->n_h,
                   (long long)size->m);
    entry->size = *size;
    entry->iterations = 1;
    code = bench_case_make(text, &entry->one, err);
    if (code != MS_OK)
        return code;
    spec.samples = &entry->one.samples;
    code = ms_train_open(&spec, &entry->one.network, 0, &entry->train, err);
    if (code != MS_OK)
        return code;
    while (train_slice(entry) < slice_s && entry->iterations < ITERATIONS_MOST)
        entry->iterations *= 2;
    return MS_OK;
}

static void close_entries(struct entry *entries)
{
    for (int i = 0; i < SIZES; i++) {
        ms_train_close(entries[i].train);
        bench_case_free(&entries[i].one);
    }
    free(entries);
}

static void print_line(const struct comparison *comparison, const struct ms_kernel *kernel,
                       enum ms_activation activation, struct entry *entries, int rounds)
{
    double cost[SIZES];

    (void)printf("%-22s %-8s %-8s", comparison->title, ms_precision_name(kernel->precision),
                 ms_activation_name(activation));
    for (int i = 0; i < SIZES; i++) {
        const struct size *size = &entries[i].size;
        const double seconds = stopwatch_median(entries[i].seconds, rounds);

        cost[i] = comparison->by_unit ? 1e9 * seconds / ((double)size->m * size->n_h) : 1e6 * seconds;
        (void)printf(" %8lld %4d: %-9.4g", (long long)size->m, size->n_h, cost[i]);
    }
    (void)printf(" %5.2f\n", cost[SIZES - 1] / cost[0]);
    (void)fflush(stdout);
}

static enum ms_code measure(const struct comparison *comparison, const struct ms_kernel *kernel,
                            enum ms_activation activation, int rounds, struct ms_error *err)
{
    struct entry *entries = calloc(SIZES, sizeof *entries);
    enum ms_code code = MS_OK;

    if (!entries)
        return ms_fail(err, MS_NO_MEMORY, "no memory for %d networks", SIZES);
    for (int i = 0; i < SIZES && code == MS_OK; i++)
        code = open_entry(&entries[i], &comparison->sizes[i], kernel, activation, err);
    for (int round = 0; round < rounds && code == MS_OK; round++)
        for (int i = 0; i < SIZES; i++)
            entries[i].seconds[round] = train_slice(&entries[i]) / (double)entries[i].iterations;
    if (code == MS_OK)
        print_line(comparison, kernel, activation, entries, rounds);
    close_entries(entries);
    return code;
}

static enum ms_code measure_all(int rounds, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    (void)printf("samples and units: nanoseconds per sample and unit (if padded: microseconds per "
                 "iteration); last/first\n");
    for (size_t c = 0; c < sizeof comparisons / sizeof *comparisons; c++)
        for (int precision = 0; precision < MS_PRECISION_COUNT; precision++) {
            const struct ms_kernel *kernel;

            code = ms_kernel_choose((enum ms_precision)precision, NULL, &kernel, err);
            for (int a = 0; a < MS_ACTIVATION_COUNT && code == MS_OK; a++)
                code = measure(&comparisons[c], kernel, (enum ms_activation)a, rounds, err);
            if (code != MS_OK)
                return code;
        }
    return MS_OK;
}

int main(int argc, char **argv)
{
    const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
    struct ms_error err;
    enum ms_code code;

    if (rounds < 1 || rounds > ROUNDS_MOST) {
        (void)fprintf(stderr, "usage: bench_size [ROUNDS], 1 to %d rounds\n", ROUNDS_MOST);
        return ms_exit_status(MS_BAD_USAGE);
    }
    code = measure_all((int)rounds, &err);
    if (code != MS_OK)
        (void)fprintf(stderr, "bench_size: %s\n", err.text);
    return ms_exit_status(code);
}
