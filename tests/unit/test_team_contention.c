/* Whether a team may train beside other programs, on machines whose times are invented here.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "train/team_contention.h"
#include "unit.h"

/* So often the leader notes what it did, as in src/train/team.c. */
static const double note_s = 5e-3;

/* What a machine does: the iterations in a second, and the part of the time in which the leader has a processor. */
struct pace {
    double rate, share;
};

/* Without and with a team. */
struct machine {
    struct pace alone, together;
};

static const struct machine quiet = {{1000, 1}, {1600, 1}};
static const struct machine quiet_but_useless = {{1000, 1}, {500, 1}};
static const struct machine crowded = {{50, 0.05}, {25, 0.025}};
static const struct machine crowded_but_useful = {{500, 0.5}, {700, 0.4}};
static const struct machine half_taken = {{1000, 1}, {700, 0.6}};

/* What was done in a time. */
struct history {
    double seconds, iterations;
    double seconds_together;
};

static void train(struct ms_team_contention *contention, const struct machine *machine, double seconds,
                  struct history *history)
{
    for (double end_s = history->seconds + seconds; history->seconds < end_s; history->seconds += note_s) {
        const bool is_together = ms_team_contention_allows(contention);
        const struct pace *pace = is_together ? &machine->together : &machine->alone;

        history->iterations += pace->rate * note_s;
        history->seconds_together += is_together ? note_s : 0;
        ms_team_contention_note(contention, &(struct ms_team_used){.iterations = pace->rate * note_s,
                                                                   .elapsed_s = note_s,
                                                                   .cpu_s = pace->share * note_s});
    }
}

static struct history train_anew(const struct machine *machine, double seconds)
{
    struct ms_team_contention contention;
    struct history history = {.seconds = 0};

    ms_team_contention_begin(&contention);
    train(&contention, machine, seconds, &history);
    return history;
}

/* How many times as quick as the leader alone. */
static double speed_up(const struct history *history, const struct machine *machine)
{
    return history->iterations / (machine->alone.rate * history->seconds);
}

/* Whether a team is quicker is then decided by short stretches (test_team_size.c). */
START_TEST(on_a_quiet_machine_a_team_always_may_train)
{
    const struct history pays = train_anew(&quiet, 100), does_not = train_anew(&quiet_but_useless, 100);

    ck_assert_double_eq(pays.seconds_together, pays.seconds);
    ck_assert_double_eq(does_not.seconds_together, does_not.seconds);
}
END_TEST

START_TEST(a_team_parts_within_a_few_turns_when_it_is_slower_beside_other_programs)
{
    const struct history history = train_anew(&crowded, 1.5);

    ck_assert_double_lt(history.seconds_together, 0.1);
    ck_assert_double_gt(history.seconds_together, 0);
}
END_TEST

/* Also within the first comparison and just after it: the leader has a processor for a twentieth of the time. */
START_TEST(a_team_that_does_not_pay_never_costs_more_than_two_percent)
{
    struct ms_team_contention contention;
    struct history history = {.seconds = 0};

    ms_team_contention_begin(&contention);
    train(&contention, &crowded, 2, &history);
    while (history.seconds < 200) {
        train(&contention, &crowded, 0.5, &history);
        ck_assert_double_gt(speed_up(&history, &crowded), 0.98);
    }
    ck_assert_double_gt(speed_up(&history, &crowded), 0.99);
}
END_TEST

START_TEST(a_team_that_pays_beside_other_programs_goes_on)
{
    const struct history history = train_anew(&crowded_but_useful, 100);

    ck_assert_double_gt(history.seconds_together, 0.95 * history.seconds);
    ck_assert_double_gt(speed_up(&history, &crowded_but_useful), 1.37);
}
END_TEST

START_TEST(a_team_whose_helper_takes_a_processor_from_its_leader_parts)
{
    const struct history history = train_anew(&half_taken, 30), all = train_anew(&half_taken, 200);

    ck_assert_double_gt(speed_up(&history, &half_taken), 0.98);
    ck_assert_double_lt(all.seconds_together, 0.01 * all.seconds); /* with few comparisons */
}
END_TEST

/* Lets a comparison take place, in each period of which everything is faster than in the one before by `change` of the first
 * one. gain: how many times as quick as its leader the team is in the same period. Returns whether it pays. */
static bool compare_under_a_changing_load(double gain, double change)
{
    struct ms_team_contention contention;
    struct history history = {.seconds = 0};

    ms_team_contention_begin(&contention);
    while (!contention.is_comparing)
        train(&contention, &crowded, note_s, &history);
    while (contention.is_comparing) {
        const double rate = 1000 * (1 + change * contention.compared);
        const struct machine now = {{rate, 0.5}, {gain * rate, 0.5}};

        train(&contention, &now, note_s, &history);
    }
    return contention.pays;
}

START_TEST(a_load_that_rises_or_falls_favours_neither_the_team_nor_its_leader)
{
    ck_assert(compare_under_a_changing_load(1.1, -0.07));
    ck_assert(!compare_under_a_changing_load(1, 0.07));
}
END_TEST

START_TEST(a_team_that_paid_parts_soon_after_it_became_slow)
{
    struct ms_team_contention contention;
    struct history before = {.seconds = 0}, after = {.seconds = 0};

    ms_team_contention_begin(&contention);
    train(&contention, &crowded_but_useful, 100, &before);
    train(&contention, &crowded, 10, &after);
    ck_assert_double_gt(after.seconds, 10 - note_s);
    ck_assert_double_lt(after.seconds_together, 2.5);
    ck_assert(!ms_team_contention_allows(&contention));
}
END_TEST

/* After a quarter of the longest term at most: four seconds. */
START_TEST(a_team_trains_again_when_the_other_programs_have_ended)
{
    struct ms_team_contention contention;
    struct history before = {.seconds = 0}, after = {.seconds = 0};

    ms_team_contention_begin(&contention);
    train(&contention, &crowded, 200, &before);
    train(&contention, &quiet, 20, &after);
    ck_assert_double_gt(after.seconds_together, 0.75 * after.seconds);
}
END_TEST

/* Something of a hundred times as many iterations in a second is trained without a team when the comparison has begun, and
 * would have decided it. */
START_TEST(different_trainings_are_not_compared)
{
    static const struct machine quick = {{5000, 0.05}, {2500, 0.025}};
    struct ms_team_contention contention;
    struct history history = {.seconds = 0};

    ms_team_contention_begin(&contention);
    while (contention.compared == 0)
        train(&contention, &crowded, note_s, &history);
    ck_assert(ms_team_contention_allows(&contention));
    ms_team_contention_change(&contention);
    ck_assert(!ms_team_contention_allows(&contention));
    train(&contention, &quick, 1.5, &history);
    ck_assert(!ms_team_contention_allows(&contention));
    ck_assert(!contention.is_comparing);
    ck_assert_double_lt(contention.sums[1].iterations, 0.6 * contention.sums[0].iterations);
    ms_team_contention_change(&contention);
    ck_assert_double_eq(contention.sums[0].iterations, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("team_contention");
    TCase *tests = tcase_create("team_contention");

    tcase_add_test(tests, on_a_quiet_machine_a_team_always_may_train);
    tcase_add_test(tests, a_team_parts_within_a_few_turns_when_it_is_slower_beside_other_programs);
    tcase_add_test(tests, a_team_that_does_not_pay_never_costs_more_than_two_percent);
    tcase_add_test(tests, a_team_that_pays_beside_other_programs_goes_on);
    tcase_add_test(tests, a_team_whose_helper_takes_a_processor_from_its_leader_parts);
    tcase_add_test(tests, a_load_that_rises_or_falls_favours_neither_the_team_nor_its_leader);
    tcase_add_test(tests, a_team_that_paid_parts_soon_after_it_became_slow);
    tcase_add_test(tests, a_team_trains_again_when_the_other_programs_have_ended);
    tcase_add_test(tests, different_trainings_are_not_compared);
    suite_add_tcase(suite, tests);
    return suite;
}
