/* Training, compared with NumPy and with the derivatives of the cost, and how it stops and diverges.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "figures.h"
#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "suspender.h"
#include "training_case.h"
#include "unit.h"

enum { MAX_CASES = 128 };

static struct ms_error err;

/* A kernel, samples, and a trajectory that is trained on them. */
struct fixture {
    const struct ms_kernel *kernel;
    struct ms_samples samples;
    struct ms_train *train;
};

static void open_fixture(struct fixture *fixture, const struct ms_data *data,
                         const struct ms_network *initial, double learning_rate, ms_tick *tick, void *context)
{
    struct ms_train_spec spec = {.learning_rate = learning_rate, .tick = tick, .context = context};

    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &fixture->kernel, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&fixture->samples, data, MS_FLOAT64, NULL, &err), MS_OK);
    spec.kernel = fixture->kernel;
    spec.samples = &fixture->samples;
    ck_assert_int_eq(ms_train_open(&spec, initial, 0, &fixture->train, &err), MS_OK);
}

static void close_fixture(struct fixture *fixture)
{
    ms_train_close(fixture->train);
    ms_samples_free(&fixture->samples);
}

static double cost_of(const struct fixture *fixture, const struct ms_network *network)
{
    struct ms_evaluation evaluation;

    ck_assert_int_eq(ms_evaluate(fixture->kernel, network, &fixture->samples, NULL, NULL, &evaluation, &err),
                     MS_OK);
    return evaluation.cost;
}

/* A cost is a mean of -log P. P near 1 is known to half a DBL_EPSILON, so costs below that are 0. */
static void assert_cost(double actual, double expected, int64_t number)
{
    ck_assert_msg(fabs(actual - expected) <= 1e-10 * expected + DBL_EPSILON,
                  "cost of case %lld is %.17g instead of %.17g", (long long)number, actual, expected);
}

/* Compares with tests/data/training-costs.csv, which contains the costs of every case at some iterations. */
static void compare_costs(const struct training_case *one, const double *costs)
{
    struct figures *figures = figures_open("training-costs.csv");
    int compared = 0;

    while (figures_next(figures))
        if (figures_integer(figures, "case") == one->number) {
            assert_cost(costs[figures_integer(figures, "iteration")], figures_number(figures, "cost"),
                        one->number);
            compared++;
        }
    (void)figures_close(figures);
    ck_assert_int_gt(compared, 3);
}

static void compare_parameters(const struct training_case *one, const struct ms_network *network)
{
    struct figures *figures = figures_open("training-parameters.csv");
    int64_t compared = 0;
    double largest = 0;

    for (int64_t i = 0; i < ms_network_size(network) - 1; i++)
        largest = fmax(largest, fabs(network->W1[i]));
    while (figures_next(figures)) {
        const char *name = figures_text(figures, "name");
        const int64_t i = figures_integer(figures, "position");
        double actual;

        if (figures_integer(figures, "case") != one->number)
            continue;
        actual = strcmp(name, "W1") == 0   ? network->W1[i]
                 : strcmp(name, "b1") == 0 ? network->b1[i]
                 : strcmp(name, "W2") == 0 ? network->W2[i]
                                           : network->b2;
        /* relative to the largest parameter: a bias may be a small difference of large sums */
        ck_assert_msg(fabs(actual - figures_number(figures, "value")) <= 1e-10 * largest,
                      "%s[%lld] of case %lld is %.17g instead of %.17g", name, (long long)i,
                      (long long)one->number, actual, figures_number(figures, "value"));
        compared++;
    }
    (void)figures_close(figures);
    ck_assert_int_eq(compared, ms_network_size(network));
}

START_TEST(costs_and_parameters_are_those_of_numpy)
{
    struct training_case cases[MAX_CASES];
    const int count = training_cases_read(cases, MAX_CASES);

    for (int i = 0; i < count; i++) {
        struct ms_data data = training_data_read(cases[i].dataset, cases[i].initial.n_x);
        double *costs = malloc((size_t)cases[i].iterations * sizeof *costs);
        struct fixture fixture;

        open_fixture(&fixture, &data, &cases[i].initial, cases[i].learning_rate, NULL, NULL);
        ck_assert_int_eq(ms_train_run(fixture.train, cases[i].iterations, costs), MS_TRAIN_REACHED);
        compare_costs(&cases[i], costs);
        compare_parameters(&cases[i], ms_train_network(fixture.train));
        close_fixture(&fixture);
        free(costs);
        ms_data_free(&data);
        training_case_free(&cases[i]);
    }
}
END_TEST

/* Returns parameter i of a network in the order W1, b1, W2, b2. */
static double *parameter(struct ms_network *network, int64_t i)
{
    return i < ms_network_size(network) - 1 ? &network->W1[i] : &network->b2;
}

/* Compares the gradient, which one update at learning rate 1 subtracts, with the difference quotient of the cost. */
START_TEST(gradients_are_the_derivatives_of_the_cost)
{
    static const double h = 1e-5;
    const enum ms_activation activation = (enum ms_activation)_i;
    struct ms_network network, moved;
    struct ms_data data;
    struct fixture fixture;
    double cost;

    ck_assert_int_eq(ms_moons_make(301, 0.2, 3, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, activation, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&moved, 2, 5, activation, &err), MS_OK);
    ms_network_init(&network, 4, 0.8, MS_FLOAT64);
    for (int32_t j = 0; j < network.n_h; j++)
        network.b1[j] = 0.1 * (j - 2);
    network.b2 = -0.3;
    open_fixture(&fixture, &data, &network, 1, NULL, NULL);
    ck_assert_int_eq(ms_train_run(fixture.train, 1, &cost), MS_TRAIN_REACHED);
    ms_network_copy(&moved, ms_train_network(fixture.train));
    for (int64_t i = 0; i < ms_network_size(&network); i++) {
        const double at = *parameter(&network, i), gradient = at - *parameter(&moved, i);
        double above, below;

        *parameter(&network, i) = at + h;
        above = cost_of(&fixture, &network);
        *parameter(&network, i) = at - h;
        below = cost_of(&fixture, &network);
        *parameter(&network, i) = at;
        ck_assert_msg(fabs((above - below) / (2 * h) - gradient) < 1e-8,
                      "parameter %lld: difference quotient %.12g, gradient %.12g", (long long)i,
                      (above - below) / (2 * h), gradient);
    }
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_network_free(&moved);
    ms_data_free(&data);
}
END_TEST

START_TEST(a_cost_is_that_of_the_parameters_before_its_update)
{
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    double costs[20];

    ck_assert_int_eq(ms_moons_make(1000, 0.2, 3, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 3, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.5, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, 0.7, NULL, NULL);
    for (int i = 0; i < 20; i++) {
        const double before = cost_of(&fixture, ms_train_network(fixture.train));

        ck_assert_int_eq(ms_train_run(fixture.train, i + 1, costs + i), MS_TRAIN_REACHED);
        ck_assert(costs[i] == before);
    }
    ck_assert_int_eq(ms_train_costs(fixture.train), 20);
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

/* ---- probabilities of one half ---------------------------------------------------------------------------------- */

/* Evaluates a network without any weights, for which the probability of every sample is exactly one half. class_weight
 * may be NULL. */
static struct ms_evaluation evaluate_zeros(const struct ms_data *data, const double *class_weight)
{
    const struct ms_kernel *kernel;
    struct ms_evaluation evaluation;
    struct ms_samples samples;
    struct ms_network zeros;

    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &kernel, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, data, MS_FLOAT64, NULL, &err), MS_OK);
    if (class_weight != NULL)
        ck_assert_int_eq(ms_samples_weigh(&samples, class_weight, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&zeros, 2, 3, MS_RELU, &err), MS_OK);
    for (int64_t i = 0; i < ms_network_size(&zeros); i++)
        *parameter(&zeros, i) = 0;
    ck_assert_int_eq(ms_evaluate(kernel, &zeros, &samples, NULL, NULL, &evaluation, &err), MS_OK);
    ms_network_free(&zeros);
    ms_samples_free(&samples);
    return evaluation;
}

/* Sets count[2] to how many samples have each label. */
static void count_labels(const struct ms_data *data, int64_t count[2])
{
    count[0] = count[1] = 0;
    for (int64_t row = 0; row < data->rows; row++)
        count[data->y[row]]++;
}

START_TEST(a_probability_of_one_half_is_a_prediction_of_class_0)
{
    struct ms_evaluation evaluation;
    struct ms_data data;
    int64_t count[2];

    ck_assert_int_eq(ms_moons_make(101, 0.2, 3, NULL, &data, &err), MS_OK);
    count_labels(&data, count);
    evaluation = evaluate_zeros(&data, NULL);
    ck_assert_int_eq(evaluation.outcomes[MS_TRUE_NEGATIVE], count[0]);
    ck_assert_int_eq(evaluation.outcomes[MS_FALSE_NEGATIVE], count[1]);
    ck_assert_double_eq(evaluation.accuracy, 100.0 * (double)count[0] / 101);
    ms_data_free(&data);
}
END_TEST

START_TEST(the_cost_counts_every_sample_with_the_weight_of_its_class)
{
    static const double class_weight[2] = {0.5, 3};
    struct ms_data data;
    int64_t count[2];

    ck_assert_int_eq(ms_moons_make(101, 0.2, 3, NULL, &data, &err), MS_OK);
    count_labels(&data, count);
    ck_assert_double_eq_tol(evaluate_zeros(&data, NULL).cost, log(2), 1e-14);
    ck_assert_double_eq_tol(evaluate_zeros(&data, class_weight).cost,
                            (0.5 * (double)count[0] + 3 * (double)count[1]) / 101 * log(2), 1e-14);
    ms_data_free(&data);
}
END_TEST

START_TEST(float32_parameters_are_rounded_to_float32_in_every_update)
{
    struct ms_train_spec spec = {.learning_rate = 0.7};
    const enum ms_activation activation = (enum ms_activation)_i;
    struct ms_network network, updated;
    struct ms_samples samples;
    struct ms_train *train;
    struct ms_data data;
    double costs[3];

    ck_assert_int_eq(ms_moons_make(101, 0.2, 3, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT32, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT32, NULL, &spec.kernel, &err), MS_OK);
    spec.samples = &samples;
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, activation, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&updated, 2, 5, activation, &err), MS_OK);
    ms_network_init(&network, 4, 0.8, MS_FLOAT32);
    ck_assert_int_eq(ms_train_open(&spec, &network, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, 3, costs), MS_TRAIN_REACHED);
    ms_network_copy(&updated, ms_train_network(train));
    for (int64_t i = 0; i < ms_network_size(&updated); i++)
        ck_assert_msg(*parameter(&updated, i) == (double)(float)*parameter(&updated, i), "parameter %lld",
                      (long long)i);
    ms_train_close(train);
    ms_network_free(&network);
    ms_network_free(&updated);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

/* ---- ticks -------------------------------------------------------------------------------------------------------- */

/* The context of a tick that counts its calls, stops the training every few calls, and may sleep. */
struct stopper {
    int calls, stop_every;
    long sleep_ns;
};

static bool stop_sometimes(void *context)
{
    struct stopper *stopper = context;
    const struct timespec pause = {.tv_nsec = stopper->sleep_ns};

    stopper->calls++;
    if (stopper->sleep_ns > 0)
        (void)nanosleep(&pause, NULL);
    return stopper->stop_every > 0 && stopper->calls % stopper->stop_every == 0;
}

static double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int64_t train_with_stops(struct fixture *fixture, int64_t until, double *costs)
{
    int64_t stops = 0;

    while (ms_train_run(fixture->train, until, costs + ms_train_iteration(fixture->train)) ==
           MS_TRAIN_STOPPED)
        stops++;
    return stops;
}

static void assert_same_bits(const struct ms_network *a, const struct ms_network *b)
{
    const size_t bytes = (size_t)(ms_network_size(a) - 1) * sizeof(double);

    ck_assert_int_eq(memcmp(a->W1, b->W1, bytes), 0);
    ck_assert_int_eq(memcmp(&a->b2, &b->b2, sizeof a->b2), 0);
}

/* The same training twice: without ticks, and with those of a stopper. */
struct twins {
    struct ms_network network;
    struct ms_data data;
    struct fixture straight, stopped;
};

static void open_twins(struct twins *twins, int64_t samples, int32_t n_h, enum ms_activation activation,
                       struct stopper *stopper)
{
    ck_assert_int_eq(ms_moons_make(samples, 0.3, 9, NULL, &twins->data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&twins->network, 2, n_h, activation, &err), MS_OK);
    ms_network_init(&twins->network, 1, 0.5, MS_FLOAT64);
    open_fixture(&twins->straight, &twins->data, &twins->network, 0.7, NULL, NULL);
    open_fixture(&twins->stopped, &twins->data, &twins->network, 0.7, stop_sometimes, stopper);
}

static void close_twins(struct twins *twins)
{
    close_fixture(&twins->straight);
    close_fixture(&twins->stopped);
    ms_network_free(&twins->network);
    ms_data_free(&twins->data);
}

START_TEST(stops_do_not_change_the_bits)
{
    enum { STEP = 20, MOST = 10000, STOPS = 4 };
    struct stopper stopper = {.stop_every = 3};
    struct twins twins;
    int64_t until = 0, stops = 0;
    double expected[MOST], actual[MOST];

    open_twins(&twins, 5000, 20, MS_SIGMOID, &stopper);
    for (; stops < STOPS && until < MOST; until += STEP)
        stops += train_with_stops(&twins.stopped, until + STEP, actual);
    ck_assert_int_ge(stops, STOPS);
    ck_assert_int_eq(ms_train_run(twins.straight.train, until, expected), MS_TRAIN_REACHED);
    ck_assert_int_eq(memcmp(expected, actual, (size_t)until * sizeof *expected), 0);
    assert_same_bits(ms_train_network(twins.straight.train), ms_train_network(twins.stopped.train));
    close_twins(&twins);
}
END_TEST

static double processor_seconds(void)
{
    struct timespec now;

    ck_assert_int_eq(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One iteration takes tens of milliseconds here. While another process has the core, no tick can come, so the test uses
 * processor time. It requires a tick every 2 ms on average, not every millisecond. */
START_TEST(ticks_come_during_a_long_iteration)
{
    struct stopper stopper = {.stop_every = 0};
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    double costs[3], started_s;

    ck_assert_int_eq(ms_moons_make(TIMES(200000), 0.3, 9, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 200, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.5, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, 0.7, stop_sometimes, &stopper);
    started_s = processor_seconds();
    ck_assert_int_eq(ms_train_run(fixture.train, 3, costs), MS_TRAIN_REACHED);
    ck_assert_int_gt(stopper.calls, 3);
    ck_assert_int_gt(stopper.calls, (int)((processor_seconds() - started_s) / 2e-3));
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

/* All samples are in one chunk, within which such a wide network ticks. */
START_TEST(stops_within_a_chunk_do_not_change_the_bits)
{
    enum { ITERATIONS = 2, HIDDEN = 100000 };
    struct stopper stopper = {.stop_every = 2};
    struct twins twins;
    double expected[ITERATIONS], actual[ITERATIONS];

    open_twins(&twins, 50, HIDDEN, MS_TANH, &stopper);
    ck_assert_int_eq(ms_train_run(twins.straight.train, ITERATIONS, expected), MS_TRAIN_REACHED);
    ck_assert_int_eq(ms_train_run(twins.stopped.train, ITERATIONS, actual), MS_TRAIN_STOPPED);
    ck_assert_int_eq(ms_train_iteration(twins.stopped.train), 0);
    ck_assert_int_eq(stopper.calls, 2);
    stopper.stop_every = 0;
    ck_assert_int_eq(ms_train_run(twins.stopped.train, ITERATIONS, actual), MS_TRAIN_REACHED);
    ck_assert_int_eq(memcmp(expected, actual, sizeof expected), 0);
    assert_same_bits(ms_train_network(twins.straight.train), ms_train_network(twins.stopped.train));
    close_twins(&twins);
}
END_TEST

START_TEST(time_in_ticks_does_not_count_as_training)
{
    struct stopper stopper = {.sleep_ns = 5000000};
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    double costs[2000], wall_s;

    ck_assert_int_eq(ms_moons_make(2000, 0.3, 9, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.5, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, 0.7, stop_sometimes, &stopper);
    ck_assert_double_eq(ms_train_seconds(fixture.train), 0);
    wall_s = now_s();
    ck_assert_int_eq(ms_train_run(fixture.train, 2000, costs), MS_TRAIN_REACHED);
    wall_s = now_s() - wall_s;
    ck_assert_int_gt(stopper.calls, 3);
    ck_assert_double_gt(ms_train_seconds(fixture.train), 0);
    ck_assert_double_le(ms_train_seconds(fixture.train) + stopper.calls * 5e-3, wall_s);
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

/* Trains for as many iterations as pass until the suspension is over. */
START_TEST(time_of_suspension_does_not_count_as_training)
{
    enum { PIECE = 20000 };
    static double costs[PIECE];
    static const double suspended_s = 1.5;
    struct stopper stopper = {.stop_every = 0};
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    struct suspender suspender;
    double started_s, wall_s;

    ck_assert_int_eq(ms_moons_make(2000, 0.3, 9, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.5, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, 0.7, stop_sometimes, &stopper);
    suspender = suspender_start(0.2, suspended_s);
    started_s = now_s();
    while (!suspender_is_over(&suspender))
        ck_assert_int_eq(ms_train_run(fixture.train, ms_train_iteration(fixture.train) + PIECE, costs),
                         MS_TRAIN_REACHED);
    wall_s = now_s() - started_s;
    ck_assert_double_gt(ms_train_seconds(fixture.train), 0);
    ck_assert_double_le(ms_train_seconds(fixture.train),
                        wall_s - suspended_s + 0.1); /* see read_interval_s in suspension.c */
    ck_assert_double_le(ms_train_seconds(fixture.train) + ms_train_suspended_s(fixture.train), wall_s);
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

START_TEST(a_trajectory_that_diverges_keeps_its_last_finite_parameters)
{
    enum { ITERATIONS = 1000 };
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    double costs[ITERATIONS];
    const struct ms_network *last;
    int64_t computed;

    ck_assert_int_eq(ms_moons_make(32, 0, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 10, MS_RELU, &err), MS_OK);
    ms_network_init(&network, 0, 0.01, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, 1e300, NULL, NULL);
    ck_assert_int_eq(ms_train_run(fixture.train, ITERATIONS, costs), MS_TRAIN_DIVERGED);
    computed = ms_train_costs(fixture.train);
    ck_assert_int_lt(ms_train_iteration(fixture.train), ITERATIONS);
    last = ms_train_network(fixture.train);
    for (int64_t i = 0; i < ms_network_size(last) - 1; i++)
        ck_assert(isfinite(last->W1[i]));
    ck_assert(isfinite(last->b2));
    ck_assert(computed == ms_train_iteration(fixture.train) ||
              computed == ms_train_iteration(fixture.train) + 1);
    for (int64_t i = 0; i < computed; i++)
        ck_assert(isfinite(costs[i]));
    ck_assert_int_eq(ms_train_run(fixture.train, ITERATIONS, costs), MS_TRAIN_DIVERGED);
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

/* The first cost is finite, but the learning rate is so large that no update is. */
START_TEST(parameters_that_are_not_finite_are_not_kept)
{
    struct ms_network network;
    struct ms_data data;
    struct fixture fixture;
    double costs[3];

    ck_assert_int_eq(ms_moons_make(32, 0, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 3, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 0, 10, MS_FLOAT64);
    open_fixture(&fixture, &data, &network, DBL_MAX, NULL, NULL);
    ck_assert_int_eq(ms_train_run(fixture.train, 3, costs), MS_TRAIN_DIVERGED);
    ck_assert_int_eq(ms_train_iteration(fixture.train), 0);
    ck_assert_int_eq(ms_train_costs(fixture.train), 1);
    for (int64_t i = 0; i < ms_network_size(&network) - 1; i++)
        ck_assert(ms_train_network(fixture.train)->W1[i] == network.W1[i]);
    close_fixture(&fixture);
    ms_network_free(&network);
    ms_data_free(&data);
}
END_TEST

START_TEST(a_resumed_training_continues_the_counts_of_iterations_and_costs)
{
    struct ms_train_spec spec = {.learning_rate = 0.7};
    struct ms_network network;
    struct ms_samples samples;
    struct ms_train *train;
    struct ms_data data;
    double costs[2];

    ck_assert_int_eq(ms_moons_make(50, 0.2, 3, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &spec.kernel, &err), MS_OK);
    spec.samples = &samples;
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 4, 0.8, MS_FLOAT64);
    ck_assert_int_eq(ms_train_open(&spec, &network, 5, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_iteration(train), 5);
    ck_assert_int_eq(ms_train_costs(train), 5);
    ck_assert_int_eq(ms_train_run(train, 7, costs), MS_TRAIN_REACHED);
    ck_assert_int_eq(ms_train_iteration(train), 7);
    ck_assert_int_eq(ms_train_costs(train), 7);
    ms_train_close(train);
    ms_network_free(&network);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("train");
    TCase *tests = tcase_create("train");

    tcase_add_test(tests, costs_and_parameters_are_those_of_numpy);
    tcase_add_loop_test(tests, gradients_are_the_derivatives_of_the_cost, 0, MS_ACTIVATION_COUNT);
    tcase_add_test(tests, a_cost_is_that_of_the_parameters_before_its_update);
    tcase_add_test(tests, a_probability_of_one_half_is_a_prediction_of_class_0);
    tcase_add_test(tests, the_cost_counts_every_sample_with_the_weight_of_its_class);
    tcase_add_loop_test(tests, float32_parameters_are_rounded_to_float32_in_every_update, 0,
                        MS_ACTIVATION_COUNT);
    tcase_add_test(tests, stops_do_not_change_the_bits);
    tcase_add_test(tests, ticks_come_during_a_long_iteration);
    tcase_add_test(tests, stops_within_a_chunk_do_not_change_the_bits);
    tcase_add_test(tests, time_in_ticks_does_not_count_as_training);
    tcase_add_test(tests, time_of_suspension_does_not_count_as_training);
    tcase_add_test(tests, a_trajectory_that_diverges_keeps_its_last_finite_parameters);
    tcase_add_test(tests, parameters_that_are_not_finite_are_not_kept);
    tcase_add_test(tests, a_resumed_training_continues_the_counts_of_iterations_and_costs);
    suite_add_tcase(suite, tests);
    return suite;
}
