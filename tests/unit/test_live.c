/* A line of a terminal that is redrawn in place.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/live.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* A stream in memory, and the text written to it. */
static char *text;
static size_t size;
static FILE *stream;

static struct ms_live begin(void)
{
    stream = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(stream);
    return ms_live_begin(stream);
}

static void end(struct ms_live *live)
{
    ms_live_end(live);
    ck_assert_int_eq(fclose(stream), 0);
}

START_TEST(a_line_overwrites_the_previous_one_and_is_erased_at_the_end)
{
    struct ms_live live = begin();

    ms_live_draw(&live, "a longer line");
    ms_live_draw(&live, "shorter");
    end(&live);
    ck_assert_str_eq(text, "\ra longer line"
                           "\rshorter      "
                           "\r       \r");
    free(text);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_cut_before_it_wraps)
{
    struct ms_live live = begin();
    char line[200];

    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    ms_live_draw(&live, line);
    ck_assert_int_eq(ms_live_columns(&live), 79);
    ck_assert_uint_eq(strlen(text), 1 + 79);
    end(&live);
    free(text);
}
END_TEST

START_TEST(if_nothing_was_drawn_nothing_is_written)
{
    struct ms_live live = begin();

    end(&live);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("live");
    TCase *tests = tcase_create("live");

    tcase_add_test(tests, a_line_overwrites_the_previous_one_and_is_erased_at_the_end);
    tcase_add_test(tests, a_line_that_is_too_long_is_cut_before_it_wraps);
    tcase_add_test(tests, if_nothing_was_drawn_nothing_is_written);
    suite_add_tcase(suite, tests);
    return suite;
}
