/* The progress of a sweep on a terminal and in a log.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const struct ms_progress_figures midway = {
    .configs = 420,
    .done = 120,
    .diverged = 3,
    .fraction = 0.5,
    .elapsed_s = 75,
    .left_s = 83,
    .iterations_per_s = 12345678,
    .best = {.config = 126, .dev_accuracy = 94.25},
};

START_TEST(the_live_line_has_bar_counts_time_left_rate_and_best)
{
    char line[200];

    ms_progress_live_line(line, sizeof line, 86, &midway);
    ck_assert_str_eq(
        line, "[##############..............] 123/420  1:23 left  12.3M iterations/s  best dev 94.25%");
}
END_TEST

START_TEST(the_live_line_fits_every_width)
{
    char line[300];

    for (int columns = 0; columns < 250; columns++) {
        ms_progress_live_line(line, sizeof line, columns, &midway);
        ck_assert_int_le((int)strlen(line), columns);
    }
    ms_progress_live_line(line, sizeof line, 30, &midway);
    ck_assert_str_eq(line, "123/420  1:23 left");
}
END_TEST

START_TEST(the_plain_line_says_the_same_in_words)
{
    char line[200];

    ms_progress_plain_line(line, sizeof line, &midway);
    ck_assert_str_eq(line,
                     "1:15  123 of 420 configurations (3 diverged), 50% of the work, 12.3M iterations/s, "
                     "1:23 left, best dev accuracy 94.25% (configuration 126)");
}
END_TEST

START_TEST(what_may_be_dropped_makes_the_figures_bounds)
{
    struct ms_progress_figures figures = midway;
    char line[250];

    figures.dropped = 20;
    figures.is_bound = true;
    ms_progress_plain_line(line, sizeof line, &figures);
    ck_assert_str_eq(line,
                     "1:15  143 of 420 configurations (3 diverged) (20 dropped), at least 50% of the work, "
                     "12.3M iterations/s, at most 1:23 left, best dev accuracy 94.25% (configuration 126)");
    ms_progress_live_line(line, sizeof line, 30, &figures);
    ck_assert_str_eq(line, "143/420  at most 1:23 left");
}
END_TEST

START_TEST(a_rank_without_progress_is_named)
{
    struct ms_progress_figures figures = midway;
    char line[250];

    figures.stalled_rank = 3;
    figures.stalled_s = 75;
    ms_progress_plain_line(line, sizeof line, &figures);
    ck_assert_ptr_nonnull(strstr(line, ", 1:23 left, no progress of rank 3 for 1:15, best dev"));
    ms_progress_live_line(line, sizeof line, 200, &figures);
    ck_assert_ptr_nonnull(strstr(line, "  1:23 left  no progress of rank 3 for 1:15  12.3M iterations/s"));
}
END_TEST

START_TEST(values_that_are_not_known_yet_are_not_shown)
{
    struct ms_progress_figures figures = {.configs = 4, .left_s = NAN, .best = {.config = -1}};
    char line[200];

    ms_progress_plain_line(line, sizeof line, &figures);
    ck_assert_str_eq(line, "0:00  0 of 4 configurations, 0% of the work, 0 iterations/s, --:-- left");
}
END_TEST

START_TEST(rates_have_three_digits_and_durations_grow_units)
{
    static const struct {
        double rate, left_s;
        const char *expected;
    } cases[] = {
        {0, 0, ", 0 iterations/s, 0:00 left"},
        {999.4, 59.4, ", 999 iterations/s, 0:59 left"},
        {999.6, 59.6, ", 1.00k iterations/s, 1:00 left"},
        {9994, 3599, ", 9.99k iterations/s, 59:59 left"},
        {9996, 3600, ", 10.0k iterations/s, 1:00:00 left"},
        {99960, 86399, ", 100k iterations/s, 23:59:59 left"},
        {2.5e9, 100000, ", 2.50G iterations/s, 1d 03:46:40 left"},
        {1e3, INFINITY, ", 1.00k iterations/s, --:-- left"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ms_progress_figures figures = {.configs = 1, .best = {.config = -1}};
        char line[200];

        figures.iterations_per_s = cases[i].rate;
        figures.left_s = cases[i].left_s;
        ms_progress_plain_line(line, sizeof line, &figures);
        ck_assert_ptr_nonnull(strstr(line, cases[i].expected));
    }
}
END_TEST

START_TEST(accuracies_are_rounded_half_to_even_as_they_were_published)
{
    struct ms_progress_figures figures = midway;
    char line[200];

    figures.best.dev_accuracy = 95.125;
    ms_progress_plain_line(line, sizeof line, &figures);
    ck_assert_ptr_nonnull(strstr(line, "accuracy 95.12%"));
    figures.best.dev_accuracy = 95.375;
    ms_progress_plain_line(line, sizeof line, &figures);
    ck_assert_ptr_nonnull(strstr(line, "accuracy 95.38%"));
}
END_TEST

START_TEST(the_requested_mode_has_precedence_over_the_terminal)
{
    static const struct {
        const char *requested;
        bool is_live, known;
        enum ms_progress_mode mode;
    } cases[] = {
        {NULL, true, true, MS_PROGRESS_LIVE},    {NULL, false, true, MS_PROGRESS_PLAIN},
        {"live", false, true, MS_PROGRESS_LIVE}, {"plain", true, true, MS_PROGRESS_PLAIN},
        {"off", true, true, MS_PROGRESS_OFF},    {"", true, true, MS_PROGRESS_LIVE},
        {"loud", true, false, MS_PROGRESS_LIVE}, {"loud", false, false, MS_PROGRESS_PLAIN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum ms_progress_mode mode;

        ck_assert(ms_progress_choose(cases[i].requested, cases[i].is_live, &mode) == cases[i].known);
        ck_assert_int_eq(mode, cases[i].mode);
    }
}
END_TEST

/* Returns what a run of that many seconds writes if it checks every 50 ms. The caller frees it. */
static char *shown_in(double seconds, const char *mode)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    struct ms_progress progress;

    ck_assert_ptr_nonnull(stream);
    ck_assert_int_eq(setenv("MOONSWEEP_PROGRESS", mode, 1), 0);
    progress = ms_progress_begin(stream, 100);
    for (int i = 0; i < (int)(seconds / 0.05); i++)
        if (ms_progress_is_due(&progress, 100 + i * 0.05))
            ms_progress_show(&progress, &midway, 100 + i * 0.05);
    ms_progress_end(&progress);
    ck_assert_int_eq(fclose(stream), 0);
    return text;
}

static int count(const char *text, char wanted)
{
    int found = 0;

    for (; *text != '\0'; text++)
        found += *text == wanted;
    return found;
}

START_TEST(a_log_has_a_line_every_ten_seconds_without_control_characters)
{
    char *text = shown_in(35, "plain");

    ck_assert_int_eq(count(text, '\n'), 3);
    ck_assert_int_eq(count(text, '\r'), 0);
    ck_assert_int_eq(count(text, '\033'), 0);
    free(text);
}
END_TEST

START_TEST(the_live_line_is_redrawn_five_times_a_second_and_erased_at_the_end)
{
    char *text = shown_in(2, "live");
    size_t length = strlen(text);
    int columns = 79; /* all but the last of 80, the width without a terminal */

    ck_assert_int_eq(count(text, '\n'), 0);
    ck_assert_int_ge(count(text, '\r'), 8);
    ck_assert_int_le(count(text, '\r'), 12);
    ck_assert_uint_gt(length, (size_t)columns);
    ck_assert_int_eq(text[length - 1], '\r');
    for (size_t i = 2; i < (size_t)columns; i++)
        ck_assert_int_eq(text[length - i], ' ');
    free(text);
}
END_TEST

START_TEST(in_mode_off_nothing_is_written)
{
    char *text = shown_in(60, "off");

    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("progress");
    TCase *tests = tcase_create("progress");

    tcase_add_test(tests, the_live_line_has_bar_counts_time_left_rate_and_best);
    tcase_add_test(tests, the_live_line_fits_every_width);
    tcase_add_test(tests, the_plain_line_says_the_same_in_words);
    tcase_add_test(tests, what_may_be_dropped_makes_the_figures_bounds);
    tcase_add_test(tests, a_rank_without_progress_is_named);
    tcase_add_test(tests, values_that_are_not_known_yet_are_not_shown);
    tcase_add_test(tests, rates_have_three_digits_and_durations_grow_units);
    tcase_add_test(tests, accuracies_are_rounded_half_to_even_as_they_were_published);
    tcase_add_test(tests, the_requested_mode_has_precedence_over_the_terminal);
    tcase_add_test(tests, a_log_has_a_line_every_ten_seconds_without_control_characters);
    tcase_add_test(tests, the_live_line_is_redrawn_five_times_a_second_and_erased_at_the_end);
    tcase_add_test(tests, in_mode_off_nothing_is_written);
    suite_add_tcase(suite, tests);
    return suite;
}
