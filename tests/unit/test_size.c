/* Many samples and many hidden units: sums of costs are accurate, and the stack does not grow with the sizes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

#include "available_kernels.h"
#include "document.h"
#include "kernel/textbook.h"
#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "unit.h"

static struct ms_error err;

/* Returns the output for one sample by the textbook formulas, in float64 with the C library. */
static double textbook_z(const struct ms_network *network, const struct ms_samples *samples, const double *x)
{
    double z = network->b2;

    for (int32_t j = 0; j < network->n_h; j++) {
        double t = network->b1[j];

        for (int32_t i = 0; i < network->n_x; i++)
            t += network->W1[(int64_t)j * network->n_x + i] * ms_precision_round(samples->precision, x[i]);
        z += network->W2[j] * (network->activation == MS_TANH      ? tanh(t)
                               : network->activation == MS_SIGMOID ? 1 / (1 + exp(-t))
                                                                   : fmax(t, 0));
    }
    return z;
}

/* Returns the cost, the mean of -log sigmoid(+-z), by Kahan's compensated summation. */
static double compensated_cost(const struct ms_network *network, const struct ms_samples *samples,
                               const struct ms_data *data)
{
    double sum = 0, lost = 0;

    for (int64_t row = 0; row < data->rows; row++) {
        const double z = textbook_z(network, samples, data->X + row * data->n_x);
        /* The cost tends to 0 if this is large, and to |z| if it is very negative. */
        const double right = data->y[row] ? z : -z;
        const double term = log1p(exp(-fabs(right))) + fmax(0, -right) - lost, next = sum + term;

        lost = (next - sum) - term;
        sum = next;
    }
    return sum / (double)data->rows;
}

/* Sums a million costs, ordinary ones, and ones with arguments so large that they are clamped. In float32 a single
 * running sum would be off by parts in a thousand. */
START_TEST(the_cost_of_a_million_samples_is_that_of_the_textbook_formulas)
{
    static const double scales[] = {0.5, 60}, tolerance[] = {[MS_FLOAT64] = 1e-14, [MS_FLOAT32] = 6e-8};
    const enum ms_precision precision = (enum ms_precision)(_i / MS_ACTIVATION_COUNT);
    const struct ms_kernel *kernels[MAX_KERNELS];
    struct ms_network network;
    struct ms_samples samples;
    struct ms_data data;

    (void)available_kernels(precision, kernels); /* the best one suffices: all compute the same numbers */
    ck_assert_int_eq(ms_moons_make(1000003, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 3, (enum ms_activation)(_i % MS_ACTIVATION_COUNT), &err),
                     MS_OK);
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        struct ms_evaluation evaluation;
        double expected;

        ms_network_init(&network, 3, scales[i], precision);
        expected = compensated_cost(&network, &samples, &data);
        ck_assert_int_eq(ms_evaluate(kernels[0], &network, &samples, NULL, NULL, &evaluation, &err), MS_OK);
        ck_assert_msg(fabs(evaluation.cost - expected) <= tolerance[precision] * expected,
                      "%s %s init_scale %g: cost %.17g instead of %.17g", ms_precision_name(precision),
                      ms_activation_name(network.activation), scales[i], evaluation.cost, expected);
    }
    ms_network_free(&network);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

START_TEST(the_error_of_a_cost_is_absolute_below_one_and_relative_above)
{
    enum { NETWORKS = 40 };
    const struct ms_kernel *kernels[MAX_KERNELS];
    struct ms_network network;
    struct ms_samples samples;
    struct ms_data data;
    double worst[2] = {0, 0}; /* below and above a cost of 1 */
    double least = INFINITY, most = 0;

    (void)available_kernels(MS_FLOAT64, kernels);
    ck_assert_int_eq(ms_moons_make(1600, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, 5, MS_TANH, &err), MS_OK);
    for (int i = 0; i < NETWORKS; i++) {
        struct ms_evaluation evaluation;
        long double exact;
        double error;

        ms_network_init(&network, (uint32_t)i, ldexp(1, i / 4 - 4), MS_FLOAT64); /* from 2^-4 to 2^5 */
        exact = textbook_cost(&network, &data, &samples);
        ck_assert_int_eq(ms_evaluate(kernels[0], &network, &samples, NULL, NULL, &evaluation, &err), MS_OK);
        error = (double)(fabsl((long double)evaluation.cost - exact) / fmaxl(1, exact));
        worst[exact > 1] = fmax(worst[exact > 1], error);
        least = fmin(least, (double)exact);
        most = fmax(most, (double)exact);
    }
    printf("# errors of costs: %.2g absolute below 1, %.2g relative above\n", worst[0], worst[1]);
    ck_assert(worst[0] > 0 && worst[0] <= 5e-16 && worst[1] > 0 && worst[1] <= 1e-15);
    document_states("numerics.md",
                    "of %d networks whose costs are from %.1f to %.1f, the largest errors were %.2g and %.2g",
                    NETWORKS, least, most, worst[0], worst[1]);
    ms_network_free(&network);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

/* Makes one update of a large network and checks its costs before and after. */
static void train_large(const struct ms_kernel *kernel, enum ms_activation activation, int32_t n_x,
                        int32_t n_h)
{
    struct ms_network network;
    struct ms_samples samples;
    struct ms_data data;
    struct ms_evaluation evaluation;
    struct ms_train_spec spec = {.kernel = kernel, .samples = &samples, .learning_rate = 1e-4};
    struct ms_train *train;
    double cost;

    ck_assert_int_eq(ms_data_alloc(&data, 65, n_x, &err), MS_OK);
    for (int64_t row = 0; row < data.rows; row++) {
        for (int32_t i = 0; i < n_x; i++)
            data.X[row * n_x + i] = (double)((row * 7 + i * 3) % 11) / 11;
        data.y[row] = row % 3 == 0;
    }
    ck_assert_int_eq(ms_samples_make(&samples, &data, kernel->precision, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, n_x, n_h, activation, &err), MS_OK);
    ms_network_init(&network, 0, 0.01, kernel->precision);
    ck_assert_int_eq(ms_train_open(&spec, &network, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, 1, &cost), MS_TRAIN_REACHED);
    ck_assert_double_eq_tol(cost, compensated_cost(&network, &samples, &data), 1e-6);
    ck_assert_int_eq(ms_evaluate(kernel, ms_train_network(train), &samples, NULL, NULL, &evaluation, &err),
                     MS_OK);
    ck_assert(evaluation.cost < cost);
    ms_train_close(train);
    ms_network_free(&network);
    ms_samples_free(&samples);
    ms_data_free(&data);
}

START_TEST(thousands_of_units_need_no_more_stack_than_one)
{
    const struct rlimit limit = {256 << 10, 256 << 10};
    const enum ms_precision precision = (enum ms_precision)(_i / MS_ACTIVATION_COUNT);
    const struct ms_kernel *kernels[MAX_KERNELS];
    const int kernel_count = available_kernels(precision, kernels);

    ck_assert_int_eq(setrlimit(RLIMIT_STACK, &limit), 0);
    for (int k = 0; k < kernel_count; k++) {
        train_large(kernels[k], (enum ms_activation)(_i % MS_ACTIVATION_COUNT), 2, 5000);
        train_large(kernels[k], (enum ms_activation)(_i % MS_ACTIVATION_COUNT), 30, 1000);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("size");
    TCase *tests = tcase_create("size");

    tcase_add_loop_test(tests, the_cost_of_a_million_samples_is_that_of_the_textbook_formulas, 0,
                        MS_PRECISION_COUNT * MS_ACTIVATION_COUNT);
    tcase_add_test(tests, the_error_of_a_cost_is_absolute_below_one_and_relative_above);
    tcase_add_loop_test(tests, thousands_of_units_need_no_more_stack_than_one, 0,
                        MS_PRECISION_COUNT * MS_ACTIVATION_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
