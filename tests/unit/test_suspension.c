/* For how long this process was suspended.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/suspension.h"

#include "moonsweep/clock.h"
#include "suspender.h"
#include "unit.h"

START_TEST(a_long_gap_without_processor_time_is_suspension)
{
    static const struct {
        double gap_s, processor_s, suspended_s;
    } cases[] = {
        {0, 0, 0},           {0.99, 0, 0}, /* a busy machine */
        {1, 0, 1},                         /* long enough */
        {1.5, 1.4, 0},                     /* a long stretch of work */
        {3, 1.5, 0},                       /* half of the gap */
        {3, 1.25, 1.75},                   /* less than half of the gap */
        {3600, 0.5, 3599.5},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_double_eq(ms_suspension_of_gap(cases[i].gap_s, cases[i].processor_s), cases[i].suspended_s);
}
END_TEST

START_TEST(a_process_that_is_stopped_for_a_while_detects_for_how_long)
{
    struct ms_suspension suspension = {0};
    struct suspender suspender;
    double started_s = ms_clock_monotonic_s(), found_s = 0;

    ms_suspension_begin(&suspension, started_s, ms_clock_thread_s());
    suspender = suspender_start(0.2, 1.5);
    while (!suspender_is_over(&suspender))
        found_s += ms_suspension_look(&suspension, ms_clock_monotonic_s());
    found_s += ms_suspension_look(&suspension, ms_clock_monotonic_s());
    ck_assert_double_ge(found_s, 1.4); /* up to 50 ms of processor time before the stop are not counted */
    ck_assert_double_le(found_s, ms_clock_monotonic_s() - started_s);
}
END_TEST

START_TEST(suspension_before_the_beginning_does_not_count)
{
    struct ms_suspension suspension = {0};
    struct suspender suspender = suspender_start(0, 1.2);

    ms_suspension_begin(&suspension, ms_clock_monotonic_s(), ms_clock_thread_s());
    while (!suspender_is_over(&suspender))
        ;
    ms_suspension_begin(&suspension, ms_clock_monotonic_s(), ms_clock_thread_s());
    ck_assert_double_eq(ms_suspension_look(&suspension, ms_clock_monotonic_s()), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("suspension");
    TCase *tests = tcase_create("suspension");

    tcase_add_test(tests, a_long_gap_without_processor_time_is_suspension);
    tcase_add_test(tests, a_process_that_is_stopped_for_a_while_detects_for_how_long);
    tcase_add_test(tests, suspension_before_the_beginning_does_not_count);
    suite_add_tcase(suite, tests);
    return suite;
}
