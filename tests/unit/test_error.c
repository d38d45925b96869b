/* Errors: their messages, where these are cut, and their exit statuses.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "moonsweep/error.h"
#include "unit.h"

START_TEST(a_failure_has_its_code_and_message)
{
    struct ms_error err;

    ck_assert_int_eq(ms_fail(&err, MS_BAD_INPUT, "%s:%d: wrong", "job.yaml", 7), MS_BAD_INPUT);
    ck_assert_int_eq(err.code, MS_BAD_INPUT);
    ck_assert_str_eq(err.text, "job.yaml:7: wrong");
}
END_TEST

START_TEST(out_of_memory_errors_name_the_file_and_the_purpose)
{
    struct ms_error err;

    ck_assert_int_eq(ms_fail_memory(&err, "out.h5", "to list %d rows", 3), MS_NO_MEMORY);
    ck_assert_int_eq(err.code, MS_NO_MEMORY);
    ck_assert_str_eq(err.text, "out.h5: not enough memory to list 3 rows");
    ck_assert_int_eq(ms_fail_memory(&err, NULL, "to train"), MS_NO_MEMORY);
    ck_assert_str_eq(err.text, "not enough memory to train");
}
END_TEST

/* A message with such a path is cut in the middle, as by ms_fail. */
START_TEST(out_of_memory_errors_keep_the_purpose_after_a_long_path)
{
    static const char end[] = "ppp: not enough memory to read it";
    struct ms_error err;
    char path[4000];

    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    ms_fail_memory(&err, path, "to read it");
    ck_assert_str_eq(err.text + strlen(err.text) - strlen(end), end);
}
END_TEST

START_TEST(a_message_that_is_too_long_is_cut_in_the_middle)
{
    struct ms_error err;

    ms_fail(&err, MS_INTERNAL, "/first%4000d: the cause", 1);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    ck_assert_int_eq(strncmp(err.text, "/first ", 7), 0);
    ck_assert_ptr_nonnull(strstr(err.text, " ... "));
    ck_assert_str_eq(err.text + strlen(err.text) - 12, "1: the cause");
}
END_TEST

START_TEST(a_message_that_just_fits_is_not_cut)
{
    struct ms_error err;
    char text[sizeof err.text + 1];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ms_fail(&err, MS_INTERNAL, "%s", text + 1);
    ck_assert_str_eq(err.text, text + 1);
    ms_fail(&err, MS_INTERNAL, "%s", text);
    ck_assert_ptr_nonnull(strstr(err.text, "x ... x"));
}
END_TEST

/* Characters of three bytes begin at each of three offsets: wherever the message is cut, each remains whole. */
START_TEST(multibyte_characters_are_not_cut)
{
    struct ms_error err;
    char text[3001] = "";

    for (size_t at = 0; at + 3 < sizeof text; at += 3)
        memcpy(text + at, "\xe2\x82\xac", 3);
    for (int before = 0; before < 3; before++) {
        const char *gap;
        int after = (int)(strlen(text) / 3 * 3);

        ms_fail(&err, MS_INTERNAL, "%.*s%.*s%.*s", before, "ab", after, text, before, "cd");
        gap = strstr(err.text, " ... ");
        ck_assert_ptr_nonnull(gap);
        ck_assert_int_eq((gap - err.text - before) % 3, 0);
        ck_assert_uint_eq((strlen(gap + 5) - (size_t)before) % 3, 0);
    }
}
END_TEST

START_TEST(every_code_has_a_different_exit_status)
{
    for (int a = 0; a < MS_CODE_COUNT; a++)
        for (int b = 0; b < a; b++)
            ck_assert_int_ne(ms_exit_status((enum ms_code)a), ms_exit_status((enum ms_code)b));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("error");

    tcase_add_test(tests, a_failure_has_its_code_and_message);
    tcase_add_test(tests, out_of_memory_errors_name_the_file_and_the_purpose);
    tcase_add_test(tests, out_of_memory_errors_keep_the_purpose_after_a_long_path);
    tcase_add_test(tests, a_message_that_is_too_long_is_cut_in_the_middle);
    tcase_add_test(tests, a_message_that_just_fits_is_not_cut);
    tcase_add_test(tests, multibyte_characters_are_not_cut);
    tcase_add_test(tests, every_code_has_a_different_exit_status);
    suite_add_tcase(suite, tests);
    return suite;
}
