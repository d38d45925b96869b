/* Saturated outputs and hidden units, compared with arithmetic of 4,000 bits (tests/reference/saturation.py).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>

#include "figures.h"
#include "moonsweep/train.h"
#include "unit.h"

static struct ms_error err;

/* Reads the samples of a case, which have one feature. */
static struct ms_data read_samples(int64_t number)
{
    struct figures *figures = figures_open("saturation-samples.csv");
    struct ms_data data;
    int64_t rows = 0;

    ck_assert_int_eq(ms_data_alloc(&data, 256, 1, &err), MS_OK);
    while (figures_next(figures))
        if (figures_integer(figures, "case") == number) {
            ck_assert_int_lt(rows, 256);
            data.X[rows] = figures_number(figures, "x1");
            data.y[rows++] = (uint8_t)figures_integer(figures, "label");
        }
    (void)figures_close(figures);
    ck_assert_int_gt(rows, 0);
    data.rows = rows;
    return data;
}

static struct ms_network read_network(const struct figures *figures)
{
    enum ms_activation activation;
    struct ms_network network;

    ck_assert(ms_activation_find(figures_text(figures, "activation"), &activation));
    ck_assert_int_eq(ms_network_alloc(&network, 1, 1, activation, &err), MS_OK);
    network.W1[0] = figures_number(figures, "W1");
    network.b1[0] = figures_number(figures, "b1");
    network.W2[0] = figures_number(figures, "W2");
    network.b2 = figures_number(figures, "b2");
    return network;
}

/* Checks a value to 1e-12 of the expected one, plus the rounding errors of terms as large as `scale`. */
static void assert_near(const struct figures *figures, const char *column, double actual, double scale)
{
    const double expected = figures_number(figures, column);

    ck_assert_msg(fabs(actual - expected) <= 1e-12 * fabs(expected) + 4 * DBL_EPSILON * scale,
                  "%s of case %lld is %.17g instead of %.17g", column,
                  (long long)figures_integer(figures, "case"), actual, expected);
}

static void check_case(const struct figures *figures, const struct ms_kernel *kernel)
{
    struct ms_data data = read_samples(figures_integer(figures, "case"));
    struct ms_network network = read_network(figures);
    struct ms_samples samples;
    struct ms_train_spec spec = {
        .kernel = kernel, .samples = &samples, .learning_rate = figures_number(figures, "learning_rate")};
    struct ms_evaluation evaluation;
    struct ms_train *train;
    const struct ms_network *next;
    double cost, scale;

    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_evaluate(kernel, &network, &samples, NULL, NULL, &evaluation, &err), MS_OK);
    assert_near(figures, "cost", evaluation.cost, 1);
    assert_near(figures, "accuracy", evaluation.accuracy, 1);
    ck_assert_int_eq(ms_train_open(&spec, &network, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, 1, &cost), MS_TRAIN_REACHED);
    ck_assert(cost == evaluation.cost);
    next = ms_train_network(train);
    scale = fmax(1, fabs(network.W2[0]));
    assert_near(figures, "W1_next", next->W1[0], scale);
    assert_near(figures, "b1_next", next->b1[0], scale);
    assert_near(figures, "W2_next", next->W2[0], fmax(1, fabs(network.W1[0])));
    assert_near(figures, "b2_next", next->b2, 1);
    ms_train_close(train);
    ms_samples_free(&samples);
    ms_network_free(&network);
    ms_data_free(&data);
}

START_TEST(costs_and_updates_are_right_however_large_the_arguments)
{
    struct figures *figures = figures_open("saturation-cases.csv");
    const struct ms_kernel *kernel;

    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &kernel, &err), MS_OK);
    while (figures_next(figures))
        check_case(figures, kernel);
    ck_assert_int_gt(figures_close(figures), 40);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("saturation");
    TCase *tests = tcase_create("saturation");

    tcase_add_test(tests, costs_and_updates_are_right_however_large_the_arguments);
    suite_add_tcase(suite, tests);
    return suite;
}
