/* Which of two results is the better one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/best.h"

#include <math.h>

#include "unit.h"

START_TEST(a_higher_accuracy_is_better)
{
    struct ms_best best = ms_best_none;

    ms_best_take(&best, 7, 90);
    ms_best_take(&best, 3, 89.5);
    ck_assert_int_eq(best.config, 7);
    ms_best_take(&best, 9, 90.5);
    ck_assert_int_eq(best.config, 9);
    ck_assert_double_eq(best.dev_accuracy, 90.5);
}
END_TEST

START_TEST(ties_go_to_the_lowest_index_in_any_order)
{
    struct ms_best best = ms_best_none, other = ms_best_none;

    for (int i = 0; i < 3; i++) {
        ms_best_take(&best, i, 90);
        ms_best_take(&other, 2 - i, 90);
    }
    ck_assert_int_eq(best.config, 0);
    ck_assert_int_eq(other.config, 0);
}
END_TEST

START_TEST(a_missing_configuration_or_accuracy_is_never_best)
{
    struct ms_best best = ms_best_none;

    ms_best_take(&best, 4, NAN);
    ms_best_take(&best, ms_best_none.config, ms_best_none.dev_accuracy);
    ms_best_take(&best, -1, 100);
    ck_assert_int_eq(best.config, -1);
    ck_assert_double_nan(best.dev_accuracy);
    ms_best_take(&best, 5, 0);
    ms_best_take(&best, 6, NAN);
    ck_assert_int_eq(best.config, 5);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("best");
    TCase *tests = tcase_create("best");

    tcase_add_test(tests, a_higher_accuracy_is_better);
    tcase_add_test(tests, ties_go_to_the_lowest_index_in_any_order);
    tcase_add_test(tests, a_missing_configuration_or_accuracy_is_never_best);
    suite_add_tcase(suite, tests);
    return suite;
}
