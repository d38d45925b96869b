/* The largest of many numbers that change one at a time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "core/max_tree.h"

#include "unit.h"

enum { MOST = 40 };

/* By looking at all numbers. */
static double largest_of(const double *numbers, int32_t n)
{
    double largest = numbers[0];

    for (int32_t i = 1; i < n; i++)
        largest = numbers[i] > largest ? numbers[i] : largest;
    return largest;
}

START_TEST(the_largest_number_is_known_whatever_was_changed)
{
    for (int32_t n = 1; n <= MOST; n++) {
        double numbers[MOST] = {0};
        struct ms_max_tree tree;
        uint32_t state = (uint32_t)n;
        int wrong = 0;

        ck_assert(ms_max_tree_open(&tree, n, 0));
        for (int changes = 0; changes < 1000; changes++) {
            int32_t i;

            state = state * 1664525u + 1013904223u; /* a linear congruential generator */
            i = (int32_t)(state >> 8) % n;
            numbers[i] = (double)(state >> 20) - 2048; /* equal ones, too, and negative ones */
            ms_max_tree_set(&tree, i, numbers[i]);
            wrong += ms_max_tree_largest(&tree) != largest_of(numbers, n);
            wrong += numbers[ms_max_tree_where(&tree)] != largest_of(numbers, n);
        }
        for (int32_t i = 0; i < n; i++)
            wrong += ms_max_tree_get(&tree, i) != numbers[i];
        ck_assert_int_eq(wrong, 0);
        ms_max_tree_close(&tree);
    }
}
END_TEST

START_TEST(all_numbers_are_the_same_at_first)
{
    struct ms_max_tree tree;

    ck_assert(ms_max_tree_open(&tree, 3, -7));
    ck_assert_double_eq(ms_max_tree_largest(&tree), -7);
    ms_max_tree_set(&tree, 1, -8);
    ck_assert_double_eq(ms_max_tree_largest(&tree), -7);
    ck_assert_int_ne(ms_max_tree_where(&tree), 1);
    ms_max_tree_close(&tree);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("max_tree");
    TCase *tests = tcase_create("max_tree");

    tcase_add_test(tests, the_largest_number_is_known_whatever_was_changed);
    tcase_add_test(tests, all_numbers_are_the_same_at_first);
    suite_add_tcase(suite, tests);
    return suite;
}
