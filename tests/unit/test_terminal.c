/* What a terminal can do, and how large it is.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/terminal.h"

#include <stdlib.h>

#include "unit.h"

START_TEST(lines_are_redrawn_on_capable_terminals_unless_no_color_is_set)
{
    static const struct {
        const char *term, *no_color;
        bool is_terminal, is_live;
    } cases[] = {
        {"xterm", NULL, true, true},   {"xterm", "", true, true}, {"xterm", "1", true, false},
        {"dumb", NULL, true, false},   {"", NULL, true, false},   {NULL, NULL, true, false},
        {"xterm", NULL, false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert(ms_terminal_is_live_with(cases[i].is_terminal, cases[i].term, cases[i].no_color) ==
                  cases[i].is_live);
}
END_TEST

START_TEST(a_memory_stream_is_not_a_terminal_and_counts_as_80_by_24)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    int columns, rows;

    ck_assert_ptr_nonnull(stream);
    ck_assert_int_eq(ms_terminal_open(stream), -1);
    ck_assert(!ms_terminal_is_live(-1));
    ms_terminal_size(-1, &columns, &rows);
    ck_assert_int_eq(columns, 80);
    ck_assert_int_eq(rows, 24);
    ms_terminal_close(-1);
    ck_assert_int_eq(fclose(stream), 0);
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");

    tcase_add_test(tests, lines_are_redrawn_on_capable_terminals_unless_no_color_is_set);
    tcase_add_test(tests, a_memory_stream_is_not_a_terminal_and_counts_as_80_by_24);
    suite_add_tcase(suite, tests);
    return suite;
}
