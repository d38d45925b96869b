/* The estimate of the remaining time, and the rank without progress, from what ranks report.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/pace.h"

#include <math.h>

#include "unit.h"

enum { RANKS = 3 };

static struct ms_pace paces[RANKS];

/* Gives each rank the same work, and lets it report four times a second for a while. rate: its work per second. */
static double train(const double rate[RANKS], double work, double seconds)
{
    double now_s = 100;

    for (int rank = 0; rank < RANKS; rank++) {
        paces[rank] = ms_pace_begin(now_s);
        ms_pace_give(&paces[rank], work, now_s);
    }
    for (; now_s < 100 + seconds; now_s += 0.25)
        for (int rank = 0; rank < RANKS; rank++)
            ms_pace_report(&paces[rank], fmin(rate[rank] * (now_s - 100), work), now_s);
    return now_s;
}

/* What is left of work that the ranks hold and of `more` that nobody holds yet. */
static double left_of(const double rate[RANKS], double work, double seconds, double more)
{
    for (int rank = 0; rank < RANKS; rank++)
        more += fmax(work - rate[rank] * seconds, 0);
    return more;
}

static void expect(double estimate, double seconds)
{
    ck_assert_msg(fabs(estimate - seconds) < 0.05 * seconds, "%g s instead of %g s", estimate, seconds);
}

START_TEST(equal_ranks_share_what_is_left)
{
    const double rate[RANKS] = {10, 10, 10};
    const double now_s = train(rate, 200, 10);

    expect(ms_pace_left_s(paces, RANKS, left_of(rate, 200, 10, 600), now_s), 30);
}
END_TEST

START_TEST(the_slowest_rank_determines_the_end)
{
    const double rate[RANKS] = {10, 10, 0.2};
    const double now_s = train(rate, 60, 100); /* the others have finished */

    expect(ms_pace_left_s(paces, RANKS, left_of(rate, 60, 100, 0), now_s), 200);
}
END_TEST

START_TEST(a_rank_that_becomes_slower_is_noticed)
{
    const double rate[RANKS] = {10, 10, 10};
    double now_s = train(rate, 1000, 10);

    for (int i = 0; i < 40; i++, now_s += 0.25)
        ms_pace_report(&paces[1], 100 + 0.25 * i * 0.5, now_s); /* 0.5 a second */
    expect(ms_pace_left_s(paces, RANKS, 2700, now_s), 895 / 0.5);
}
END_TEST

START_TEST(without_reports_nothing_is_known)
{
    paces[0] = ms_pace_begin(5);
    ck_assert(isnan(ms_pace_left_s(paces, 1, 10, 6)));
    ms_pace_give(&paces[0], 10, 6);
    ck_assert(isnan(ms_pace_left_s(paces, 1, 10, 7)));
    ms_pace_report(&paces[0], 1, 7);
    expect(ms_pace_left_s(paces, 1, 9, 7), 9);
}
END_TEST

START_TEST(the_estimate_grows_while_a_rank_does_nothing)
{
    const double rate[RANKS] = {10, 10, 10};
    const double now_s = train(rate, 1000, 10);
    const double before_s = ms_pace_left_s(paces, RANKS, 2700, now_s);

    expect(before_s, 90);
    ck_assert_double_gt(ms_pace_left_s(paces, RANKS, 2700, now_s + 20), 5 * before_s);
}
END_TEST

START_TEST(idle_time_does_not_make_a_rank_slow)
{
    const double rate[RANKS] = {10, 10, 10};
    const double now_s = train(rate, 50, 10) + 1000;

    ms_pace_give(&paces[0], 50, now_s);
    expect(ms_pace_left_s(paces, RANKS, 50, now_s + 0.1), 5);
}
END_TEST

START_TEST(the_rank_without_progress_for_the_longest_time_is_found)
{
    const double rate[RANKS] = {10, 10, 10};
    const double now_s = train(rate, 1000, 10);
    double seconds;

    ck_assert_int_eq(ms_pace_stalled(paces, RANKS, now_s + 9, &seconds), -1);
    ms_pace_report(&paces[0], 150, now_s + 9);
    ms_pace_report(&paces[2], 150, now_s + 5);
    ck_assert_int_eq(ms_pace_stalled(paces, RANKS, now_s + 11, &seconds), 1);
    ck_assert_double_gt(seconds, 11);
    ms_pace_report(&paces[1], 1000, now_s + 12); /* it has nothing more to do */
    ck_assert_int_eq(ms_pace_stalled(paces, RANKS, now_s + 17, &seconds), 2);
    ck_assert_int_eq(ms_pace_stalled(paces, 2, now_s + 17, &seconds), -1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pace");
    TCase *tests = tcase_create("pace");

    tcase_add_test(tests, equal_ranks_share_what_is_left);
    tcase_add_test(tests, the_slowest_rank_determines_the_end);
    tcase_add_test(tests, a_rank_that_becomes_slower_is_noticed);
    tcase_add_test(tests, without_reports_nothing_is_known);
    tcase_add_test(tests, the_estimate_grows_while_a_rank_does_nothing);
    tcase_add_test(tests, idle_time_does_not_make_a_rank_slow);
    tcase_add_test(tests, the_rank_without_progress_for_the_longest_time_is_found);
    suite_add_tcase(suite, tests);
    return suite;
}
