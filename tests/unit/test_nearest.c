/* The word that is meant by a misspelt one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/nearest.h"
#include "unit.h"

static const char *const keys[] = {"n_h", "activation", "learning_rate", "iterations", "seed"};

static const char *nearest(const char *text)
{
    return ms_nearest(text, keys, sizeof keys / sizeof *keys);
}

START_TEST(a_dropped_added_or_replaced_letter_is_found)
{
    ck_assert_str_eq(nearest("learning_rte"), "learning_rate");
    ck_assert_str_eq(nearest("activations"), "activation");
    ck_assert_str_eq(nearest("sead"), "seed");
    ck_assert_str_eq(nearest("learning-rate"), "learning_rate");
}
END_TEST

START_TEST(two_swapped_letters_are_one_change)
{
    ck_assert_str_eq(nearest("sede"), "seed");
    ck_assert_str_eq(nearest("nh_"), "n_h");
}
END_TEST

START_TEST(case_does_not_matter)
{
    ck_assert_str_eq(nearest("ITERATIONS"), "iterations");
}
END_TEST

START_TEST(an_unrelated_word_has_no_nearest)
{
    ck_assert_ptr_null(nearest("momentum"));
    ck_assert_ptr_null(nearest("xyz"));
    ck_assert_ptr_null(nearest(""));
}
END_TEST

START_TEST(another_letter_is_not_near_a_word_of_one_letter)
{
    static const char *const words[] = {"X", "to"};

    ck_assert_ptr_null(ms_nearest("2", words, 2));
    ck_assert_str_eq(ms_nearest("x", words, 2), "X");
    ck_assert_str_eq(ms_nearest("too", words, 2), "to");
}
END_TEST

START_TEST(a_text_longer_than_any_word_has_no_nearest)
{
    ck_assert_ptr_null(nearest("a234567890123456789012345678901234567890123456789012345678901234567890"));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tests = tcase_create("nearest");

    tcase_add_test(tests, a_dropped_added_or_replaced_letter_is_found);
    tcase_add_test(tests, two_swapped_letters_are_one_change);
    tcase_add_test(tests, case_does_not_matter);
    tcase_add_test(tests, an_unrelated_word_has_no_nearest);
    tcase_add_test(tests, another_letter_is_not_near_a_word_of_one_letter);
    tcase_add_test(tests, a_text_longer_than_any_word_has_no_nearest);
    suite_add_tcase(suite, tests);
    return suite;
}
