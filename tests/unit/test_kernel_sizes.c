/* The sizes of networks that are measured when a sweep begins.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/kernel_sizes.h"

#include "unit.h"

enum { TRIES = 1000 };

START_TEST(the_sizes_with_the_most_work_come_first)
{
    struct ms_kernel_sizes sizes = {.work = 0};
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];

    ms_kernel_sizes_add(&sizes, MS_RELU, 3, 10);
    ms_kernel_sizes_add(&sizes, MS_TANH, 50, 20);
    ms_kernel_sizes_add(&sizes, MS_TANH, 3, 15);
    ms_kernel_sizes_add(&sizes, MS_RELU, 3, 11);
    ck_assert_int_eq(ms_kernel_sizes_heaviest(&sizes, heaviest), 3);
    ck_assert_int_eq(heaviest[0].activation, MS_RELU);
    ck_assert_int_eq(heaviest[0].n_h, 3);
    ck_assert_double_eq(heaviest[0].work, 21);
    ck_assert_int_eq(heaviest[1].n_h, 50);
    ck_assert_int_eq(heaviest[2].activation, MS_TANH);
    ck_assert_int_eq(heaviest[2].n_h, 3);
    ck_assert_double_eq(sizes.work, 56);
}
END_TEST

START_TEST(sizes_with_hardly_any_work_are_left_out)
{
    struct ms_kernel_sizes sizes = {.work = 0};
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];

    ms_kernel_sizes_add(&sizes, MS_SIGMOID, 1, 0.005);
    ms_kernel_sizes_add(&sizes, MS_SIGMOID, 2, 0.995);
    ck_assert_int_eq(ms_kernel_sizes_heaviest(&sizes, heaviest), 1);
    ck_assert_int_eq(heaviest[0].n_h, 2);
}
END_TEST

START_TEST(there_are_no_more_sizes_than_can_be_measured)
{
    struct ms_kernel_sizes sizes = {.work = 0};
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];

    for (int32_t n_h = 1; n_h <= TRIES; n_h++)
        for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
            ms_kernel_sizes_add(&sizes, (enum ms_activation)a, n_h, 1 + n_h);
    ck_assert_int_eq(ms_kernel_sizes_heaviest(&sizes, heaviest), MS_KERNEL_SIZES_MOST);
    for (int i = 1; i < MS_KERNEL_SIZES_MOST; i++)
        ck_assert_double_le(heaviest[i].work, heaviest[i - 1].work);
}
END_TEST

/* Every size alone, up to the largest possible one, is found again, and each of the small ones beside its neighbour. */
START_TEST(large_sizes_share_a_bin_with_similar_ones_only)
{
    for (int64_t n_h = 1; n_h < INT32_MAX; n_h += 1 + n_h / 7) {
        struct ms_kernel_sizes sizes = {.work = 0};
        struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];
        const int64_t larger = n_h < 16 ? n_h + 1 : n_h + n_h / 4 + 1;
        int32_t n;

        ms_kernel_sizes_add(&sizes, MS_TANH, (int32_t)n_h, 2);
        if (larger <= INT32_MAX)
            ms_kernel_sizes_add(&sizes, MS_TANH, (int32_t)larger, 1);
        n = ms_kernel_sizes_heaviest(&sizes, heaviest);
        ck_assert_int_eq(n, larger <= INT32_MAX ? 2 : 1);
        ck_assert_int_eq(heaviest[0].n_h, n_h);
    }
}
END_TEST

START_TEST(no_work_has_no_sizes)
{
    const struct ms_kernel_sizes sizes = {.work = 0};
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];

    ck_assert_int_eq(ms_kernel_sizes_heaviest(&sizes, heaviest), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernel_sizes");
    TCase *tests = tcase_create("kernel_sizes");

    tcase_add_test(tests, the_sizes_with_the_most_work_come_first);
    tcase_add_test(tests, sizes_with_hardly_any_work_are_left_out);
    tcase_add_test(tests, there_are_no_more_sizes_than_can_be_measured);
    tcase_add_test(tests, large_sizes_share_a_bin_with_similar_ones_only);
    tcase_add_test(tests, no_work_has_no_sizes);
    suite_add_tcase(suite, tests);
    return suite;
}
