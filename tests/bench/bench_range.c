/* Measures whether iterations take longer with large arguments (docs/benchmarks.md).
 *
 *     bench_range [ROUNDS]
 *
 * Trains networks on two moons at learning rates from 0.1, where nothing saturates, to 1e6. A round trains a network
 * from the start at every rate. A line shows the median microseconds per iteration for each rate (nan: the network
 * diverges); the ratio of the slowest to the quickest rate of those from 1e3 on, and the slowest rate; and for that
 * rate, the percentages of passes over the samples in the three ranges (enum ms_range), and with an underflow, which is
 * slow on many processors.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fenv.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "stopwatch.h"

enum { SAMPLES = 1600, ITERATIONS = 500, ROUNDS = 11, ROUNDS_MOST = 1001 };

static const double rates[] = {0.1, 10, 100, 1e3, 1e4, 1e5, 1e6}, large_rate = 1e3;

enum { RATES = sizeof rates / sizeof *rates };

static const int32_t sizes[] = {1, 5, 50};
static const double noises[] = {0.25, 0}; /* labels that are not separable, and that are */

/* The current kernel and its passes, by range and with underflow. Kernel functions have no context, so it is global. */
static struct {
    const struct ms_kernel *kernel;
    double passes, in_range[MS_RANGE_COUNT], underflowed;
    bool underflows; /* the current pass */
} counted;

static void count_underflow(void)
{
    if (!counted.underflows && fetestexcept(FE_UNDERFLOW)) {
        counted.underflowed++;
        counted.underflows = true;
    }
}

static void start_and_count(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    if (first == 0) {
        counted.passes++;
        counted.in_range[pass->range]++;
        counted.underflows = false;
    }
    (void)feclearexcept(FE_UNDERFLOW);
    counted.kernel->start(pass, first, end, sums);
    count_underflow();
}

static void accumulate_and_count(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    (void)feclearexcept(FE_UNDERFLOW);
    counted.kernel->accumulate(pass, first, end, sums);
    count_underflow();
}

struct network_case {
    const struct ms_samples *samples;
    enum ms_activation activation;
    int32_t n_h;
    double noise;
};

/* Trains from the start. Sets *seconds to the seconds per iteration, or NaN if the network diverges, since the time is
 * then mostly that of starting. */
static enum ms_code train(const struct network_case *one, const struct ms_kernel *kernel,
                          double learning_rate, double *seconds, struct ms_error *err)
{
    static double costs[ITERATIONS];
    const struct ms_train_spec spec = {.kernel = kernel,
                                       .samples = one->samples,
                                       .learning_rate = learning_rate,
                                       .computes_recurring = true};
    struct ms_network network;
    struct ms_train *training = NULL;
    enum ms_code code = ms_network_alloc(&network, 2, one->n_h, one->activation, err);

    if (code != MS_OK)
        return code;
    ms_network_init(&network, 0, 0.01, one->samples->precision);
    code = ms_train_open(&spec, &network, 0, &training, err);
    if (code == MS_OK) {
        const double started_s = stopwatch_now_s();
        const enum ms_train_state state = ms_train_run(training, ITERATIONS, costs);

        *seconds = state == MS_TRAIN_REACHED ? (stopwatch_now_s() - started_s) / ITERATIONS : NAN;
        ms_train_close(training);
    }
    ms_network_free(&network);
    return code;
}

/* Prints the percentages of a rate's passes that were narrow, wide, any, and underflowed. */
static enum ms_code print_shares(const struct network_case *one, const struct ms_kernel *kernel,
                                 double learning_rate, struct ms_error *err)
{
    struct ms_kernel counting = *kernel;
    double seconds;
    enum ms_code code;

    counting.start = start_and_count;
    counting.accumulate = accumulate_and_count;
    memset(&counted, 0, sizeof counted);
    counted.kernel = kernel;
    code = train(one, &counting, learning_rate, &seconds, err);
    if (code == MS_OK)
        (void)printf(" %3.0f %3.0f %3.0f %3.0f", 100 * counted.in_range[MS_RANGE_NARROW] / counted.passes,
                     100 * counted.in_range[MS_RANGE_WIDE] / counted.passes,
                     100 * counted.in_range[MS_RANGE_ANY] / counted.passes,
                     100 * counted.underflowed / counted.passes);
    return code;
}

static enum ms_code measure(const struct network_case *one, const struct ms_kernel *kernel, int rounds,
                            struct ms_error *err)
{
    static double times[RATES][ROUNDS_MOST];
    double quickest = INFINITY, slowest = 0, slowest_rate = 0;
    enum ms_code code = MS_OK;

    for (int round = 0; round < rounds; round++)
        for (int rate = 0; rate < RATES && code == MS_OK; rate++)
            code = train(one, kernel, rates[rate], &times[rate][round], err);
    if (code != MS_OK)
        return code;
    (void)printf("%-8s %-8s %4d %5.2f", ms_precision_name(kernel->precision),
                 ms_activation_name(one->activation), one->n_h, one->noise);
    for (int rate = 0; rate < RATES; rate++) {
        const double median = stopwatch_median(times[rate], rounds);

        (void)printf(" %7.3f", 1e6 * median);
        if (isnan(median) || rates[rate] < large_rate)
            continue;
        quickest = fmin(quickest, median);
        if (median > slowest) {
            slowest = median;
            slowest_rate = rates[rate];
        }
    }
    if (slowest == 0) {
        (void)printf("\n");
        return MS_OK;
    }
    (void)printf(" %5.2f %6g", slowest / quickest, slowest_rate);
    code = print_shares(one, kernel, slowest_rate, err);
    (void)printf("\n");
    return code;
}

static enum ms_code measure_samples(double noise, enum ms_precision precision, int rounds,
                                    struct ms_error *err)
{
    const struct ms_kernel *kernel;
    struct ms_samples samples = {.m = 0};
    struct ms_data data;
    enum ms_code code = ms_kernel_choose(precision, NULL, &kernel, err);

    if (code != MS_OK)
        return code;
    code = ms_moons_make(SAMPLES, noise, 0, NULL, &data, err);
    if (code != MS_OK)
        return code;
    code = ms_samples_make(&samples, &data, precision, NULL, err);
    for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes && code == MS_OK; i++) {
            const struct network_case one = {&samples, (enum ms_activation)a, sizes[i], noise};

            code = measure(&one, kernel, rounds, err);
        }
    ms_samples_free(&samples);
    ms_data_free(&data);
    return code;
}

static void print_header(void)
{
    (void)printf("%d samples, %d iterations; microseconds per iteration by learning rate\n", SAMPLES,
                 ITERATIONS);
    (void)printf("%-8s %-8s %4s %5s", "", "", "n_h", "noise");
    for (int rate = 0; rate < RATES; rate++)
        (void)printf(" %7g", rates[rate]);
    (void)printf(" ratio slowest: %% narrow, wide, any, underflowed\n");
}

int main(int argc, char **argv)
{
    const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
    struct ms_error err;
    enum ms_code code = MS_OK;

    if (rounds < 1 || rounds > ROUNDS_MOST) {
        (void)fprintf(stderr, "usage: bench_range [ROUNDS], 1 to %d rounds\n", ROUNDS_MOST);
        return ms_exit_status(MS_BAD_USAGE);
    }
    print_header();
    for (int precision = 0; precision < MS_PRECISION_COUNT; precision++)
        for (size_t i = 0; i < sizeof noises / sizeof *noises && code == MS_OK; i++)
            code = measure_samples(noises[i], (enum ms_precision)precision, (int)rounds, &err);
    if (code != MS_OK)
        (void)fprintf(stderr, "bench_range: %s\n", err.text);
    return ms_exit_status(code);
}
