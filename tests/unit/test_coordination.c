/* Whether rank 0 only hands out work. The numbers of messages and their costs are those of docs/cluster.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/coordination.h"

#include "moonsweep/plan.h"
#include "unit.h"

/* A sweep of equal trajectories that take so many seconds each. */
static struct ms_coordination equal(int32_t ranks, int64_t trajectories, double seconds)
{
    struct ms_coordination sweep = {.ranks = ranks};

    for (int64_t t = 0; t < trajectories; t++)
        ms_coordination_add(&sweep, seconds / ms_plan_seconds_per_work);
    return sweep;
}

START_TEST(work_is_added_up_and_the_longest_trajectory_kept)
{
    struct ms_coordination sweep = {.ranks = 3};

    ms_coordination_add(&sweep, 2);
    ms_coordination_add(&sweep, 5);
    ms_coordination_add(&sweep, 4);
    ck_assert_int_eq(sweep.trajectories, 3);
    ck_assert_double_eq(sweep.work, 11);
    ck_assert_double_eq(sweep.longest, 5);
}
END_TEST

START_TEST(all_ranks_together_send_at_most_40000_reports_a_second)
{
    ck_assert_double_eq(ms_coordination_report_s(1), 0.25);
    ck_assert_double_eq(ms_coordination_report_s(10000), 0.25);
    ck_assert_double_eq(ms_coordination_report_s(20000), 0.5);
    ck_assert_double_eq(ms_coordination_report_s(1000000), 25);
}
END_TEST

START_TEST(the_load_is_that_of_reports_and_of_leases_of_which_there_are_at_most_5000_a_second)
{
    const struct ms_coordination long_ones = equal(1000, 10000, 100), short_ones = equal(1000, 10000, 0.001),
                                 many = equal(1000000, 10000, 0.001), none = {.ranks = 1000};

    ck_assert_double_eq_tol(ms_coordination_load(&none), 4000 * 4e-6, 1e-12);
    ck_assert_double_eq_tol(ms_coordination_load(&long_ones), 4000 * 4e-6 + 1000 / 100.0 * 20e-6, 1e-12);
    ck_assert_double_eq_tol(ms_coordination_load(&short_ones), 4000 * 4e-6 + 5000 * 20e-6, 1e-12);
    ck_assert_double_eq_tol(ms_coordination_load(&many), 40000 * 4e-6 + 5000 * 20e-6, 1e-12);
}
END_TEST

START_TEST(rank_0_trains_unless_the_end_would_wait_for_it_and_a_rank_less_costs_nothing)
{
    static const struct {
        int64_t trajectories;
        double seconds;
        int32_t ranks;
        bool is_dedicated;
    } cases[] = {
        {1, 60, 1, false},
        {1, 60, 2, false}, /* even if there is nothing else to do */
        {10, 60, 99, false},
        {100, 60, 200, true},         /* the longest trajectory takes 0.3% longer on a rank 0 that trains */
        {200, 60, 200, false},        /* a rank less costs 0.5%, and the slower rank 0 0.3% */
        {15000, 60, 10000, true},     /* 90.0 s instead of up to 101 s */
        {100000, 10, 200, false},     /* every rank trains 500 of them */
        {10000000, 10, 10000, false}, /* 1000 of them, so that the last one of rank 0 hardly matters */
        {0, 1, 1000, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct ms_coordination sweep = equal(cases[i].ranks, cases[i].trajectories, cases[i].seconds);

        ck_assert_msg(ms_coordination_is_dedicated(&sweep) == cases[i].is_dedicated, "case %zu", i);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("coordination");
    TCase *tests = tcase_create("coordination");

    tcase_add_test(tests, work_is_added_up_and_the_longest_trajectory_kept);
    tcase_add_test(tests, all_ranks_together_send_at_most_40000_reports_a_second);
    tcase_add_test(tests, the_load_is_that_of_reports_and_of_leases_of_which_there_are_at_most_5000_a_second);
    tcase_add_test(tests, rank_0_trains_unless_the_end_would_wait_for_it_and_a_rank_less_costs_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
