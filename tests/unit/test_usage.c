/* The arguments of commands, and what is said of each that is wrong.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "cli/usage.h"
#include "unit.h"

/* ---- values ----------------------------------------------------------------------------------------------- */

START_TEST(an_integer_is_accepted_from_least_to_most)
{
    struct ms_error err;
    int64_t value = -7;

    ck_assert_int_eq(usage_integer("--limit", "1", 1, 9, &value, &err), 0);
    ck_assert_int_eq(value, 1);
    ck_assert_int_eq(usage_integer("--limit", "9", 1, 9, &value, &err), 0);
    ck_assert_int_eq(value, 9);
    ck_assert_int_eq(usage_integer("--limit", "010", 1, 99, &value, &err), 0);
    ck_assert_int_eq(value, 10);
}
END_TEST

START_TEST(invalid_integers_are_refused_and_quoted)
{
    static const char *const invalid[] = {
        "", "-", "0", "10", "1.0", "1e0", " 1", "1 ", "+1", "0x1", "99999999999999999999"};
    struct ms_error err;
    int64_t value = -7;

    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        ck_assert_int_eq(usage_integer("--limit", invalid[i], 1, 9, &value, &err), EINVAL);
        ck_assert_int_eq(err.code, MS_BAD_USAGE);
        ck_assert_ptr_nonnull(strstr(err.text, invalid[i]));
        ck_assert_int_eq(value, -7);
    }
}
END_TEST

START_TEST(a_real_is_a_finite_decimal_number)
{
    static const char *const invalid[] = {"",    ".",   "e5", "nan", "inf",  "1e999",
                                          "0x1", "1,5", " 1", "1 ",  "-0.1", "1-2"};
    struct ms_error err;
    double value = -7;

    ck_assert_int_eq(usage_real("--max-gap", "1.5", 0, INFINITY, &value, &err), 0);
    ck_assert_double_eq(value, 1.5);
    ck_assert_int_eq(usage_real("--max-gap", ".5e1", 0, INFINITY, &value, &err), 0);
    ck_assert_double_eq(value, 5);
    ck_assert_int_eq(usage_real("--min-train", "-3", -INFINITY, INFINITY, &value, &err), 0);
    ck_assert_double_eq(value, -3);
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        ck_assert_msg(usage_real("--max-gap", invalid[i], 0, INFINITY, &value, &err) == EINVAL,
                      "\"%s\" was accepted", invalid[i]);
        ck_assert_double_eq(value, -3);
    }
}
END_TEST

START_TEST(a_number_with_two_limits_is_accepted_from_least_to_most)
{
    struct ms_error err;
    double value = -7;

    ck_assert_int_eq(usage_real("--watch", "0.1", 0.1, 86400, &value, &err), 0);
    ck_assert_double_eq(value, 0.1);
    ck_assert_int_eq(usage_real("--watch", "86400", 0.1, 86400, &value, &err), 0);
    ck_assert_double_eq(value, 86400);
}
END_TEST

START_TEST(the_message_for_a_refused_number_names_the_limit_that_it_violates)
{
    static const struct {
        const char *text, *message;
        double least, most;
    } reals[] = {
        {"", "--x is empty; it must be a number of at least 0", 0, INFINITY},
        {"-1", "--x is -1; it must be a number of at least 0", 0, INFINITY},
        {"1e999", "--x is 1e999; it must be a number from 0 to 1.79e308", 0, INFINITY},
        {"-1e999", "--x is -1e999; it must be a number from -1.79e308 to 1.79e308", -INFINITY, INFINITY},
        {"1e300", "--x is 1e300; it must be a number from 0.1 to 86400", 0.1, 86400},
        {"1e999", "--x is 1e999; it must be a number from 0.1 to 86400", 0.1, 86400},
    };
    static const struct {
        const char *text, *message;
        int64_t most;
    } integers[] = {
        {"", "--x is empty; it must be an integer of at least 1, in digits", INT64_MAX},
        {"0", "--x is 0; it must be an integer of at least 1", INT64_MAX},
        {"1e9", "--x is 1e9; it must be an integer of at least 1, in digits", INT64_MAX},
        {"99999999999999999999",
         "--x is 99999999999999999999; it must be an integer from 1 to 9223372036854775807", INT64_MAX},
        {"-99999999999999999999", "--x is -99999999999999999999; it must be an integer of at least 1",
         INT64_MAX},
        {"99999999999999999999", "--x is 99999999999999999999; it must be an integer from 1 to 9", 9},
    };
    struct ms_error err;
    int64_t integer;
    double real;

    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        ck_assert_int_eq(usage_real("--x", reals[i].text, reals[i].least, reals[i].most, &real, &err),
                         EINVAL);
        ck_assert_str_eq(err.text, reals[i].message);
    }
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        ck_assert_int_eq(usage_integer("--x", integers[i].text, 1, integers[i].most, &integer, &err), EINVAL);
        ck_assert_str_eq(err.text, integers[i].message);
    }
}
END_TEST

START_TEST(the_message_for_an_invalid_choice_names_the_nearest_or_all)
{
    static const char *const words[] = {"table", "csv", "json"};
    struct ms_error err;
    int value = -1;

    ck_assert_int_eq(usage_choice("--format", "csv", words, 3, &value, &err), 0);
    ck_assert_int_eq(value, 1);
    ck_assert_int_eq(usage_choice("--format", "jsno", words, 3, &value, &err), EINVAL);
    ck_assert_str_eq(err.text, "--format is jsno; did you mean json?");
    ck_assert_int_eq(usage_choice("--format", "parquet", words, 3, &value, &err), EINVAL);
    ck_assert_str_eq(err.text, "--format is parquet; it must be one of: table, csv, json");
    ck_assert_int_eq(value, 1);
}
END_TEST

/* ---- command lines ---------------------------------------------------------------------------------------- */

struct arguments {
    const char *path;
    int64_t limit;
    bool force;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"limit", 'n', "N", 0, "At most N", 0},
    {"force", 'f', NULL, 0, "Continue", 0},
    {"format", 0x100, "FORMAT", 0, "How", 0},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'n':
        return usage_integer("--limit", text, 1, 9, &arguments->limit, arguments->err);
    case 'f':
        arguments->force = true;
        return 0;
    case 0x100:
        return 0;
    case ARGP_KEY_ARG:
        return usage_one_path("show", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return usage_required("show", "a result file", arguments->path, arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {options, parse, "OUT.h5", "List.", NULL, NULL, NULL};

/* Parses the words of a line, which are separated by single blanks. */
static enum ms_code parse_line(const char *line, struct arguments *arguments, struct ms_error *err)
{
    static char copy[256];
    char *argv[16], *rest = strcpy(copy, line);
    int argc = 0;
    bool helped;

    *arguments = (struct arguments){.err = err};
    for (char *word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    argv[argc] = NULL;
    return usage_parse("show", &argp, argc, argv, arguments, &helped, err);
}

START_TEST(options_may_be_before_or_after_paths_and_abbreviated)
{
    struct arguments arguments;
    struct ms_error err;

    ck_assert_int_eq(parse_line("show --limit 3 out.h5 -f", &arguments, &err), MS_OK);
    ck_assert_str_eq(arguments.path, "out.h5");
    ck_assert_int_eq(arguments.limit, 3);
    ck_assert(arguments.force);
    ck_assert_int_eq(parse_line("show out.h5 --lim=4", &arguments, &err), MS_OK);
    ck_assert_int_eq(arguments.limit, 4);
}
END_TEST

START_TEST(the_message_for_an_invalid_command_line_says_what_is_wrong)
{
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"show", "show needs a result file"},
        {"show a.h5 b.h5", "show: only one result file is accepted; b.h5 is unexpected"},
        {"show a.h5 --limit 12", "--limit is 12; it must be an integer from 1 to 9"},
        {"show a.h5 --limti 3", "there is no option --limti; did you mean --limit?"},
        {"show a.h5 --colour", "there is no option --colour; moonsweep show --help lists them"},
        {"show a.h5 --fo", "--fo is ambiguous; write the option in full"},
        {"show a.h5 --force=3", "--force takes no value"},
        {"show a.h5 --limit", "--limit needs a value"},
        {"show a.h5 -n", "-n needs a value (N)"},
        {"show a.h5 -x", "there is no option -x; moonsweep show --help lists them"},
        {"show -xyz a.h5", "there is an unknown option in -xyz; moonsweep show --help lists them"},
    };
    struct arguments arguments;
    struct ms_error err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(parse_line(cases[i].line, &arguments, &err), MS_BAD_USAGE);
        ck_assert_str_eq(err.text, cases[i].message);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("usage");
    TCase *tests = tcase_create("usage");

    tcase_add_test(tests, an_integer_is_accepted_from_least_to_most);
    tcase_add_test(tests, invalid_integers_are_refused_and_quoted);
    tcase_add_test(tests, a_real_is_a_finite_decimal_number);
    tcase_add_test(tests, a_number_with_two_limits_is_accepted_from_least_to_most);
    tcase_add_test(tests, the_message_for_a_refused_number_names_the_limit_that_it_violates);
    tcase_add_test(tests, the_message_for_an_invalid_choice_names_the_nearest_or_all);
    tcase_add_test(tests, options_may_be_before_or_after_paths_and_abbreviated);
    tcase_add_test(tests, the_message_for_an_invalid_command_line_says_what_is_wrong);
    suite_add_tcase(suite, tests);
    return suite;
}
