/* The measurement of how long iterations and evaluations take.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/measure.h"

#include <math.h>

#include "moonsweep/clock.h"
#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "unit.h"

enum { CASES = 4 };

/* Networks of 1, 5 and 50 units and a larger one, the fastest first, and what they are trained on. */
struct fixture {
    const struct ms_kernel *kernel;
    struct ms_samples train, dev;
    struct ms_measure_case cases[CASES];
    struct ms_measure_spec spec;
};

static void make_samples(int64_t rows, struct ms_samples *samples)
{
    struct ms_data data;
    struct ms_error err;

    ck_assert_int_eq(ms_moons_make(rows, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ms_data_free(&data);
}

static void make_fixture(struct fixture *fixture)
{
    static const int32_t n_h[CASES] = {1, 5, 50, 400};
    struct ms_error err;

    *fixture = (struct fixture){
        .spec = {.clock = ms_clock_thread_s, .seconds = 0.1, .is_first_certain = true}};
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &fixture->kernel, &err), MS_OK);
    make_samples(1600, &fixture->train);
    make_samples(400, &fixture->dev);
    for (int i = 0; i < CASES; i++)
        fixture->cases[i] = (struct ms_measure_case){.kernel = fixture->kernel,
                                                     .train = &fixture->train,
                                                     .dev = &fixture->dev,
                                                     .activation = MS_TANH,
                                                     .n_h = n_h[i]};
}

static void free_fixture(struct fixture *fixture)
{
    ms_samples_free(&fixture->train);
    ms_samples_free(&fixture->dev);
}

static void measure(const struct fixture *fixture, struct ms_measured measured[CASES])
{
    struct ms_error err;

    ck_assert_int_eq(ms_measure(&fixture->spec, fixture->cases, CASES, measured, &err), MS_OK);
}

/* Processor time for which 50 units take at least 5 times as long as 1 on every machine: it is 27 times as long on a fast
 * one. An evaluation has no gradients, but two sets. */
START_TEST(larger_networks_take_longer)
{
    struct fixture fixture;
    struct ms_measured measured[CASES];

    make_fixture(&fixture);
    measure(&fixture, measured);
    ck_assert_double_gt(measured[0].iteration_s, 0);
    ck_assert_double_gt(measured[0].evaluation_s, 0);
    ck_assert_double_gt(measured[2].iteration_s, 5 * measured[0].iteration_s);
    ck_assert_double_gt(measured[3].iteration_s, 2 * measured[2].iteration_s);
    ck_assert_double_gt(measured[3].evaluation_s, 5 * measured[0].evaluation_s);
    free_fixture(&fixture);
}
END_TEST

/* The processor seconds of an iteration in one long training of a case. */
static double train_long(const struct fixture *fixture, int i)
{
    enum { ITERATIONS = 2000 };
    static double costs[ITERATIONS];
    const struct ms_train_spec spec = {
        .kernel = fixture->kernel, .samples = &fixture->train, .learning_rate = 0.1};
    struct ms_network network;
    struct ms_train *train;
    struct ms_error err;
    double seconds;

    ck_assert_int_eq(ms_network_alloc(&network, 2, fixture->cases[i].n_h, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.01, MS_FLOAT64);
    ck_assert_int_eq(ms_train_open(&spec, &network, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, ITERATIONS, costs), MS_TRAIN_REACHED);
    seconds = ms_train_cpu_seconds(train) / ITERATIONS;
    ms_train_close(train);
    ms_network_free(&network);
    return seconds;
}

/* Whether cases that are measured take as long as in long trainings before and after it. Other programs on the machine
 * change processor times by less than the factor, unless they begin or end meanwhile. */
static bool are_as_long_as_long_trainings(const struct fixture *fixture)
{
    enum { COMPARED = 3 };
    struct ms_measured measured[CASES];
    double before_s[COMPARED];
    bool are_equal = true;

    for (int i = 0; i < COMPARED; i++)
        before_s[i] = train_long(fixture, i);
    measure(fixture, measured);
    for (int i = 0; i < COMPARED; i++) {
        const double after_s = train_long(fixture, i);

        are_equal = are_equal && measured[i].iteration_s > fmin(before_s[i], after_s) / 3 &&
                    measured[i].iteration_s < fmax(before_s[i], after_s) * 3;
    }
    return are_equal;
}

START_TEST(an_iteration_takes_as_long_as_in_a_long_training)
{
    enum { ATTEMPTS = 8 };
    struct fixture fixture;
    bool are_equal = false;

    make_fixture(&fixture);
    for (int attempt = 0; attempt < ATTEMPTS && !are_equal; attempt++)
        are_equal = are_as_long_as_long_trainings(&fixture);
    ck_assert(are_equal);
    free_fixture(&fixture);
}
END_TEST

START_TEST(the_first_case_is_measured_even_if_there_is_no_time_at_all)
{
    struct fixture fixture;
    struct ms_measured measured[CASES];

    make_fixture(&fixture);
    fixture.spec.seconds = 0;
    measure(&fixture, measured);
    ck_assert_double_gt(measured[0].iteration_s, 0);
    ck_assert_double_gt(measured[0].evaluation_s, 0);
    for (int i = 1; i < CASES; i++) {
        ck_assert_double_nan(measured[i].iteration_s);
        ck_assert_double_nan(measured[i].evaluation_s);
    }
    free_fixture(&fixture);
}
END_TEST

START_TEST(no_case_is_measured_for_longer_than_asked)
{
    struct fixture fixture;
    struct ms_measured measured[CASES];

    make_fixture(&fixture);
    fixture.spec.seconds = 0;
    fixture.spec.is_first_certain = false;
    measure(&fixture, measured);
    for (int i = 0; i < CASES; i++) {
        ck_assert_int_eq(measured[i].rounds, 0);
        ck_assert_double_nan(measured[i].iteration_s);
    }
    free_fixture(&fixture);
}
END_TEST

START_TEST(evaluations_are_left_out_without_a_dev_set)
{
    struct fixture fixture;
    struct ms_measured measured[CASES];

    make_fixture(&fixture);
    for (int i = 0; i < CASES; i++)
        fixture.cases[i].dev = NULL;
    measure(&fixture, measured);
    ck_assert_int_eq(measured[0].rounds, MS_MEASURE_ROUNDS);
    ck_assert_double_gt(measured[0].iteration_s, 0);
    ck_assert_double_nan(measured[0].evaluation_s);
    free_fixture(&fixture);
}
END_TEST

/* Features whose products with the weights overflow, at once or after the parameters have been updated. */
START_TEST(networks_that_diverge_are_measured)
{
    static const double factors[] = {1e307, 1e160, 1e156};
    struct fixture fixture;
    struct ms_measured measured[CASES];

    for (size_t f = 0; f < sizeof factors / sizeof factors[0]; f++) {
        struct ms_data data;
        struct ms_error err;

        make_fixture(&fixture);
        ms_samples_free(&fixture.train);
        ck_assert_int_eq(ms_moons_make(1600, 0.25, 0, NULL, &data, &err), MS_OK);
        for (int64_t i = 0; i < data.rows * data.n_x; i++)
            data.X[i] *= factors[f];
        ck_assert_int_eq(ms_samples_make(&fixture.train, &data, MS_FLOAT64, NULL, &err), MS_OK);
        ms_data_free(&data);
        for (int i = 0; i < CASES; i++)
            fixture.cases[i].activation = MS_RELU;
        measure(&fixture, measured);
        for (int i = 0; i < CASES; i++) {
            ck_assert_int_gt(measured[i].rounds, 0);
            ck_assert_double_gt(measured[i].iteration_s, 0);
            ck_assert_double_finite(measured[i].iteration_s);
        }
        free_fixture(&fixture);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("measure");
    TCase *tests = tcase_create("measure");

    tcase_add_test(tests, larger_networks_take_longer);
    tcase_add_test(tests, an_iteration_takes_as_long_as_in_a_long_training);
    tcase_add_test(tests, the_first_case_is_measured_even_if_there_is_no_time_at_all);
    tcase_add_test(tests, no_case_is_measured_for_longer_than_asked);
    tcase_add_test(tests, evaluations_are_left_out_without_a_dev_set);
    tcase_add_test(tests, networks_that_diverge_are_measured);
    suite_add_tcase(suite, tests);
    return suite;
}
