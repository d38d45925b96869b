/* Standardization, compared with mean, numpy.std and figures by hand; the whole program is compared with NumPy in
 * tests/cli/test_own_data.py.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/standardize.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "unit.h"

static struct ms_error err;

static struct ms_dataset make(int64_t rows, int32_t n_x, const double *X)
{
    struct ms_dataset dataset = {0};

    ck_assert_int_eq(ms_data_alloc(&dataset.train, rows, n_x, &err), MS_OK);
    memcpy(dataset.train.X, X, (size_t)(rows * n_x) * sizeof *X);
    ck_assert_int_eq(ms_data_alloc(&dataset.dev, 1, n_x, &err), MS_OK);
    dataset.dev.X[0] = 5;
    return dataset;
}

START_TEST(the_mean_becomes_0_and_the_population_standard_deviation_1)
{
    struct ms_dataset dataset = make(4, 2, (const double[]){1, 10, 3, 10, 5, 10, 7, 10});

    ck_assert_int_eq(ms_standardize(&dataset, MS_FLOAT64, &err), MS_OK);
    ck_assert_double_eq(dataset.feature_mean[0], 4);
    ck_assert_double_eq_tol(dataset.feature_scale[0], sqrt(5), 1e-15);
    ck_assert_double_eq_tol(dataset.train.X[0], -3 / sqrt(5), 1e-15);
    ck_assert_double_eq_tol(dataset.dev.X[0], 1 / sqrt(5), 1e-15);
    ck_assert_double_eq(dataset.feature_mean[1], 10);
    ck_assert_double_eq(dataset.feature_scale[1], 1);
    ck_assert_double_eq(dataset.train.X[1], 0);
    ck_assert_double_eq(dataset.dev.X[1], -10);
    ms_dataset_free(&dataset);
}
END_TEST

START_TEST(a_constant_that_is_rounded_in_a_sum_becomes_0)
{
    struct ms_dataset dataset = make(3, 1, (const double[]){0.1, 0.1, 0.1});

    ck_assert_int_eq(ms_standardize(&dataset, MS_FLOAT64, &err), MS_OK);
    ck_assert_double_eq(dataset.feature_mean[0], 0.1);
    ck_assert_double_eq(dataset.feature_scale[0], 1);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(dataset.train.X[i], 0);
    ms_dataset_free(&dataset);
}
END_TEST

START_TEST(squares_neither_overflow_nor_underflow)
{
    struct ms_dataset large = make(2, 1, (const double[]){-1e200, 1e200});
    struct ms_dataset small = make(2, 1, (const double[]){-1e-200, 1e-200});

    small.dev.X[0] = 0;
    ck_assert_int_eq(ms_standardize(&large, MS_FLOAT64, &err), MS_OK);
    ck_assert_double_eq(large.feature_scale[0], 1e200);
    ck_assert_double_eq(large.train.X[1], 1);
    ck_assert_int_eq(ms_standardize(&small, MS_FLOAT64, &err), MS_OK);
    ck_assert_double_eq(small.feature_scale[0], 1e-200);
    ck_assert_double_eq(small.train.X[0], -1);
    ms_dataset_free(&large);
    ms_dataset_free(&small);
}
END_TEST

START_TEST(values_that_are_not_finite_afterwards_are_refused)
{
    struct ms_dataset dataset = make(2, 1, (const double[]){-DBL_MAX, DBL_MAX});
    struct ms_dataset far = make(2, 1, (const double[]){-1e-30, 1e-30});

    dataset.train.X[0] = DBL_MAX; /* the sum overflows */
    dataset.train.X[1] = DBL_MAX / 2;
    ck_assert_int_eq(ms_standardize(&dataset, MS_FLOAT64, &err), MS_BAD_INPUT);
    ck_assert_ptr_null(dataset.feature_mean);
    far.dev.X[0] = 1e10;
    ck_assert_int_eq(ms_standardize(&far, MS_FLOAT32, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "feature 1 of sample 1 is not finite in float32"));
    ms_dataset_free(&dataset);
    ms_dataset_free(&far);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("standardize");
    TCase *tests = tcase_create("standardize");

    tcase_add_test(tests, the_mean_becomes_0_and_the_population_standard_deviation_1);
    tcase_add_test(tests, a_constant_that_is_rounded_in_a_sum_becomes_0);
    tcase_add_test(tests, squares_neither_overflow_nor_underflow);
    tcase_add_test(tests, values_that_are_not_finite_afterwards_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
