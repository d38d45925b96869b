/* Command lines as texts that a shell reads.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cli/command_line.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

START_TEST(arguments_are_quoted_for_the_shell_and_always_printable)
{
    static const struct {
        const char *word, *text;
    } cases[] = {
        {"job.yaml", "job.yaml"},
        {"", "''"},
        {"out put.h5", "'out put.h5'"},
        {"it's", "'it'\\''s'"},
        {"a\\b", "'a\\b'"},
        {"K\xc3\xb6ln\xf0\x9f\x99\x82.h5", "K\xc3\xb6ln\xf0\x9f\x99\x82.h5"},
        {"a\tb", "$'a\\x09b'"},
        {"a\nb'\\ c", "$'a\\x0ab\\'\\\\ c'"},
        {"\x1b[2J", "$'\\x1b[2J'"},
        {"\x7f", "$'\\x7f'"},
        {"\xc2\x9b"
         "2J\xc3\xb6",
         "$'\\xc2\\x9b2J\xc3\xb6'"}, /* an 8-bit control character in UTF-8 */
        {"\x9b"
         "2J",
         "$'\\x9b2J'"}, /* and as a single byte */
        {"\xc3", "$'\\xc3'"},
        {"'\n", "$'\\'\\x0a'"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char word[32], expected[64];
        char *arguments[] = {(char[]){"run"}, word};
        char *text;

        (void)snprintf(word, sizeof word, "%s", cases[i].word);
        (void)snprintf(expected, sizeof expected, "moonsweep run %s", cases[i].text);
        text = command_line_text(2, arguments);
        ck_assert_ptr_nonnull(text);
        ck_assert_str_eq(text, expected);
        free(text);
    }
}
END_TEST

START_TEST(a_command_without_arguments_is_its_name)
{
    char *text = command_line_text(0, NULL);

    ck_assert_str_eq(text, "moonsweep");
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("command_line");
    TCase *tests = tcase_create("command_line");

    tcase_add_test(tests, arguments_are_quoted_for_the_shell_and_always_printable);
    tcase_add_test(tests, a_command_without_arguments_is_its_name);
    suite_add_tcase(suite, tests);
    return suite;
}
