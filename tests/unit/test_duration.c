/* Time limits as users write them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cli/duration.h"

#include "unit.h"

START_TEST(every_format_of_a_duration_is_accepted)
{
    static const struct {
        const char *text;
        double seconds;
    } cases[] = {
        {"90", 90},
        {"1.5", 1.5},
        {"90s", 90},
        {"0.25s", 0.25},
        {"15m", 900},
        {"2h", 7200},
        {"1.5h", 5400},
        {"1d", 86400},
        {"010", 10},
        {"2:30", 150},
        {"90:00", 5400},
        {"1:02:03", 3723},
        {"100:00:00", 3.6e5},
        {"1-12", 129600},
        {"1-12:30", 131400},
        {"1-12:00:00", 129600},
        {"0-00:00:01", 1},
        {"2-00:00:30", 172830},
        {"365-23:59:59", 31622399},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seconds = -1;

        ck_assert_msg(duration_parse(cases[i].text, &seconds), "%s", cases[i].text);
        ck_assert_msg(seconds == cases[i].seconds, "%s is %g", cases[i].text, seconds);
    }
}
END_TEST

START_TEST(everything_else_is_refused_and_nothing_is_set)
{
    static const char *const invalid[] = {
        "",
        " 90",
        "90 ",
        "-90",
        "+90",
        "1e3",
        "0x10",
        "nan",
        "inf",
        "0",
        "0s",
        "0:00",
        "0-0",
        ".5",
        "5.",
        "5.s",
        "1.2.3",
        "s",
        "15min",
        "15M",
        "1h30m",
        "90ss",
        "1:60",
        "1:00:60",
        "1:60:00",
        "1-24:00",
        "1-1:60",
        "1-",
        "-1:00",
        "1--1",
        "1:",
        ":30",
        "1::2",
        "1:2:3:4",
        "1-2:3:4:5",
        "1-2-3",
        "1.5-12",
        "1.5:00",
        "1:30m",
        "1-12h",
        "1,5",
        "UNLIMITED",
        "99999999999999999999",
    };

    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        double seconds = -7;

        ck_assert_msg(!duration_parse(invalid[i], &seconds), "\"%s\" was accepted", invalid[i]);
        ck_assert_double_eq(seconds, -7);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("duration");
    TCase *tests = tcase_create("duration");

    tcase_add_test(tests, every_format_of_a_duration_is_accepted);
    tcase_add_test(tests, everything_else_is_refused_and_nothing_is_set);
    suite_add_tcase(suite, tests);
    return suite;
}
