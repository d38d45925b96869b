/* What status --watch draws: lines within the width and the height of a terminal.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cli/frame.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* Returns the rows of a line, each followed by a bar. The caller frees them. */
static char *rows_of(const char *text, int columns)
{
    char *rows = NULL;
    size_t size;
    FILE *file = open_memstream(&rows, &size);
    int used;

    ck_assert_ptr_nonnull(file);
    do {
        text = frame_write_row(file, text, columns, &used);
        ck_assert_int_le(used, columns);
        (void)fputc('|', file);
    } while (*text != '\0');
    ck_assert_int_eq(fclose(file), 0);
    return rows;
}

static void assert_rows(const char *text, int columns, const char *expected)
{
    char *rows = rows_of(text, columns);
    int count = 0;

    ck_assert_str_eq(rows, expected);
    for (const char *at = expected; *at != '\0'; at++)
        count += *at == '|';
    ck_assert_int_eq(frame_rows(text, columns), count);
    free(rows);
}

START_TEST(a_line_is_wrapped_at_the_width)
{
    assert_rows("", 10, "|");
    assert_rows("0123456789", 10, "0123456789|");
    assert_rows("0123456789a", 10, "0123456789|a|");
    assert_rows("0123", 1, "0|1|2|3|");
}
END_TEST

START_TEST(characters_count_as_many_columns_as_they_occupy)
{
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
    assert_rows("äöüß", 2, "äö|üß|");
    assert_rows("漢字漢", 4, "漢字|漢|");
    assert_rows("漢字漢", 5, "漢字|漢|"); /* the last column is too narrow for a wide character */
    assert_rows("e\xcc\x81"
                "bc",
                2,
                "e\xcc\x81"
                "b|c|"); /* a combining accent occupies no column */
}
END_TEST

START_TEST(control_characters_and_invalid_bytes_become_question_marks)
{
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
    assert_rows("a\nb\tc\033[2Jd", 20, "a?b?c?[2Jd|");
    assert_rows("\r\x7f", 20, "??|");
    assert_rows("\xff\xc3", 1, "?|?|");
    assert_rows("\xc2\x9b"
                "2J",
                20, "?2J|"); /* the one-character form of ESC [ */
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C"));
    assert_rows("ä", 20, "??|");
}
END_TEST

/* Expects which lines are shown in that many rows, one y or n per line, and how many are left out. */
static void assert_shown(const char *settled, const int *rows, int available_rows, const char *expected,
                         int left_out)
{
    struct frame_line lines[8] = {0};
    bool shown[8];
    int count = (int)strlen(settled);

    for (int i = 0; i < count; i++)
        lines[i].is_settled = settled[i] == 'y';
    ck_assert_int_eq(frame_choose(lines, rows, count, available_rows, shown), left_out);
    for (int i = 0; i < count; i++)
        ck_assert_msg(shown[i] == (expected[i] == 'y'), "line %d of %s in %d rows", i, settled,
                      available_rows);
}

START_TEST(lines_that_do_not_fit_are_left_out_settled_ones_first)
{
    static const int ones[] = {1, 1, 1, 1}, twos[] = {2, 2, 2, 2};

    assert_shown("nnnn", ones, 4, "yyyy", 0);
    assert_shown("nnnn", ones, 3, "yynn", 2); /* the third row says that two are left out */
    assert_shown("ynny", ones, 3, "nyyn", 2);
    assert_shown("yyny", ones, 3, "ynyn", 2);
    assert_shown("nnnn", twos, 7, "yyyn", 1);
    assert_shown("nnnn", twos, 6, "yynn", 2);
    assert_shown("nnnn", twos, 1, "nnnn", 4);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("frame");
    TCase *tests = tcase_create("frame");

    tcase_add_test(tests, a_line_is_wrapped_at_the_width);
    tcase_add_test(tests, characters_count_as_many_columns_as_they_occupy);
    tcase_add_test(tests, control_characters_and_invalid_bytes_become_question_marks);
    tcase_add_test(tests, lines_that_do_not_fit_are_left_out_settled_ones_first);
    suite_add_tcase(suite, tests);
    return suite;
}
