/* The limits, the order and the number of the configurations that show lists.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "cli/selection.h"
#include "sample_entries.h"
#include "unit.h"

/* Expects that spec selects exactly expected[count] from the sample, in this order. */
static void expect(const struct selection_spec *spec, int64_t count, const int64_t *expected)
{
    struct entries entries = sample_entries();
    struct ms_error err;
    int64_t *rows, n;

    ck_assert_int_eq(selection_make(&entries, spec, &rows, &n, &err), MS_OK);
    ck_assert_int_eq(n, count);
    for (int64_t i = 0; i < count; i++)
        ck_assert_int_eq(rows[i], expected[i]);
    free(rows);
    entries_free(&entries);
}

START_TEST(without_limits_all_are_selected_in_order_of_index)
{
    expect(&selection_everything, 6, (const int64_t[]){0, 1, 2, 3, 4, 5});
}
END_TEST

START_TEST(min_train_is_exclusive_and_selects_only_done_configurations)
{
    struct selection_spec spec = selection_everything;

    spec.min_train = 95;
    expect(&spec, 3, (const int64_t[]){0, 4, 5}); /* 1 has exactly 95, 2 diverged with 99 */
    spec.min_train = -1;
    expect(&spec, 4, (const int64_t[]){0, 1, 4, 5});
}
END_TEST

START_TEST(max_gap_is_absolute_and_inclusive)
{
    struct selection_spec spec = selection_everything;

    spec.max_gap = 1;
    expect(&spec, 3, (const int64_t[]){0, 1, 4}); /* 4 is exactly 1 apart, 5 is 2.5 */
    sample[5].dev_accuracy = 98;                  /* the gap with the opposite sign */
    expect(&spec, 4, (const int64_t[]){0, 1, 4, 5});
    sample[5].dev_accuracy = 98.01;
    expect(&spec, 3, (const int64_t[]){0, 1, 4});
}
END_TEST

START_TEST(a_gap_of_exactly_the_limit_passes_for_every_sample_count)
{
    struct selection_spec spec = selection_everything;

    for (int m = 2; m < 500; m++)
        for (int right = 1; right < m; right += 7) {
            sample[0].train_accuracy = 100.0 * right / m;
            sample[0].dev_accuracy = 100.0 * (right - 1) / m;
            spec.max_gap = 100.0 / m;
            spec.limit = 1;
            expect(&spec, 1, (const int64_t[]){0});
        }
}
END_TEST

START_TEST(max_seconds_is_inclusive)
{
    struct selection_spec spec = selection_everything;

    spec.max_seconds = 0.5;
    expect(&spec, 2, (const int64_t[]){0, 4});
}
END_TEST

START_TEST(the_articles_selection_is_the_quickest_first)
{
    struct selection_spec spec = selection_everything;

    spec.min_train = 95;
    spec.max_gap = 1;
    selection_sort_by(&spec, column_find("train_seconds"), false);
    expect(&spec, 2, (const int64_t[]){4, 0});
}
END_TEST

START_TEST(ties_are_sorted_by_index_in_both_directions)
{
    struct selection_spec spec = selection_everything;

    selection_sort_by(&spec, column_find("n_h"), false);
    expect(&spec, 6, (const int64_t[]){4, 5, 0, 1, 2, 3});
    spec.keys[0].descending = true;
    expect(&spec, 6, (const int64_t[]){2, 3, 0, 1, 4, 5});
}
END_TEST

START_TEST(missing_values_come_last_in_both_directions)
{
    struct selection_spec spec = selection_everything;

    selection_sort_by(&spec, column_find("train_cost"), false); /* 2 is NaN, 3 pending */
    expect(&spec, 6, (const int64_t[]){1, 5, 0, 4, 2, 3});
    spec.keys[0].descending = true;
    expect(&spec, 6, (const int64_t[]){4, 0, 5, 1, 2, 3});
}
END_TEST

START_TEST(words_are_sorted_alphabetically)
{
    struct selection_spec spec = selection_everything;

    selection_sort_by(&spec, column_find("activation"), false);
    expect(&spec, 6, (const int64_t[]){2, 3, 4, 5, 0, 1});
}
END_TEST

START_TEST(the_limit_keeps_the_first_in_order)
{
    struct selection_spec spec = selection_everything;

    selection_sort_by(&spec, column_find("dev_accuracy"), true);
    spec.min_train = 0;
    spec.limit = 2;
    expect(&spec, 2, (const int64_t[]){4, 1}); /* 95, then the first 94.5 */
}
END_TEST

START_TEST(later_keys_decide_among_equal_values)
{
    struct selection_spec spec = selection_everything;

    selection_sort_by(&spec, column_find("dev_accuracy"), true);
    selection_sort_by(&spec, column_find("n_h"), false);
    expect(&spec, 6, (const int64_t[]){2, 4, 5, 1, 0, 3}); /* 5 and 1 have 94.5; 3 is pending */
    spec.reverse = true;
    expect(&spec, 6, (const int64_t[]){0, 1, 5, 4, 2, 3});
}
END_TEST

START_TEST(without_keys_the_order_can_be_reversed)
{
    struct selection_spec spec = selection_everything;

    spec.reverse = true;
    expect(&spec, 6, (const int64_t[]){5, 4, 3, 2, 1, 0});
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("selection");
    TCase *tests = tcase_create("selection");

    tcase_add_test(tests, without_limits_all_are_selected_in_order_of_index);
    tcase_add_test(tests, min_train_is_exclusive_and_selects_only_done_configurations);
    tcase_add_test(tests, max_gap_is_absolute_and_inclusive);
    tcase_add_test(tests, a_gap_of_exactly_the_limit_passes_for_every_sample_count);
    tcase_add_test(tests, max_seconds_is_inclusive);
    tcase_add_test(tests, the_articles_selection_is_the_quickest_first);
    tcase_add_test(tests, ties_are_sorted_by_index_in_both_directions);
    tcase_add_test(tests, missing_values_come_last_in_both_directions);
    tcase_add_test(tests, words_are_sorted_alphabetically);
    tcase_add_test(tests, later_keys_decide_among_equal_values);
    tcase_add_test(tests, without_keys_the_order_can_be_reversed);
    tcase_add_test(tests, the_limit_keeps_the_first_in_order);
    suite_add_tcase(suite, tests);
    return suite;
}
