/* Compares the evaluation of a network with an iteration of its training (docs/benchmarks.md).
 *
 *     bench_evaluation [ROUNDS]
 *
 * Both make one pass over the same 1,600 samples with two features; the evaluation makes only its forward half.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "bench_case.h"
#include "stopwatch.h"

enum { ROUNDS = 15, ROUNDS_MOST = 1001, PIECE = 400 };

static const int hidden[] = {1, 2, 3, 4, 5, 10, 50};
/* Small enough for the network to stay in the narrow range. */
static const double learning_rate = 1e-6;

/* Seconds of one iteration and of one evaluation, for each round. */
struct times {
    double iteration_s[ROUNDS_MOST], evaluation_s[ROUNDS_MOST];
};

static double time_iterations(struct ms_train *train)
{
    static double costs[PIECE];
    const double started_s = stopwatch_now_s();

    (void)ms_train_run(train, ms_train_iteration(train) + PIECE, costs);
    return (stopwatch_now_s() - started_s) / PIECE;
}

static enum ms_code time_evaluations(const struct bench_case *one, double *seconds, struct ms_error *err)
{
    const double started_s = stopwatch_now_s();
    struct ms_evaluation evaluation;
    enum ms_code code = MS_OK;

    for (int i = 0; i < PIECE && code == MS_OK; i++)
        code = ms_evaluate(one->kernel, &one->network, &one->samples, NULL, NULL, &evaluation, err);
    *seconds = (stopwatch_now_s() - started_s) / PIECE;
    return code;
}

static enum ms_code measure(const struct bench_case *one, int rounds, struct times *times,
                            struct ms_error *err)
{
    const struct ms_train_spec spec = {.kernel = one->kernel,
                                       .samples = &one->samples,
                                       .learning_rate = learning_rate,
                                       .computes_recurring = true};
    struct ms_train *train;
    enum ms_code code = ms_train_open(&spec, &one->network, 0, &train, err);

    if (code != MS_OK)
        return code;
    for (int round = 0; round < rounds && code == MS_OK; round++) {
        times->iteration_s[round] = time_iterations(train);
        code = time_evaluations(one, &times->evaluation_s[round], err);
    }
    ms_train_close(train);
    return code;
}

static enum ms_code measure_case(const char *text, int rounds, struct ms_error *err)
{
    static struct times times;
    struct bench_case one;
    double iteration_s, evaluation_s;
    enum ms_code code = bench_case_make(text, &one, err);

    if (code != MS_OK)
        return code;
    code = measure(&one, rounds, &times, err);
    bench_case_free(&one);
    if (code != MS_OK)
        return code;
    iteration_s = stopwatch_median(times.iteration_s, rounds);
    evaluation_s = stopwatch_median(times.evaluation_s, rounds);
    (void)printf("%-34s %9.3f %10.3f %6.2f\n", text, 1e6 * iteration_s, 1e6 * evaluation_s,
                 evaluation_s / iteration_s);
    (void)fflush(stdout);
    return MS_OK;
}

static enum ms_code measure_all(int rounds, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    (void)printf("%-34s %9s %10s %6s\n", "", "iteration", "evaluation", "ratio");
    for (int precision = 0; precision < MS_PRECISION_COUNT; precision++)
        for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
            for (size_t h = 0; h < sizeof hidden / sizeof *hidden; h++) {
                const struct ms_kernel *kernel;
                char text[128];

                code = ms_kernel_choose((enum ms_precision)precision, NULL, &kernel, err);
                if (code != MS_OK)
                    return code;
                (void)snprintf(text, sizeof text, "%s %s %s 2 %d 1600", kernel->isa,
                               ms_precision_name((enum ms_precision)precision),
                               ms_activation_name((enum ms_activation)a), hidden[h]);
                code = measure_case(text, rounds, err);
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
        (void)fprintf(stderr, "usage: bench_evaluation [ROUNDS], 1 to %d rounds\n", ROUNDS_MOST);
        return ms_exit_status(MS_BAD_USAGE);
    }
    code = measure_all((int)rounds, &err);
    if (code != MS_OK)
        (void)fprintf(stderr, "bench_evaluation: %s\n", err.text);
    return ms_exit_status(code);
}
