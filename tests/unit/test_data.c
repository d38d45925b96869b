/* Arrays of samples: allocating, counting and freeing them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/data.h"
#include "unit.h"

START_TEST(new_samples_are_zero)
{
    struct ms_data data;
    struct ms_error err;

    ck_assert_int_eq(ms_data_alloc(&data, 5, 3, &err), MS_OK);
    ck_assert_int_eq(data.rows, 5);
    ck_assert_int_eq(data.n_x, 3);
    for (int i = 0; i < 15; i++)
        ck_assert_double_eq(data.X[i], 0);
    ck_assert_int_eq(ms_data_positives(&data), 0);
    ms_data_free(&data);
}
END_TEST

START_TEST(positives_are_the_labels_that_are_1)
{
    struct ms_data data;
    struct ms_error err;

    ck_assert_int_eq(ms_data_alloc(&data, 4, 1, &err), MS_OK);
    data.y[0] = data.y[3] = 1;
    ck_assert_int_eq(ms_data_positives(&data), 2);
    ms_data_free(&data);
}
END_TEST

START_TEST(freed_data_are_empty_and_may_be_freed_again)
{
    struct ms_dataset dataset = {.noise = 0.5};
    struct ms_error err;

    ck_assert_int_eq(ms_data_alloc(&dataset.train, 4, 2, &err), MS_OK);
    ms_dataset_free(&dataset);
    ck_assert_ptr_null(dataset.train.X);
    ck_assert_int_eq(dataset.train.rows, 0);
    ms_dataset_free(&dataset);
}
END_TEST

START_TEST(without_enough_memory_data_are_empty)
{
    struct ms_data data = {.rows = 7};
    struct ms_error err;

    ck_assert_int_eq(ms_data_alloc(&data, INT64_MAX, 1000, &err), MS_NO_MEMORY);
    ck_assert_int_eq(data.rows, 0);
    ck_assert_ptr_null(data.X);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("data");
    TCase *tests = tcase_create("data");

    tcase_add_test(tests, new_samples_are_zero);
    tcase_add_test(tests, positives_are_the_labels_that_are_1);
    tcase_add_test(tests, freed_data_are_empty_and_may_be_freed_again);
    tcase_add_test(tests, without_enough_memory_data_are_empty);
    suite_add_tcase(suite, tests);
    return suite;
}
