/* The size of a team by the times of iterations, which are invented here.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "train/team_size.h"
#include "unit.h"

enum { MEMBERS_MOST = 64, STRETCHES = 20000 };

/* What a machine does: seconds of an iteration by the number of members. */
typedef double machine(int32_t members);

static double ideal(int32_t members)
{
    return 1.0 / members;
}

static double useless(int32_t members)
{
    return members == 1 ? 1 : 1.5;
}

static double best_with_three(int32_t members)
{
    static const double seconds[] = {0, 1, 0.6, 0.4, 0.5};

    return members <= 4 ? seconds[members] : 2;
}

static double hardly_quicker(int32_t members)
{
    return members == 1 ? 1 : 0.97;
}

/* How often each number of members trained a stretch, and what all stretches took, with equal iterations in each. */
struct history {
    int32_t stretches[MEMBERS_MOST + 1];
    double seconds;
};

static void train(struct ms_team_size *size, machine *iteration_s, int32_t available, int32_t stretches,
                  struct history *history)
{
    for (int32_t i = 0; i < stretches; i++) {
        const int32_t members = ms_team_size_next(size, available);
        const double seconds = iteration_s(members);

        history->stretches[members]++;
        history->seconds += seconds;
        ms_team_size_note(size, seconds);
    }
}

static struct history train_anew(machine *iteration_s, int32_t available, int32_t stretches)
{
    struct ms_team_size size;
    struct history history = {.seconds = 0};

    ms_team_size_begin(&size);
    train(&size, iteration_s, available, stretches, &history);
    return history;
}

START_TEST(one_process_alone_stays_alone)
{
    const struct history history = train_anew(ideal, 1, STRETCHES);

    ck_assert_int_eq(history.stretches[1], STRETCHES);
}
END_TEST

START_TEST(all_members_train_if_that_is_the_quickest)
{
    for (int32_t available = 2; available <= MEMBERS_MOST; available *= 2) {
        const struct history history = train_anew(ideal, available, STRETCHES);

        ck_assert_double_ge((double)history.stretches[available], 0.97 * STRETCHES);
    }
}
END_TEST

START_TEST(a_team_that_does_not_pay_costs_less_than_a_hundredth)
{
    ck_assert_double_lt(train_anew(useless, 2, STRETCHES).seconds, 1.01 * STRETCHES);
    ck_assert_double_lt(train_anew(useless, 16, STRETCHES).seconds, 1.01 * STRETCHES);
}
END_TEST

START_TEST(a_size_in_between_is_found_if_it_is_the_quickest)
{
    const struct history history = train_anew(best_with_three, 4, STRETCHES);

    ck_assert_double_ge((double)history.stretches[3] + history.stretches[4], 0.9 * STRETCHES);
}
END_TEST

START_TEST(a_gain_of_three_hundredths_is_not_worth_a_member)
{
    const struct history history = train_anew(hardly_quicker, 2, STRETCHES);

    ck_assert_double_ge((double)history.stretches[1], 0.97 * STRETCHES);
}
END_TEST

START_TEST(a_team_ends_soon_when_it_has_become_slower_than_one)
{
    struct ms_team_size size;
    struct history before = {.seconds = 0}, after = {.seconds = 0};

    ms_team_size_begin(&size);
    train(&size, ideal, 2, STRETCHES, &before);
    train(&size, useless, 2, 12, &after);
    ck_assert_int_eq(ms_team_size_next(&size, 2), 1);
}
END_TEST

START_TEST(a_team_forms_again_when_it_pays_again)
{
    struct ms_team_size size;
    struct history before = {.seconds = 0}, after = {.seconds = 0};

    ms_team_size_begin(&size);
    train(&size, useless, 2, STRETCHES, &before);
    train(&size, ideal, 2, 2 * STRETCHES, &after);
    ck_assert_double_ge((double)after.stretches[2], 0.85 * 2 * STRETCHES);
}
END_TEST

START_TEST(members_who_come_are_tried_at_once_and_those_who_leave_are_not_expected)
{
    struct ms_team_size size;
    struct history history = {.seconds = 0};

    ms_team_size_begin(&size);
    train(&size, ideal, 2, 1000, &history);
    ck_assert_int_eq(history.stretches[2] > 900, 1);
    train(&size, ideal, 4, 6, &history);
    ck_assert_int_eq(history.stretches[4], MS_TEAM_SIZE_ROUNDS);
    train(&size, ideal, 4, 1, &history);
    ck_assert_int_eq(ms_team_size_next(&size, 4), 4);
    ck_assert_int_le(ms_team_size_next(&size, 3), 3);
    ck_assert_int_eq(ms_team_size_next(&size, 1), 1);
}
END_TEST

/* By trying all numbers: the largest share of `members` must not be that of fewer members. */
START_TEST(a_useful_size_is_the_smallest_one_with_its_largest_share)
{
    for (int32_t segments = 1; segments <= 64; segments++)
        for (int32_t members = 1; members <= segments; members++) {
            const int32_t useful = ms_team_size_useful(members, segments);
            int32_t expected = members;

            while (expected > 1 &&
                   (segments + expected - 2) / (expected - 1) == (segments + members - 1) / members)
                expected--;
            if (useful != expected)
                ck_abort_msg("%d of %d members for %d segments instead of %d", useful, members, segments,
                             expected);
        }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("team_size");
    TCase *tests = tcase_create("team_size");

    tcase_add_test(tests, one_process_alone_stays_alone);
    tcase_add_test(tests, all_members_train_if_that_is_the_quickest);
    tcase_add_test(tests, a_team_that_does_not_pay_costs_less_than_a_hundredth);
    tcase_add_test(tests, a_size_in_between_is_found_if_it_is_the_quickest);
    tcase_add_test(tests, a_gain_of_three_hundredths_is_not_worth_a_member);
    tcase_add_test(tests, a_team_ends_soon_when_it_has_become_slower_than_one);
    tcase_add_test(tests, a_team_forms_again_when_it_pays_again);
    tcase_add_test(tests, members_who_come_are_tried_at_once_and_those_who_leave_are_not_expected);
    tcase_add_test(tests, a_useful_size_is_the_smallest_one_with_its_largest_share);
    suite_add_tcase(suite, tests);
    return suite;
}
