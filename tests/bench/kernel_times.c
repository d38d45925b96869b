/* Measures kernels, and loops of their instructions for comparison.
 *
 *     kernel_times ROUNDS LOOPS.so <lines
 *
 * A line consists of a case (bench_case.h), or nothing, and after a colon functions of LOOPS.so, each of which makes
 * the given number of passes through a loop, void name(int64_t passes):
 *
 *     avx512 float64 tanh 2 5 1600: loop_4 loop_5
 *     : clock_loop
 *
 * In every round each line's case is trained for a few milliseconds, then its loops run equally long, so that a change
 * of the clock frequency affects both. Prints, for each round and line,
 *
 *     LINE SECONDS_PER_ITERATION SECONDS_PER_PASS...    (0 seconds per iteration if there is no case)
 *
 * in processor time, on which other processes of the core have no effect. Fails if a network leaves the narrow range,
 * since its kernel then no longer executes the counted operations.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_case.h"
#include "stopwatch.h"
#include "train/pass.h"

enum { LOOPS_MOST = 8, LINE_BYTES = 1024, ITERATIONS_MOST = 1 << 16 };

static const double slice_s = 2e-3;
/* Small enough for the network to stay in the narrow range, which float32 leaves early. */
static const double learning_rate = 1e-6;

typedef void loop(int64_t passes);

struct entry {
    bool trains;
    struct bench_case one;  /* owned, if it trains */
    struct ms_train *train; /* owned, if it trains */
    int64_t iterations;     /* per slice */
    int loops;
    loop *loop[LOOPS_MOST];
    int64_t passes[LOOPS_MOST]; /* per slice */
};

static double train_slice(struct entry *entry, double *costs)
{
    const double started_s = stopwatch_now_s();

    (void)ms_train_run(entry->train, ms_train_iteration(entry->train) + entry->iterations, costs);
    return stopwatch_now_s() - started_s;
}

static double loop_slice(const struct entry *entry, int i)
{
    const double started_s = stopwatch_now_s();

    entry->loop[i](entry->passes[i]);
    return stopwatch_now_s() - started_s;
}

/* Makes slices long enough for the time of reading the clock to be negligible. */
static void calibrate(struct entry *entry, double *costs)
{
    while (entry->trains && entry->iterations < ITERATIONS_MOST && train_slice(entry, costs) < slice_s)
        entry->iterations *= 2;
    for (int i = 0; i < entry->loops; i++)
        while (loop_slice(entry, i) < slice_s)
            entry->passes[i] *= 2;
}

static enum ms_code find_loops(char *names, void *library, struct entry *entry, struct ms_error *err)
{
    char *rest = names;

    for (char *name = strtok_r(names, " \n", &rest); name; name = strtok_r(NULL, " \n", &rest)) {
        void *symbol = dlsym(library, name);

        if (!symbol || entry->loops == LOOPS_MOST)
            return ms_fail(err, MS_BAD_USAGE, "%s is not in the library, or there are too many loops", name);
        memcpy(&entry->loop[entry->loops], &symbol, sizeof symbol);
        entry->passes[entry->loops++] = 1;
    }
    return MS_OK;
}

/* Parses one line, which the caller knows to contain a colon. */
static enum ms_code open_entry(char *line, void *library, struct entry *entry, struct ms_error *err)
{
    char *colon = strchr(line, ':');
    enum ms_code code;

    *entry = (struct entry){.iterations = 1, .trains = colon != line};
    *colon = '\0';
    code = find_loops(colon + 1, library, entry, err);
    if (code != MS_OK || !entry->trains)
        return code;
    return bench_case_make(line, &entry->one, err);
}

/* The entry must not be moved afterwards, because the training borrows its samples. */
static enum ms_code start_training(struct entry *entry, struct ms_error *err)
{
    const struct ms_train_spec spec = {.kernel = entry->one.kernel,
                                       .samples = &entry->one.samples,
                                       .learning_rate = learning_rate,
                                       .computes_recurring = true};

    return entry->trains ? ms_train_open(&spec, &entry->one.network, 0, &entry->train, err) : MS_OK;
}

static void close_entries(struct entry *entries, int n)
{
    for (int i = 0; i < n; i++)
        if (entries[i].trains) {
            ms_train_close(entries[i].train);
            bench_case_free(&entries[i].one);
        }
    free(entries);
}

/* Reads all lines of standard input. The caller closes the entries, even after an error. */
static enum ms_code open_entries(void *library, struct entry **entries, int *n, struct ms_error *err)
{
    char line[LINE_BYTES];

    while (fgets(line, sizeof line, stdin)) {
        struct entry *grown = realloc(*entries, (size_t)(*n + 1) * sizeof *grown);
        enum ms_code code;

        if (!grown)
            return ms_fail(err, MS_NO_MEMORY, "no memory for so many lines");
        *entries = grown;
        if (!strchr(line, ':'))
            return ms_fail(err, MS_BAD_USAGE, "a line without a colon: %s", line);
        code = open_entry(line, library, &grown[*n], err);
        if (code != MS_OK)
            return code;
        ++*n;
    }
    return MS_OK;
}

static void run_round(struct entry *entries, int n, double *costs)
{
    for (int i = 0; i < n; i++) {
        struct entry *entry = &entries[i];

        (void)printf("%d %.9g", i, entry->trains ? train_slice(entry, costs) / (double)entry->iterations : 0);
        for (int l = 0; l < entry->loops; l++)
            (void)printf(" %.9g", loop_slice(entry, l) / (double)entry->passes[l]);
        (void)printf("\n");
    }
}

/* Fails if the trained network has left the narrow range. */
static enum ms_code check_range(const struct entry *entry, struct ms_error *err)
{
    struct ms_pass pass;
    enum ms_code code = ms_pass_alloc(&pass, &entry->one.samples, &entry->one.network, err);

    if (code != MS_OK)
        return code;
    ms_pass_fold(&pass, ms_train_network(entry->train));
    if (pass.range != MS_RANGE_NARROW)
        code = ms_fail(err, MS_INTERNAL, "a network of %d units left the narrow range after %lld iterations",
                       entry->one.network.n_h, (long long)ms_train_iteration(entry->train));
    ms_pass_free(&pass);
    return code;
}

static enum ms_code measure(void *library, int rounds, struct ms_error *err)
{
    static double costs[ITERATIONS_MOST];
    struct entry *entries = NULL;
    int n = 0;
    enum ms_code code = open_entries(library, &entries, &n, err);

    for (int i = 0; i < n && code == MS_OK; i++)
        code = start_training(&entries[i], err);
    for (int i = 0; i < n && code == MS_OK; i++)
        calibrate(&entries[i], costs);
    for (int round = 0; round < rounds && code == MS_OK; round++)
        run_round(entries, n, costs);
    for (int i = 0; i < n && code == MS_OK; i++)
        if (entries[i].trains)
            code = check_range(&entries[i], err);
    close_entries(entries, n);
    return code;
}

int main(int argc, char **argv)
{
    struct ms_error err;
    enum ms_code code;
    void *library;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: kernel_times ROUNDS LOOPS.so <lines\n");
        return ms_exit_status(MS_BAD_USAGE);
    }
    library = dlopen(argv[2], RTLD_NOW);
    if (library) {
        code = measure(library, (int)strtol(argv[1], NULL, 10), &err);
        (void)dlclose(library);
    } else {
        code = ms_fail(&err, MS_NO_INPUT, "%s", dlerror());
    }
    if (code != MS_OK)
        (void)fprintf(stderr, "kernel_times: %s\n", err.text);
    return ms_exit_status(code);
}
