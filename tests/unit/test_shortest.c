/* SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
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
    tcase_add_test(tests, every_text_is_read_back_as_the_same_number);
    suite_add_tcase(suite, tests);
    return suite;
}
