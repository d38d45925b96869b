/* Numbers that are read from texts and written to them, with every bit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "comma_locale.h"
#include "moonsweep/shortest.h"
#include "unit.h"

/* Hexadecimal values are exact or computed by hand; none comes from strtod. */
static const struct {
    const char *text;
    double value;
} reals[] = {
    {"0", 0},
    {"1", 1},
    {"-1", -1},
    {"+1", 1},
    {"10", 10},
    {"0.5", 0.5},
    {".5", 0.5},
    {"-.5", -0.5},
    {"5.", 5},
    {"0.50000", 0.5},
    {"0.1", 0x1.999999999999ap-4},
    {"1e0", 1},
    {"1e+2", 100},
    {"1e-002", 0x1.47ae147ae147bp-7},
    {"5e-3", 0x1.47ae147ae147bp-8},
    {"2E-1", 0x1.999999999999ap-3},
    {".25e2", 25},
    {"2.5E1", 25},
    {"0e999", 0},
    {"9007199254740993", 9007199254740992.0},      /* a tie is rounded to even */
    {"9007199254740993.0001", 9007199254740994.0}, /* just above the tie */
    {"1.7976931348623157e308", DBL_MAX},
    {"1.7976931348623158e308", DBL_MAX}, /* below the midpoint to infinity */
    {"2.2250738585072014e-308", DBL_MIN},
    {"2.2250738585072011e-308", 0x0.fffffffffffffp-1022}, /* PHP 5.3 looped forever on it */
    {"5e-324", 0x1p-1074},
    {"3e-324", 0x1p-1074}, /* above the midpoint to 0 */
};

/* Texts that are not accepted as numbers, and a part of the reason. */
static const struct {
    const char *text;
    const char *fault;
} invalid_reals[] = {
    {"", "empty"},
    {" 1", "not a number"},
    {"1 ", "not a number"},
    {"1x", "not a number"},
    {"x", "not a number"},
    {"+", "not a number"},
    {"-", "not a number"},
    {"--1", "not a number"},
    {"+-1", "not a number"},
    {".", "not a number"},
    {"-.", "not a number"},
    {"1.2.3", "not a number"},
    {"1e", "not a number"},
    {"1e+", "not a number"},
    {"1e1.5", "not a number"},
    {"e5", "not a number"},
    {"1d5", "not a number"},
    {"1f", "not a number"},
    {"1%", "not a number"},
    {"1\n", "not a number"},
    {"0x10", "not decimal"},
    {"-0X1p3", "not decimal"},
    {"0b11", "not decimal"},
    {"0o17", "not decimal"},
    {"00", "leading zero"},
    {"010", "leading zero"},
    {"-08", "leading zero"},
    {"00.5", "leading zero"},
    {"01e1", "leading zero"},
    {"1_000", "underscore"},
    {"0,5", "comma"},
    {"inf", "not finite"},
    {"-INF", "not finite"},
    {"Infinity", "not finite"},
    {"+.inf", "not finite"},
    {".Inf", "not finite"},
    {"nan", "not finite"},
    {".NaN", "not finite"},
    {"nan(5)", "not a number"},
    {"null", "no value"},
    {"~", "no value"},
    {"yes", "boolean"},
    {"Off", "boolean"},
    {"1e999", "too large"},
    {"-1e999", "too large"},
    {"1.7976931348623159e308", "too large"},
    {"1e99999999999999999999", "too large"},
    {"1e-999", "too small"},
    {"2e-324", "too small"},
    {"-0.1e-9999", "too small"},
};

static const struct {
    const char *text;
    int64_t value;
} wholes[] = {
    {"0", 0},
    {"-0", 0},
    {"7", 7},
    {"-7", -7},
    {"+7", 7},
    {"1000", 1000},
    {"1e3", 1000},
    {"1E+3", 1000},
    {"25e2", 2500},
    {"0e0", 0},
    {"1e000", 1},
    {"0e99999999999999999999", 0},
    {"1e15", INT64_C(1000000000000000)},
    {"9007199254740992", INT64_C(9007199254740992)},
    {"-9007199254740992", -INT64_C(9007199254740992)},
};

static const struct {
    const char *text;
    const char *fault;
} invalid_wholes[] = {
    {"9007199254740993", "too large"},
    {"-9007199254740993", "too large"},
    {"18446744073709551617", "too large"},
    {"1e16", "too large"},
    {"1e99999999999999999999", "too large"},
    {"1.0", "decimal point"},
    {"1.", "decimal point"},
    {"1.5e1", "decimal point"},
    {"10e-1", "negative exponent"},
    {"010", "leading zero"},
    {"0x10", "not decimal"},
    {"", "empty"},
    {"1 000", "not a number"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void check_reals(void)
{
    for (size_t i = 0; i < COUNT(reals); i++) {
        double value = NAN;
        const char *fault = ms_number_real(reals[i].text, strlen(reals[i].text), &value);

        ck_assert_msg(fault == NULL, "%s %s", reals[i].text, fault);
        ck_assert_msg(value == reals[i].value, "%s is read as %a", reals[i].text, value);
    }
}

START_TEST(a_real_is_the_float64_nearest_to_its_text)
{
    check_reals();
}
END_TEST

START_TEST(a_real_is_read_the_same_in_a_locale_with_a_decimal_comma)
{
    double value;

    comma_locale_enter();
    check_reals();
    ck_assert_ptr_nonnull(ms_number_real("0,5", 3, &value));
}
END_TEST

START_TEST(minus_zero_is_read_as_zero)
{
    double value = -1;

    ck_assert_ptr_null(ms_number_real("-0.0", 4, &value));
    ck_assert(value == 0 && !signbit(value));
}
END_TEST

START_TEST(invalid_reals_are_refused_with_the_reason)
{
    for (size_t i = 0; i < COUNT(invalid_reals); i++) {
        double value = 42;
        const char *fault = ms_number_real(invalid_reals[i].text, strlen(invalid_reals[i].text), &value);

        ck_assert_msg(fault != NULL, "'%s' is read as %g", invalid_reals[i].text, value);
        ck_assert_msg(strstr(fault, invalid_reals[i].fault) != NULL, "'%s' %s", invalid_reals[i].text, fault);
        ck_assert_double_eq(value, 42);
    }
}
END_TEST

START_TEST(a_number_ends_at_the_given_length)
{
    double value;
    int64_t whole;

    ck_assert_ptr_null(ms_number_real("0.25999", 4, &value));
    ck_assert_double_eq(value, 0.25);
    ck_assert_ptr_null(ms_number_whole("123456", 3, &whole));
    ck_assert_int_eq(whole, 123);
    ck_assert_ptr_nonnull(ms_number_real("1\0002", 3, &value));
    ck_assert_ptr_nonnull(ms_number_whole("1\0002", 3, &whole));
}
END_TEST

START_TEST(all_digits_of_a_long_number_are_read)
{
    char text[2000];
    double value;

    /* 0.00...01e1990 with 1992 zeros after the point: 10^-1993 * 10^1990 */
    memset(text, '0', sizeof text);
    memcpy(text, "0.", 2);
    memcpy(text + sizeof text - 6, "1e1990", 6);
    ck_assert_ptr_null(ms_number_real(text, sizeof text, &value));
    ck_assert_double_eq(value, 0x1.0624dd2f1a9fcp-10); /* 0.001 */
}
END_TEST

START_TEST(a_whole_number_is_exact_and_may_have_an_exponent)
{
    for (size_t i = 0; i < COUNT(wholes); i++) {
        int64_t value = -42;
        const char *fault = ms_number_whole(wholes[i].text, strlen(wholes[i].text), &value);

        ck_assert_msg(fault == NULL, "%s %s", wholes[i].text, fault);
        ck_assert_msg(value == wholes[i].value, "%s is read as %lld", wholes[i].text, (long long)value);
    }
}
END_TEST

START_TEST(invalid_whole_numbers_are_refused_with_the_reason)
{
    for (size_t i = 0; i < COUNT(invalid_wholes); i++) {
        int64_t value = 42;
        const char *fault = ms_number_whole(invalid_wholes[i].text, strlen(invalid_wholes[i].text), &value);

        ck_assert_msg(fault != NULL, "'%s' is read as %lld", invalid_wholes[i].text, (long long)value);
        ck_assert_msg(strstr(fault, invalid_wholes[i].fault) != NULL, "'%s' %s", invalid_wholes[i].text,
                      fault);
        ck_assert_int_eq(value, 42);
    }
}
END_TEST

/* Returns a random finite number other than 0. Its bits come from a linear congruential generator (Knuth's MMIX). */
static double next_double(uint64_t *state)
{
    double value;
    uint64_t bits;

    do {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bits = *state ^ (*state >> 29);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value) || value == 0);
    return value;
}

static void check_round_trips(void)
{
    uint64_t state = 1;

    for (int i = 0; i < 20000; i++) {
        double value = next_double(&state), again = 0;
        char text[MS_SHORTEST_CHARS];

        (void)ms_shortest(value, text);
        ck_assert_msg(ms_number_real(text, strlen(text), &again) == NULL, "%a is written as %s", value, text);
        ck_assert_msg(again == value, "%a is written as %s", value, text);
    }
}

START_TEST(written_numbers_are_read_back_unchanged)
{
    check_round_trips();
}
END_TEST

START_TEST(written_numbers_are_read_back_unchanged_in_a_locale_with_a_decimal_comma)
{
    comma_locale_enter();
    check_round_trips();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("number");
    TCase *tests = tcase_create("number");

    tcase_add_test(tests, a_real_is_the_float64_nearest_to_its_text);
    tcase_add_test(tests, a_real_is_read_the_same_in_a_locale_with_a_decimal_comma);
    tcase_add_test(tests, minus_zero_is_read_as_zero);
    tcase_add_test(tests, invalid_reals_are_refused_with_the_reason);
    tcase_add_test(tests, a_number_ends_at_the_given_length);
    tcase_add_test(tests, all_digits_of_a_long_number_are_read);
    tcase_add_test(tests, a_whole_number_is_exact_and_may_have_an_exponent);
    tcase_add_test(tests, invalid_whole_numbers_are_refused_with_the_reason);
    tcase_add_test(tests, written_numbers_are_read_back_unchanged);
    tcase_add_test(tests, written_numbers_are_read_back_unchanged_in_a_locale_with_a_decimal_comma);
    suite_add_tcase(suite, tests);
    return suite;
}
