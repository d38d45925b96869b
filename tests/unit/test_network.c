/* Networks: their names and sizes, and their initial parameters, compared with NumPy's.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <string.h>

#include "figures.h"
#include "moonsweep/network.h"
#include "moonsweep/rng.h"
#include "stop_counter.h"
#include "unit.h"

START_TEST(names_are_converted_to_values_and_back)
{
    static const char *const activations[] = {"tanh", "sigmoid", "relu"};
    static const char *const precisions[] = {"float64", "float32"};
    enum ms_activation activation;
    enum ms_precision precision;

    for (int i = 0; i < MS_ACTIVATION_COUNT; i++) {
        ck_assert_str_eq(ms_activation_name((enum ms_activation)i), activations[i]);
        ck_assert(ms_activation_find(activations[i], &activation));
        ck_assert_int_eq(activation, i);
    }
    for (int i = 0; i < MS_PRECISION_COUNT; i++) {
        ck_assert_str_eq(ms_precision_name((enum ms_precision)i), precisions[i]);
        ck_assert(ms_precision_find(precisions[i], &precision));
        ck_assert_int_eq(precision, i);
    }
}
END_TEST

START_TEST(unknown_names_are_not_found_and_change_nothing)
{
    static const char *const others[] = {"", "Tanh", "tanh ", "tan", "float", "float16"};
    enum ms_activation activation = MS_RELU;
    enum ms_precision precision = MS_FLOAT32;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ck_assert(!ms_activation_find(others[i], &activation));
        ck_assert(!ms_precision_find(others[i], &precision));
    }
    ck_assert_int_eq(activation, MS_RELU);
    ck_assert_int_eq(precision, MS_FLOAT32);
}
END_TEST

START_TEST(only_float32_rounds)
{
    ck_assert_double_eq(ms_precision_round(MS_FLOAT64, 0.1), 0.1);
    ck_assert_double_eq(ms_precision_round(MS_FLOAT32, 0.1), 0x1.99999ap-4);
    ck_assert_double_eq(ms_precision_round(MS_FLOAT32, 1 + 0x1p-24), 1); /* a tie is rounded to even */
    ck_assert(isinf(ms_precision_round(MS_FLOAT32, 1e39)));
}
END_TEST

START_TEST(a_new_network_is_zero_and_has_the_size_of_its_shape)
{
    struct ms_network network;
    struct ms_error err;

    ck_assert_int_eq(ms_network_alloc(&network, 3, 7, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(network.activation, MS_RELU);
    ck_assert_int_eq(ms_network_size(&network), 7 * 3 + 7 + 7 + 1);
    ck_assert_ptr_eq(network.b1, network.W1 + 21);
    ck_assert_ptr_eq(network.W2, network.b1 + 7);
    for (int i = 0; i < 35; i++)
        ck_assert_double_eq(network.W1[i], 0);
    ck_assert_double_eq(network.b2, 0);
    ms_network_free(&network);
    ms_network_free(&network);
}
END_TEST

START_TEST(a_network_larger_than_memory_is_refused)
{
    struct ms_network network;
    struct ms_error err;

    ck_assert_int_eq(ms_network_alloc(&network, INT32_MAX, INT32_MAX, MS_TANH, &err), MS_NO_MEMORY);
    ck_assert_ptr_null(network.W1);
}
END_TEST

/* Returns the parameter of a network that a row of init.csv contains. */
static double initial(const struct ms_network *network, const struct figures *figures)
{
    const int64_t position = figures_integer(figures, "position");

    return strcmp(figures_text(figures, "name"), "W1") == 0 ? network->W1[position] : network->W2[position];
}

START_TEST(initial_parameters_are_those_of_numpy_in_both_precisions)
{
    struct figures *figures = figures_open("init.csv");

    while (figures_next(figures)) {
        const double expected = figures_number(figures, "value");
        struct ms_network network;
        struct ms_error err;

        ck_assert_int_eq(ms_network_alloc(&network, (int32_t)figures_integer(figures, "n_x"),
                                          (int32_t)figures_integer(figures, "n_h"), MS_TANH, &err),
                         MS_OK);
        for (int precision = 0; precision < MS_PRECISION_COUNT; precision++) {
            const double epsilon = precision == MS_FLOAT64 ? DBL_EPSILON : FLT_EPSILON;

            network.b1[0] = network.b2 = 5; /* the previous values do not matter */
            ms_network_init(&network, (uint32_t)figures_integer(figures, "seed"),
                            figures_number(figures, "init_scale"), (enum ms_precision)precision);
            ck_assert_double_le(fabs(initial(&network, figures) / expected - 1), epsilon);
            ck_assert_double_eq(network.b1[0], 0);
            ck_assert_double_eq(network.b2, 0);
            for (int64_t i = 0; precision == MS_FLOAT32 && i < ms_network_size(&network) - 1; i++)
                ck_assert_double_eq(network.W1[i], (double)(float)network.W1[i]);
        }
        ms_network_free(&network);
    }
    ck_assert_int_gt(figures_close(figures), 200);
}
END_TEST

/* Returns the word of a generator's state from which ms_rng_u32 makes this one. */
static uint32_t untempered(uint32_t word)
{
    uint32_t found = word ^ (word >> 18);

    found ^= (found << 15) & UINT32_C(0xefc60000);
    word = found;
    for (int i = 0; i < 5; i++)
        found = word ^ ((found << 7) & UINT32_C(0x9d2c5680));
    word = found;
    for (int i = 0; i < 3; i++)
        found = word ^ (found >> 11);
    return found;
}

/* Of 100,000 units on two features, 200,000 parameters are in W1, and 100,000 in W2. */
START_TEST(a_wide_network_looks_at_a_stop_request_while_it_is_drawn)
{
    enum { HIDDEN = 100000 };
    const int looks = (2 * HIDDEN - 1) / MS_STOP_REQUEST_INTERVAL + (HIDDEN - 1) / MS_STOP_REQUEST_INTERVAL;
    struct stop_counter counter = {.stop_at = -1};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_network drawn, expected;
    struct ms_error err;

    ck_assert_int_eq(ms_network_alloc(&drawn, 2, HIDDEN, MS_TANH, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&expected, 2, HIDDEN, MS_TANH, &err), MS_OK);
    ms_network_init(&expected, 3, 0.01, MS_FLOAT32);
    ck_assert_int_eq(ms_network_init_stoppable(&drawn, 3, 0.01, MS_FLOAT32, &stop, &err), MS_OK);
    ck_assert_int_eq(counter.looks, looks);
    ck_assert(ms_network_has_same_bits(&drawn, &expected));
    for (int at = 0; at < looks; at++) {
        counter = (struct stop_counter){.stop_at = at};
        ck_assert_int_eq(ms_network_init_stoppable(&drawn, 3, 0.01, MS_FLOAT32, &stop, &err), MS_WORK_LEFT);
        ck_assert_int_eq(counter.looks, at + 1);
    }
    ms_network_free(&drawn);
    ms_network_free(&expected);
}
END_TEST

START_TEST(the_largest_scale_keeps_the_largest_gaussian_finite)
{
    /* x = 0 and y = 2^-52, the pair nearest to 0 that the polar method accepts, from the random doubles 2^52 2^-53 and
     * (2^52 + 1) 2^-53. */
    static const uint32_t words[] = {UINT32_C(1) << 31, 0, UINT32_C(1) << 31, UINT32_C(1) << 6};
    struct ms_rng rng = {.position = 0};
    double largest;

    for (int i = 0; i < 4; i++)
        rng.state[i] = untempered(words[i]);
    largest = ms_rng_gaussian(&rng);
    ck_assert_double_eq_tol(largest, sqrt(208 * log(2)), 1e-12);
    for (int i = 0; i < MS_PRECISION_COUNT; i++) {
        const enum ms_precision precision = (enum ms_precision)i;
        const double scale = ms_network_largest_scale(precision);

        ck_assert(isfinite(ms_precision_round(precision, largest * scale)));
        ck_assert(isinf(ms_precision_round(precision, largest * scale * 1.1)));
    }
}
END_TEST

START_TEST(a_copy_has_every_parameter)
{
    struct ms_network from, to;
    struct ms_error err;

    ck_assert_int_eq(ms_network_alloc(&from, 2, 3, MS_TANH, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&to, 2, 3, MS_TANH, &err), MS_OK);
    for (int i = 0; i < 12; i++)
        from.W1[i] = i + 1;
    from.b2 = 13;
    ms_network_copy(&to, &from);
    for (int i = 0; i < 12; i++)
        ck_assert_double_eq(to.W1[i], i + 1);
    ck_assert_double_eq(to.b2, 13);
    ms_network_free(&from);
    ms_network_free(&to);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("network");
    TCase *tests = tcase_create("network");

    tcase_add_test(tests, names_are_converted_to_values_and_back);
    tcase_add_test(tests, unknown_names_are_not_found_and_change_nothing);
    tcase_add_test(tests, only_float32_rounds);
    tcase_add_test(tests, a_new_network_is_zero_and_has_the_size_of_its_shape);
    tcase_add_test(tests, a_network_larger_than_memory_is_refused);
    tcase_add_test(tests, initial_parameters_are_those_of_numpy_in_both_precisions);
    tcase_add_test(tests, a_wide_network_looks_at_a_stop_request_while_it_is_drawn);
    tcase_add_test(tests, the_largest_scale_keeps_the_largest_gaussian_finite);
    tcase_add_test(tests, a_copy_has_every_parameter);
    suite_add_tcase(suite, tests);
    return suite;
}
