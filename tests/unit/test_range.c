/* The range in which an iteration is computed does not change its result: narrow, wide and any give the same bits. None
 * of them computes subnormal numbers, which would be slow.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fenv.h>
#include <float.h>
#include <stdbool.h>
#include <string.h>

#include "available_kernels.h"
#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "train/pass.h"
#include "train/range.h"
#include "unit.h"

enum { ITERATIONS = 500 };

static struct ms_error err;

/* A wrapper between the training loop and a kernel. It computes passes in at least the range `least`, and records the
 * ranges that they asked for. It is static because a kernel has no context; each test is a separate process. */
static struct {
    const struct ms_kernel *kernel;
    enum ms_range least;
    enum ms_range asked[ITERATIONS];
    int passes;
} wrapper;

/* Returns pass with at least the range `least`. */
static struct ms_pass widen(const struct ms_pass *pass)
{
    struct ms_pass forced = *pass;

    if (forced.range < wrapper.least)
        forced.range = wrapper.least;
    return forced;
}

static void start_wrapped(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    const struct ms_pass forced = widen(pass);

    if (first == 0) {
        ck_assert_int_lt(wrapper.passes, ITERATIONS);
        wrapper.asked[wrapper.passes++] = pass->range;
    }
    wrapper.kernel->start(&forced, first, end, sums);
}

static void accumulate_wrapped(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    const struct ms_pass forced = widen(pass);

    wrapper.kernel->accumulate(&forced, first, end, sums);
}

/* A trajectory: its costs and parameters, and the range of each iteration. */
struct path {
    double costs[ITERATIONS];
    int64_t computed;
    struct ms_network network;
    enum ms_range ranges[ITERATIONS];
    int passes;
};

/* How a trajectory begins: with a random hidden layer, or with a silent one, whose units are and for a while remain
 * nearly 0. */
struct problem {
    enum ms_activation activation;
    double learning_rate, b2;
    bool silent;
    const struct ms_samples *samples;
};

static double wide_limit(enum ms_precision precision)
{
    return precision == MS_FLOAT64 ? WIDE_LIMIT_F64 : WIDE_LIMIT_F32;
}

static struct ms_network start_of(const struct problem *problem)
{
    const enum ms_precision precision = problem->samples->precision;
    struct ms_network network;

    ck_assert_int_eq(ms_network_alloc(&network, 2, 3, problem->activation, &err), MS_OK);
    ms_network_init(&network, 1, problem->silent ? 1e-100 : 0.5, precision);
    network.b2 = problem->b2;
    if (problem->silent && problem->activation == MS_SIGMOID)
        for (int j = 0; j < network.n_h; j++)
            network.b1[j] = -0.3 * wide_limit(precision);
    return network;
}

static void follow(const struct problem *problem, const struct ms_kernel *kernel, enum ms_range least,
                   struct path *path)
{
    struct ms_kernel wrapped = *kernel;
    const struct ms_train_spec spec = {
        .kernel = &wrapped, .samples = problem->samples, .learning_rate = problem->learning_rate};
    struct ms_train *train;

    wrapped.start = start_wrapped;
    wrapped.accumulate = accumulate_wrapped;
    wrapper.kernel = kernel;
    wrapper.least = least;
    wrapper.passes = 0;
    path->network = start_of(problem);
    ck_assert_int_eq(ms_train_open(&spec, &path->network, 0, &train, &err), MS_OK);
    (void)ms_train_run(train, ITERATIONS, path->costs);
    path->computed = ms_train_costs(train);
    ms_network_copy(&path->network, ms_train_network(train));
    path->passes = wrapper.passes;
    memcpy(path->ranges, wrapper.asked, sizeof wrapper.asked);
    ms_train_close(train);
}

static void assert_same(const struct problem *problem, const struct ms_kernel *kernel, const struct path *a,
                        const struct path *b)
{
    const size_t parameters = (size_t)ms_network_size(&a->network) - 1;

    ck_assert_int_eq(a->computed, b->computed);
    for (int64_t i = 0; i < a->computed; i++)
        ck_assert_msg(memcmp(&a->costs[i], &b->costs[i], sizeof(double)) == 0,
                      "%s %s %s rate %g b2 %g: cost %lld is %a, forced %a", kernel->isa,
                      ms_precision_name(kernel->precision), ms_activation_name(problem->activation),
                      problem->learning_rate, problem->b2, (long long)i, a->costs[i], b->costs[i]);
    ck_assert_int_eq(memcmp(a->network.W1, b->network.W1, parameters * sizeof(double)), 0);
    ck_assert_int_eq(memcmp(&a->network.b2, &b->network.b2, sizeof(double)), 0);
}

/* How often a trajectory entered each range from a narrower and from a wider one. */
struct crossings {
    int up[MS_RANGE_COUNT], down[MS_RANGE_COUNT];
};

static void count_crossings(const struct path *path, struct crossings *crossings)
{
    for (int i = 1; i < path->passes; i++) {
        crossings->up[path->ranges[i]] += path->ranges[i] > path->ranges[i - 1];
        crossings->down[path->ranges[i]] += path->ranges[i] < path->ranges[i - 1];
    }
}

static void compare_ranges(const struct problem *problem, const struct ms_kernel *kernel,
                           struct crossings *crossings)
{
    struct path chosen, forced;

    follow(problem, kernel, MS_RANGE_NARROW, &chosen);
    count_crossings(&chosen, crossings);
    for (int least = MS_RANGE_WIDE; least < MS_RANGE_COUNT; least++) {
        follow(problem, kernel, (enum ms_range)least, &forced);
        assert_same(problem, kernel, &chosen, &forced);
        ms_network_free(&forced.network);
    }
    ms_network_free(&chosen.network);
}

/* With large steps arguments grow. With a silent hidden layer and a large bias of the output, small steps reduce them.
 * Rates and biases are in units of the wide limit. */
static const struct {
    double learning_rate, b2;
    bool silent;
} paths[] = {
    {0.01, 0, false},  {0.1, 0, false},    {1, 0, false},       {100, 0, false},
    {0.02, 0.9, true}, {0.02, -1.2, true}, {0.004, 0.75, true},
};

START_TEST(the_range_of_an_iteration_does_not_change_its_bits)
{
    const enum ms_precision precision = (enum ms_precision)(_i / MS_ACTIVATION_COUNT);
    const double limit = wide_limit(precision);
    const struct ms_kernel *kernels[MAX_KERNELS];
    const int kernel_count = available_kernels(precision, kernels);
    struct problem problem = {.activation = (enum ms_activation)(_i % MS_ACTIVATION_COUNT)};
    struct crossings crossings = {.up = {0}};
    struct ms_samples samples;
    struct ms_data data;

    /* With this noise some predictions remain wrong. */
    ck_assert_int_eq(ms_moons_make(200, 0.5, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    problem.samples = &samples;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        for (int k = 0; k < kernel_count; k++) {
            problem.learning_rate = paths[i].learning_rate * limit;
            problem.b2 = paths[i].b2 * limit;
            problem.silent = paths[i].silent;
            compare_ranges(&problem, kernels[k], &crossings);
        }
    ck_assert_int_gt(crossings.up[MS_RANGE_WIDE], 0);
    ck_assert_int_gt(crossings.up[MS_RANGE_ANY], 0);
    ck_assert_int_gt(crossings.down[MS_RANGE_WIDE], 0);
    ck_assert_int_gt(crossings.down[MS_RANGE_NARROW], 0);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

static void without_underflow(void (*sum)(const struct ms_pass *, int64_t, int64_t, void *),
                              const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    (void)feclearexcept(FE_UNDERFLOW);
    sum(pass, first, end, sums);
    ck_assert_msg(!fetestexcept(FE_UNDERFLOW), "%s %s %s: a number became subnormal in range %d",
                  wrapper.kernel->isa, ms_precision_name(wrapper.kernel->precision),
                  ms_activation_name(pass->activation), (int)pass->range);
    wrapper.passes++;
}

static void start_without_underflow(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    without_underflow(wrapper.kernel->start, pass, first, end, sums);
}

static void accumulate_without_underflow(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    without_underflow(wrapper.kernel->accumulate, pass, first, end, sums);
}

static void train_without_underflow(const struct ms_samples *samples, const struct ms_kernel *kernel,
                                    enum ms_activation activation, int32_t n_h, double learning_rate)
{
    static double costs[ITERATIONS];
    struct ms_kernel wrapped = *kernel;
    const struct ms_train_spec spec = {
        .kernel = &wrapped, .samples = samples, .learning_rate = learning_rate};
    struct ms_network network;
    struct ms_train *train;

    wrapped.start = start_without_underflow;
    wrapped.accumulate = accumulate_without_underflow;
    wrapper.kernel = kernel;
    ck_assert_int_eq(ms_network_alloc(&network, 2, n_h, activation, &err), MS_OK);
    ms_network_init(&network, 0, 0.01, samples->precision);
    ck_assert_int_eq(ms_train_open(&spec, &network, 0, &train, &err), MS_OK);
    (void)ms_train_run(train, ITERATIONS, costs);
    ms_train_close(train);
    ms_network_free(&network);
}

/* Arithmetic on subnormal numbers takes a hundred times as long on many processors, so there must be none. */
START_TEST(no_number_becomes_subnormal_however_large_the_arguments)
{
    static const double rates[] = {1, 10, 100, 1e3, 1e6};
    const enum ms_precision precision = (enum ms_precision)(_i / MS_ACTIVATION_COUNT);
    const enum ms_activation activation = (enum ms_activation)(_i % MS_ACTIVATION_COUNT);
    const struct ms_kernel *kernels[MAX_KERNELS];
    struct ms_samples samples;
    struct ms_data data;

    (void)available_kernels(precision, kernels); /* the best one suffices: all compute the same numbers */
    ck_assert_int_eq(ms_moons_make(500, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        for (int32_t n_h = 1; n_h <= 50; n_h *= 7)
            train_without_underflow(&samples, kernels[0], activation, n_h, rates[i]);
    ck_assert_int_gt(wrapper.passes, ITERATIONS);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

/* The range of a network of two units of relu, of which one is 0, and the other one has these parameters. */
static enum ms_range range_of_relu(const struct ms_samples *samples, double W1, double W2)
{
    struct ms_network network;
    struct ms_pass pass;
    enum ms_range range;

    ck_assert_int_eq(ms_network_alloc(&network, samples->n_x, 2, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(ms_pass_alloc(&pass, samples, &network, &err), MS_OK);
    network.W1[0] = W1;
    network.W2[0] = W2;
    ms_pass_fold(&pass, &network);
    range = pass.range;
    ms_pass_free(&pass);
    ms_network_free(&network);
    return range;
}

/* Only there is a NaN among the arguments, or 0 times an infinite weight, computed as it must be. */
START_TEST(relu_is_in_any_range_if_arguments_or_weights_may_overflow)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const double largest = precision == MS_FLOAT64 ? DBL_MAX : FLT_MAX, least = 1 / largest;
    struct ms_samples samples;
    struct ms_data data;

    ck_assert_int_eq(ms_moons_make(200, 0.5, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    ck_assert_int_eq(range_of_relu(&samples, 0, 0), MS_RANGE_NARROW);
    ck_assert_int_eq(range_of_relu(&samples, 0.1 * largest / samples.x_max[0], least), MS_RANGE_NARROW);
    ck_assert_int_eq(range_of_relu(&samples, 0.6 * largest / samples.x_max[0], least), MS_RANGE_ANY);
    ck_assert_int_eq(range_of_relu(&samples, 0, 1), MS_RANGE_NARROW);
    ck_assert_int_eq(range_of_relu(&samples, 0, 0.9 * largest), MS_RANGE_ANY);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("range");
    TCase *tests = tcase_create("range");

    tcase_add_loop_test(tests, the_range_of_an_iteration_does_not_change_its_bits, 0,
                        MS_PRECISION_COUNT * MS_ACTIVATION_COUNT);
    tcase_add_loop_test(tests, no_number_becomes_subnormal_however_large_the_arguments, 0,
                        MS_PRECISION_COUNT * MS_ACTIVATION_COUNT);
    tcase_add_loop_test(tests, relu_is_in_any_range_if_arguments_or_weights_may_overflow, 0,
                        MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
