/* What rank 0 knows of the life of the other ranks. The clock is handed in.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/silence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

enum { RANKS = 8, HOST_BYTES = 8, START_S = 1000 };

static struct {
    int count;
    char sentence[1024], state[1024];
} told;

static void note(void *context, const char *sentence, const char *state)
{
    (void)context;
    told.count++;
    (void)snprintf(told.sentence, sizeof told.sentence, "%s", sentence);
    (void)snprintf(told.state, sizeof told.state, "%s", state);
}

static struct ms_silence *silence;

static void open_with(double lost_s)
{
    static char hosts[RANKS][HOST_BYTES];
    struct ms_error err;

    for (int rank = 0; rank < RANKS; rank++)
        (void)snprintf(hosts[rank], HOST_BYTES, "n%d", rank / 4);
    told.count = 0;
    ck_assert_int_eq(
        ms_silence_open(
            &(struct ms_silence_spec){
                .ranks = RANKS, .hosts = hosts[0], .host_bytes = HOST_BYTES, .lost_s = lost_s, .tell = note},
            START_S, &silence, &err),
        MS_OK);
}

/* Lets time pass, in which all ranks from `first` on give signs of life four times a second. */
static double pass(double from_s, double to_s, int32_t first)
{
    for (double now_s = from_s; now_s <= to_s; now_s += 0.25) {
        for (int32_t rank = first; rank < RANKS; rank++)
            ms_silence_sign(silence, rank, now_s);
        ms_silence_look(silence, now_s);
    }
    return to_s;
}

static void give(int32_t rank, int64_t id, int64_t first, int64_t count)
{
    ms_silence_give(silence, rank, &(struct ms_lease){.id = id, .first_trajectory = first, .count = count});
}

START_TEST(a_rank_is_silent_after_a_tenth_of_the_time_after_which_it_is_lost_but_within_a_minute)
{
    static const double cases[][4] = {/* the option, interval of signs, silent after, lost after */
                                      {600, 0.25, 60, 600}, {6000, 0.25, 60, 6000}, {100, 0.25, 10, 100},
                                      {5, 0.25, 1, 5},      {1, 0.25, 1, 1},        {600, 2.5, 60, 600},
                                      {5, 2.5, 10, 10},     {600, 25, 100, 600}};
    struct ms_alive_limits never = ms_alive_limits(0, 0.25);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct ms_alive_limits limits = ms_alive_limits(cases[i][0], cases[i][1]);

        ck_assert_double_eq_tol(limits.silent_s, cases[i][2], 1e-9);
        ck_assert_double_eq(limits.lost_s, cases[i][3]);
    }
    ck_assert_double_eq(never.silent_s, 60);
    ck_assert(isinf(never.lost_s));
}
END_TEST

START_TEST(a_silent_rank_is_named_once_with_its_host_and_lease)
{
    open_with(600);
    give(0, 17, 40, 4);
    (void)pass(START_S, START_S + 59.75, 1);
    ck_assert_int_eq(told.count, 0);
    ck_assert(!ms_silence_is_silent(silence, 0));
    (void)pass(START_S + 60, START_S + 599.75, 1);
    ck_assert_int_eq(told.count, 1);
    ck_assert_msg(strstr(told.sentence, "rank 0 on n0 has given no sign of life for 60 s, since ") ==
                      told.sentence,
                  "%s", told.sentence);
    ck_assert_ptr_nonnull(
        strstr(told.sentence, ", with lease 17 (trajectories 40 to 43); after 600 s the run ends"));
    ck_assert(strstr(told.state, "rank 0 on n0 has given no sign of life since ") == told.state);
    ck_assert_ptr_nonnull(strstr(told.state, "Z, with lease 17 (trajectories 40 to 43)"));
    ck_assert(ms_silence_is_silent(silence, 0));
    ck_assert(!ms_silence_has_lost(silence));
    ms_silence_close(silence);
}
END_TEST

START_TEST(a_rank_that_is_alive_again_is_reported_and_may_fall_silent_again)
{
    double now_s;

    open_with(600);
    now_s = pass(START_S, START_S + 75, 1);
    ms_silence_sign(silence, 0, now_s);
    ck_assert_int_eq(told.count, 2);
    ck_assert_str_eq(told.sentence, "rank 0 on n0 is alive again after 75 s");
    ck_assert_str_eq(told.state, "");
    now_s = pass(now_s, now_s + 59, 1);
    ck_assert_int_eq(told.count, 2);
    (void)pass(now_s, now_s + 2, 1);
    ck_assert_int_eq(told.count, 3);
    ms_silence_close(silence);
}
END_TEST

START_TEST(a_rank_is_lost_when_its_time_is_over_and_not_if_it_comes_back)
{
    double now_s;

    open_with(100);
    now_s = pass(START_S, START_S + 99.75, 1);
    ck_assert(!ms_silence_has_lost(silence));
    now_s = pass(now_s, now_s + 0.5, 1);
    ck_assert(ms_silence_has_lost(silence));
    ck_assert_int_eq(told.count, 2);
    ck_assert_ptr_nonnull(
        strstr(told.sentence, "rank 0 on n0 has given no sign of life for 100 s, the limit"));
    ck_assert(!ms_silence_is_rest_gone(silence));
    ms_silence_sign(silence, 0, now_s);
    ck_assert(!ms_silence_has_lost(silence));
    ms_silence_close(silence);
}
END_TEST

START_TEST(without_a_limit_no_rank_is_lost)
{
    open_with(0);
    (void)pass(START_S, START_S + 10000, 1);
    ck_assert(ms_silence_is_silent(silence, 0));
    ck_assert(!ms_silence_has_lost(silence));
    ck_assert_ptr_null(strstr(told.sentence, "the run ends"));
    ms_silence_close(silence);
}
END_TEST

START_TEST(a_rank_that_has_left_is_neither_silent_nor_waited_for)
{
    open_with(100);
    for (int32_t rank = 1; rank < RANKS; rank++)
        ms_silence_leave(silence, rank);
    (void)pass(START_S, START_S + 9, RANKS);
    ck_assert(!ms_silence_is_rest_gone(silence));
    (void)pass(START_S + 9, START_S + 200, RANKS);
    ck_assert_int_eq(told.count, 2); /* rank 0 is silent, and lost */
    ck_assert(ms_silence_has_lost(silence) && ms_silence_is_rest_gone(silence));
    ck_assert(!ms_silence_is_silent(silence, 1));
    ms_silence_leave(silence, 0);
    ck_assert(!ms_silence_has_lost(silence));
    ms_silence_close(silence);
}
END_TEST

START_TEST(ranks_that_were_silent_when_all_were_told_to_leave_are_deaf_until_they_are_alive_again)
{
    open_with(600);
    (void)pass(START_S, START_S + 70, 2); /* 0 and 1 are silent */
    ck_assert(!ms_silence_is_rest_deaf(silence));
    ms_silence_tell_to_leave(silence);
    for (int32_t rank = 2; rank < RANKS; rank++) {
        ck_assert(!ms_silence_is_rest_deaf(silence));
        ms_silence_leave(silence, rank);
    }
    ck_assert(ms_silence_is_rest_deaf(silence));
    ms_silence_sign(silence, 1, START_S + 71);
    ck_assert(!ms_silence_is_rest_deaf(silence));
    (void)pass(START_S + 71, START_S + 140, RANKS); /* it has heard it, but may store its work for long */
    ck_assert(ms_silence_is_silent(silence, 1) && !ms_silence_is_rest_deaf(silence));
    ms_silence_close(silence);

    open_with(0);
    (void)pass(START_S, START_S + 70, RANKS);
    ms_silence_tell_to_leave(silence);
    ck_assert(!ms_silence_is_rest_deaf(silence)); /* ranks are waited for without end */
    ms_silence_close(silence);
}
END_TEST

START_TEST(of_many_ranks_that_fall_silent_at_once_some_are_named_and_all_are_counted)
{
    open_with(600);
    (void)pass(START_S, START_S + 61, 7);
    ck_assert_int_eq(told.count, 5);
    ck_assert_str_eq(told.sentence, "3 more ranks have given no sign of life either");
    ck_assert_ptr_nonnull(strstr(told.state, "with no lease, nor have 6 other ranks"));
    ms_silence_sign(silence, 0, START_S + 62);
    ck_assert_msg(strstr(told.state, "rank 1 on n0 has given") == told.state, "%s", told.state);
    ms_silence_close(silence);
}
END_TEST

START_TEST(the_lease_in_training_is_the_oldest_that_is_not_finished)
{
    open_with(600);
    give(0, 3, 7, 1);
    give(0, 5, 9, 2);
    ms_silence_finish(silence, 0, 5); /* not in training yet: changes nothing */
    ms_silence_finish(silence, 0, 3);
    (void)pass(START_S, START_S + 61, 1);
    ck_assert_ptr_nonnull(strstr(told.state, "with lease 5 (trajectories 9 to 10)"));
    ms_silence_finish(silence, 0, 5);
    give(0, 8, 12, 1);
    ms_silence_sign(silence, 0, START_S + 62);
    (void)pass(START_S + 62, START_S + 130, 1);
    ck_assert_ptr_nonnull(strstr(told.state, "with lease 8 (trajectory 12)"));
    ms_silence_close(silence);
}
END_TEST

START_TEST(ranks_are_named_without_hosts_if_these_are_unknown)
{
    struct ms_error err;

    ck_assert_int_eq(ms_silence_open(&(struct ms_silence_spec){.ranks = 1, .lost_s = 600, .tell = note},
                                     START_S, &silence, &err),
                     MS_OK);
    ms_silence_look(silence, START_S + 61);
    ck_assert(strstr(told.sentence, "rank 0 has given no sign of life for 61 s") == told.sentence);
    ms_silence_close(silence);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("silence");
    TCase *tests = tcase_create("silence");

    tcase_add_test(tests,
                   a_rank_is_silent_after_a_tenth_of_the_time_after_which_it_is_lost_but_within_a_minute);
    tcase_add_test(tests, a_silent_rank_is_named_once_with_its_host_and_lease);
    tcase_add_test(tests, a_rank_that_is_alive_again_is_reported_and_may_fall_silent_again);
    tcase_add_test(tests, a_rank_is_lost_when_its_time_is_over_and_not_if_it_comes_back);
    tcase_add_test(tests, without_a_limit_no_rank_is_lost);
    tcase_add_test(tests, a_rank_that_has_left_is_neither_silent_nor_waited_for);
    tcase_add_test(tests,
                   ranks_that_were_silent_when_all_were_told_to_leave_are_deaf_until_they_are_alive_again);
    tcase_add_test(tests, of_many_ranks_that_fall_silent_at_once_some_are_named_and_all_are_counted);
    tcase_add_test(tests, the_lease_in_training_is_the_oldest_that_is_not_finished);
    tcase_add_test(tests, ranks_are_named_without_hosts_if_these_are_unknown);
    suite_add_tcase(suite, tests);
    return suite;
}
