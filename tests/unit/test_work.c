/* The work that is done and left, and the time that follows from it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/work.h"

#include <math.h>

#include "unit.h"

START_TEST(work_of_earlier_runs_counts_as_done_and_the_time_left_follows_from_this_run)
{
    static const struct {
        struct ms_work work;
        double fraction, left_s;
    } cases[] = {
        /* whole, left at start, trained, spared, seconds */
        {{100, 100, 0, 0, 1}, 0, NAN},  {{100, 100, 25, 0, 10}, 0.25, 30}, {{100, 40, 0, 0, 1}, 0.6, NAN},
        {{100, 40, 10, 0, 5}, 0.7, 15}, {{100, 40, 10, 20, 5}, 0.9, 5},    {{100, 40, 40, 0, 5}, 1, 0},
        {{100, 40, 50, 0, 5}, 1, 0}, /* some of it twice, since a checkpoint was corrupt */
        {{0, 0, 0, 0, 0}, 1, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double left_s = ms_work_left_s(&cases[i].work);

        ck_assert_double_eq_tol(ms_work_fraction(&cases[i].work), cases[i].fraction, 1e-12);
        if (isnan(cases[i].left_s))
            ck_assert_double_nan(left_s);
        else
            ck_assert_double_eq_tol(left_s, cases[i].left_s, 1e-12);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("work");
    TCase *tests = tcase_create("work");

    tcase_add_test(tests, work_of_earlier_runs_counts_as_done_and_the_time_left_follows_from_this_run);
    suite_add_tcase(suite, tests);
    return suite;
}
