/* When something that waits must be done, by the clock of the processor and by that on the wall.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "store/run/age.h"

#include "moonsweep/clock.h"
#include "unit.h"

START_TEST(something_is_due_after_half_a_second_of_the_processor_or_two_seconds)
{
    static const struct {
        double elapsed_s, cpu_s;
        bool is_due;
    } cases[] = {
        {0, 0, false},     {0.49, 0.49, false}, {0.5, 0.5, true}, /* a rank with a core */
        {1.9, 0.1, false}, {2, 0.1, true},                        /* one that shares its core */
        {1.9, 0.5, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(ms_age_is_due_after(cases[i].elapsed_s, cases[i].cpu_s), cases[i].is_due);
}
END_TEST

/* However much or little of a core the test gets, the clocks that it reads around a question bound those that were read
 * for the answer. */
START_TEST(the_age_counts_from_the_first_beginning_by_both_clocks)
{
    const double before_s = ms_clock_monotonic_s(), before_cpu_s = ms_clock_thread_s();
    struct ms_age age = {0};
    double begun_s, begun_cpu_s;
    bool is_due = false;
    int late = 0;

    ck_assert(!ms_age_is_due(&age));
    ms_age_begin(&age);
    begun_s = ms_clock_monotonic_s();
    begun_cpu_s = ms_clock_thread_s();
    while (!is_due) {
        const double earliest_s = ms_clock_monotonic_s(), earliest_cpu_s = ms_clock_thread_s();

        ms_age_begin(&age); /* begins nothing anew */
        is_due = ms_age_is_due(&age);
        late += !is_due && ms_age_is_due_after(earliest_s - begun_s, earliest_cpu_s - begun_cpu_s);
    }
    ck_assert_int_eq(late, 0);
    ck_assert_msg(ms_age_is_due_after(ms_clock_monotonic_s() - before_s, ms_clock_thread_s() - before_cpu_s),
                  "too early");
    ms_age_end(&age);
    ck_assert(!ms_age_is_due(&age));
}
END_TEST

START_TEST(a_thread_that_sleeps_is_due_after_two_seconds)
{
    struct ms_age age = {0};
    double ended_s;

    ms_age_begin(&age);
    ms_clock_sleep(2.01);
    ck_assert(ms_age_is_due(&age));
    ms_age_end(&age);
    ended_s = ms_clock_monotonic_s();
    ms_age_begin(&age);
    ck_assert_double_ge(age.since_s, ended_s);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("age");
    TCase *tests = tcase_create("age");

    tcase_add_test(tests, something_is_due_after_half_a_second_of_the_processor_or_two_seconds);
    tcase_add_test(tests, the_age_counts_from_the_first_beginning_by_both_clocks);
    tcase_add_test(tests, a_thread_that_sleeps_is_due_after_two_seconds);
    suite_add_tcase(suite, tests);
    return suite;
}
