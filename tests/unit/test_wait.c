/* How long a rank sleeps between two looks for messages.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/wait.h"

#include "unit.h"

enum { LIMIT_NS = 1000 * 1000, ALL_NS = 300 * 1000 * 1000 };

/* What was slept, in how many sleeps, and how many were longer than a sixteenth of all before them and LIMIT_NS. */
struct sleeps {
    int count, too_long;
    long longest_ns;
};

static struct sleeps sleep_all(struct ms_wait wait)
{
    struct sleeps sleeps = {0};

    while (wait.slept_ns < ALL_NS) {
        const long before_ns = wait.slept_ns,
                   limit_ns = before_ns / 16 > LIMIT_NS ? before_ns / 16 : LIMIT_NS;
        long slept_ns;

        ms_wait_sleep(&wait);
        slept_ns = wait.slept_ns - before_ns;
        sleeps.count++;
        sleeps.too_long += slept_ns > limit_ns;
        sleeps.longest_ns = slept_ns > sleeps.longest_ns ? slept_ns : sleeps.longest_ns;
    }
    return sleeps;
}

START_TEST(sleeps_are_doubled_up_to_the_limit)
{
    const struct sleeps sleeps = sleep_all(ms_wait_begin(LIMIT_NS));

    ck_assert_int_eq(sleeps.longest_ns, LIMIT_NS);
    /* 0.05, 0.1, 0.2, 0.4 and 0.8 ms, and then 1 ms each */
    ck_assert_int_eq(sleeps.count, 5 + 299);
}
END_TEST

START_TEST(a_patient_wait_looks_later_by_a_sixteenth_at_most_but_seldom)
{
    const struct sleeps sleeps = sleep_all(ms_wait_begin_patiently(LIMIT_NS));

    ck_assert_int_eq(sleeps.too_long, 0);
    ck_assert_int_gt(sleeps.longest_ns, 10 * LIMIT_NS);
    ck_assert_int_lt(sleeps.count, 100);
}
END_TEST

START_TEST(no_sleep_takes_more_than_50_milliseconds)
{
    struct ms_wait wait = ms_wait_begin_patiently(LIMIT_NS);

    wait.slept_ns = 3600L * 1000 * 1000 * 1000;
    for (int i = 0; i < 12; i++)
        ms_wait_sleep(&wait);
    ck_assert_int_eq(wait.next_ns, 50 * 1000 * 1000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("wait");
    TCase *tests = tcase_create("wait");

    tcase_add_test(tests, sleeps_are_doubled_up_to_the_limit);
    tcase_add_test(tests, a_patient_wait_looks_later_by_a_sixteenth_at_most_but_seldom);
    tcase_add_test(tests, no_sleep_takes_more_than_50_milliseconds);
    suite_add_tcase(suite, tests);
    return suite;
}
