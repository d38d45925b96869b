/* The shortest decimal number that is read back as the same float64.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comma_locale.h"
#include "moonsweep/shortest.h"
#include "unit.h"

static void expect(double x, const char *expected)
{
    char text[MS_SHORTEST_CHARS];

    ck_assert_str_eq(ms_shortest(x, text), expected);
}

START_TEST(simple_numbers_stay_simple)
{
    expect(0.1, "0.1");
    expect(95.125, "95.125");
    expect(1e-3, "0.001");
    expect(2000, "2000");
    expect(0.0, "0");
    expect(-0.0, "-0");
    expect(0.30000000000000004, "0.30000000000000004");
}
END_TEST

START_TEST(the_decimal_sign_is_a_point_in_a_locale_with_a_decimal_comma)
{
    comma_locale_enter();
    expect(0.5, "0.5");
    expect(1234567.25, "1234567.25");
    expect(-1.5e-300, "-1.5e-300");
    expect(2000, "2000");
    expect(-INFINITY, "-inf");
}
END_TEST

START_TEST(values_that_are_not_finite_have_one_spelling)
{
    expect(NAN, "nan");
    expect(copysign(NAN, -1), "nan");
    expect(INFINITY, "inf");
    expect(-INFINITY, "-inf");
}
END_TEST

/* The first of 15, 16 and 17 digits of printf that strtod reads as the same number. */
static bool is_what_printf_writes(double x)
{
    char text[MS_SHORTEST_CHARS], expected[MS_SHORTEST_CHARS];

    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(expected, sizeof expected, "%.*g", digits, x);
        if (strtod(expected, NULL) == x)
            break;
    }
    return strcmp(ms_shortest(x, text), expected) == 0;
}

/* Compares x, and so many numbers on either side of it, of both signs. */
static void expect_what_printf_writes(double x, int neighbours)
{
    double below = x, above = x;

    for (int i = 0; i <= neighbours; i++) {
        if (!is_what_printf_writes(below) || !is_what_printf_writes(-above))
            ck_abort_msg("%a or %a is not what printf writes", below, -above);
        below = nextafter(below, 0);
        above = nextafter(above, INFINITY);
    }
}

START_TEST(powers_of_two_and_their_neighbours_are_what_printf_writes)
{
    for (int power = -45; power <= 60; power++)
        expect_what_printf_writes(ldexp(1, power), 40);
}
END_TEST

START_TEST(powers_of_ten_and_their_neighbours_are_what_printf_writes)
{
    char text[MS_SHORTEST_CHARS];

    for (int power = -13; power <= 19; power++) {
        (void)snprintf(text, sizeof text, "1e%d", power);
        expect_what_printf_writes(strtod(text, NULL), 100);
    }
}
END_TEST

START_TEST(fractions_and_ties_are_what_printf_writes)
{
    uint64_t bits = 88172645463325252; /* xorshift64 */

    for (int i = 0; i < TIMES(10000); i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        const double fraction = (double)(bits >> 40) / (double)((bits & 0xfff) + 1);
        expect_what_printf_writes(fraction, 0);
        expect_what_printf_writes(ldexp(fraction, -(int)(bits % 48)), 0);
        expect_what_printf_writes((double)(bits >> 14) / 4,
                                  0); /* 17 digits and a 5: a tie where the last bit is set */
        expect_what_printf_writes((double)(bits >> 20) / 1e9, 0); /* few digits */
    }
}
END_TEST

START_TEST(every_text_is_read_back_as_the_same_number)
{
    uint64_t bits = 88172645463325252; /* xorshift64 */

    for (int i = 0; i < 200000; i++) {
        char text[MS_SHORTEST_CHARS];
        double x, back;

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&x, &bits, sizeof x);
        if (isnan(x))
            continue;
        back = strtod(ms_shortest(x, text), NULL);
        ck_assert_msg(memcmp(&back, &x, sizeof x) == 0, "%a became %s", x, text);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("shortest");
    TCase *tests = tcase_create("shortest");

    tcase_add_test(tests, simple_numbers_stay_simple);
    tcase_add_test(tests, the_decimal_sign_is_a_point_in_a_locale_with_a_decimal_comma);
    tcase_add_test(tests, values_that_are_not_finite_have_one_spelling);
    tcase_add_test(tests, powers_of_two_and_their_neighbours_are_what_printf_writes);
    tcase_add_test(tests, powers_of_ten_and_their_neighbours_are_what_printf_writes);
    tcase_add_test(tests, fractions_and_ties_are_what_printf_writes);
    tcase_add_test(tests, every_text_is_read_back_as_the_same_number);
    suite_add_tcase(suite, tests);
    return suite;
}
