/* On which nodes a plan begins trajectories that take longer than the mean load of the ranks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "moonsweep/plan.h"
#include "noise.h"
#include "unit.h"

enum { MOST_RANKS = 64, MOST_TRAJECTORIES = 64 };

/* The work of an iteration: a second or so on a fast processor, so that no two trajectories are bundled. */
static const double second = 4e9;

struct sweep {
    struct ms_plan_spec spec;
    struct ms_plan *plan;
    double cost[MOST_TRAJECTORIES];
    int64_t from_iteration[MOST_TRAJECTORIES], to_iteration[MOST_TRAJECTORIES];
    bool finished[MOST_TRAJECTORIES];
    int32_t node[MOST_RANKS];
};

/* A job of so many trajectories, of a second each, on nodes of so many ranks in a row. */
static void describe(struct sweep *sweep, int32_t ranks, int32_t node_ranks, int64_t trajectories)
{
    memset(sweep, 0, sizeof *sweep);
    sweep->spec = (struct ms_plan_spec){
        .trajectories = trajectories,
        .cost = sweep->cost,
        .from_iteration = sweep->from_iteration,
        .to_iteration = sweep->to_iteration,
        .finished = sweep->finished,
        .ranks = ranks,
        .trainers = ranks,
        .node = sweep->node,
    };
    for (int64_t t = 0; t < trajectories; t++) {
        sweep->cost[t] = second;
        sweep->to_iteration[t] = 1;
    }
    for (int32_t r = 0; r < ranks; r++)
        sweep->node[r] = r / node_ranks * node_ranks;
}

/* The trajectory that a rank is given when it asks; -1: it is told to leave. */
static int64_t ask(struct sweep *sweep, int32_t rank)
{
    struct ms_plan_answer answer;

    ck_assert(ms_plan_ask(sweep->plan, rank));
    ck_assert(ms_plan_next_answer(sweep->plan, 0, &answer));
    ck_assert_int_eq(answer.rank, rank);
    ck_assert(answer.leave || answer.lease.count == 1);
    return answer.leave ? -1 : answer.lease.first_trajectory;
}

/* Lets all ranks that train ask, those of the first node first. given: [ranks] what they get. */
static void let_all_ask(struct sweep *sweep, int64_t *given)
{
    struct ms_error err;

    ck_assert_int_eq(ms_plan_open(&sweep->spec, &sweep->plan, &err), MS_OK);
    for (int32_t r = 0; r < sweep->spec.ranks; r++)
        given[r] = r < sweep->spec.ranks - sweep->spec.trainers ? -1 : ask(sweep, r);
    ms_plan_close(sweep->plan);
}

static int32_t count_on(const struct sweep *sweep, const int64_t *given, int32_t node, int64_t trajectories)
{
    int32_t count = 0;

    for (int32_t r = 0; r < sweep->spec.ranks; r++)
        count += sweep->node[r] == node && given[r] >= 0 && given[r] < trajectories;
    return count;
}

START_TEST(every_node_begins_the_same_number_of_equal_long_trajectories)
{
    for (int32_t nodes = 2; nodes <= 8; nodes++)
        for (int32_t node_ranks = 1; node_ranks <= 8; node_ranks++)
            for (int32_t count = 1; count < nodes * node_ranks; count++) {
                struct sweep sweep;
                int64_t given[MOST_RANKS];
                int32_t sum = 0;

                describe(&sweep, nodes * node_ranks, node_ranks, count);
                let_all_ask(&sweep, given);
                for (int32_t node = 0; node < nodes; node++) {
                    const int32_t own = count_on(&sweep, given, node * node_ranks, count);

                    ck_assert(own == count / nodes || own == (count + nodes - 1) / nodes);
                    sum += own;
                }
                ck_assert_int_eq(sum, count);
            }
}
END_TEST

enum { NODES = 3, LONGS = 7 };

/* The least possible work of the node that has the most, by trying everything. */
static double least_largest_load(const double *cost)
{
    double least = (double)INFINITY;
    int choices = 1;

    for (int t = 0; t < LONGS; t++)
        choices *= NODES;
    for (int choice = 0; choice < choices; choice++) {
        double load[NODES] = {0};

        for (int t = 0, rest = choice; t < LONGS; t++, rest /= NODES)
            load[rest % NODES] += cost[t];
        least = fmin(least, fmax(load[0], fmax(load[1], load[2])));
    }
    return least;
}

/* To give the longest one that is left to the node with the least takes at most 4/3 - 1/(3 nodes) times the best (Graham 1969). */
START_TEST(the_work_of_long_trajectories_is_shared_out_evenly)
{
    uint64_t state = 1;

    for (int round = 0; round < TIMES(300); round++) {
        struct sweep sweep;
        int64_t given[MOST_RANKS];
        double load[NODES] = {0};

        describe(&sweep, NODES * 20, 20, LONGS);
        for (int t = 0; t < LONGS; t++)
            sweep.cost[t] = second * (1 + 5 * noise(&state));
        let_all_ask(&sweep, given);
        for (int32_t r = 0; r < sweep.spec.ranks; r++)
            load[r / 20] += given[r] >= 0 ? sweep.cost[given[r]] : 0;
        ck_assert_double_le(fmax(load[0], fmax(load[1], load[2])),
                            (4.0 / 3 - 1.0 / (3 * NODES)) * least_largest_load(sweep.cost) * (1 + 1e-12));
    }
}
END_TEST

/* Two trajectories of ten seconds and 16 of one on four nodes of two ranks. */
START_TEST(other_trajectories_are_given_out_longest_first)
{
    struct sweep sweep;
    int64_t given[MOST_RANKS];

    describe(&sweep, 8, 2, 18);
    sweep.cost[4] = sweep.cost[9] = 10 * second;
    for (int t = 10; t < 18; t++)
        sweep.cost[t] = second / 2;
    let_all_ask(&sweep, given);
    ck_assert_int_eq(given[0], 4);
    ck_assert_int_eq(given[1], 0);
    ck_assert_int_eq(given[2], 9);
    for (int r = 3; r < 8; r++) /* 1, 2, 3, 5, 6 */
        ck_assert_int_eq(given[r], r < 6 ? r - 2 : r - 1);
}
END_TEST

/* 24 equal trajectories on eight ranks: none is longer than the mean of three of them. */
START_TEST(without_long_trajectories_nodes_change_nothing)
{
    struct sweep sweep;
    int64_t given[MOST_RANKS];

    describe(&sweep, 8, 2, 24);
    let_all_ask(&sweep, given);
    for (int r = 0; r < 8; r++)
        ck_assert_int_eq(given[r], r);
}
END_TEST

/* Nodes of 1, 1 and 4 ranks: with one trajectory each, those of one rank would have no helper. */
START_TEST(a_node_with_more_ranks_begins_more)
{
    struct sweep sweep;
    int64_t given[MOST_RANKS];

    describe(&sweep, 6, 6, 3);
    for (int32_t r = 0; r < 6; r++)
        sweep.node[r] = r < 2 ? r : 2;
    let_all_ask(&sweep, given);
    ck_assert_int_eq(count_on(&sweep, given, 2, 3), 3);
    describe(&sweep, 6, 6, 5);
    for (int32_t r = 0; r < 6; r++)
        sweep.node[r] = r < 2 ? r : 2;
    let_all_ask(&sweep, given);
    ck_assert_int_eq(count_on(&sweep, given, 2, 5), 4);
    ck_assert_int_eq(count_on(&sweep, given, 0, 5) + count_on(&sweep, given, 1, 5), 1);
}
END_TEST

/* Rank 0 only coordinates, and the ranks of the last of three nodes have no team. */
START_TEST(ranks_that_do_not_train_or_cannot_be_helped_begin_none)
{
    struct sweep sweep;
    int64_t given[MOST_RANKS];

    describe(&sweep, 6, 2, 2);
    sweep.spec.trainers = 5;
    sweep.node[4] = sweep.node[5] = -1;
    let_all_ask(&sweep, given);
    ck_assert_int_eq(count_on(&sweep, given, 0, 2), 0);
    ck_assert_int_eq(count_on(&sweep, given, 2, 2), 2);

    describe(&sweep, 6, 2, 4); /* more than there are such ranks */
    sweep.spec.trainers = 5;
    sweep.node[4] = sweep.node[5] = -1;
    let_all_ask(&sweep, given);
    ck_assert_int_eq(count_on(&sweep, given, 0, 4), 1);
    ck_assert_int_eq(count_on(&sweep, given, 2, 4), 2);
    ck_assert_int_eq(count_on(&sweep, given, -1, 4), 1);
}
END_TEST

/* The ranks of the first node are told to leave, so that they help, before those of the second one have asked. */
START_TEST(the_share_of_a_node_waits_for_its_ranks)
{
    struct sweep sweep;
    struct ms_error err;

    describe(&sweep, 4, 2, 2);
    sweep.cost[1] = 2 * second;
    ck_assert_int_eq(ms_plan_open(&sweep.spec, &sweep.plan, &err), MS_OK);
    ck_assert_int_eq(ask(&sweep, 1), 1);
    ck_assert_int_eq(ask(&sweep, 0), -1);
    ck_assert(!ms_plan_is_done(sweep.plan));
    ck_assert_int_eq(ask(&sweep, 3), 0);
    ck_assert_int_eq(ask(&sweep, 2), -1);
    ms_plan_close(sweep.plan);
}
END_TEST

/* One long trajectory on each of two nodes of four ranks, and short ones. */
START_TEST(the_ranks_of_each_node_that_ask_last_help_from_the_beginning)
{
    for (int32_t helpers = 0; helpers <= 6; helpers += 2) {
        struct sweep sweep;
        int64_t given[MOST_RANKS];

        describe(&sweep, 8, 4, 12);
        sweep.cost[10] = sweep.cost[11] = 20 * second;
        sweep.spec.helpers = helpers;
        let_all_ask(&sweep, given);
        for (int r = 0; r < 8; r++)
            ck_assert_int_eq(given[r] < 0, r % 4 >= 4 - helpers / 2);
        ck_assert_int_eq(given[0], 10);
        ck_assert_int_eq(given[4], 11);
    }
}
END_TEST

/* The node with the long trajectory has all helpers, but one of its ranks has to train. */
START_TEST(no_more_ranks_help_than_do_not_begin_long_trajectories)
{
    struct sweep sweep;
    int64_t given[MOST_RANKS];
    int32_t helpers = 0;

    describe(&sweep, 6, 3, 12);
    sweep.cost[0] = 20 * second;
    sweep.spec.helpers = 6;
    let_all_ask(&sweep, given);
    for (int r = 0; r < 6; r++)
        helpers += given[r] < 0;
    ck_assert_int_eq(helpers, 2);
    for (int t = 0; t < 12; t++) /* none is long, so that nobody has to help */
        sweep.cost[t] = second;
    let_all_ask(&sweep, given);
    for (int r = 0; r < 6; r++)
        ck_assert_int_ge(given[r], 0);
}
END_TEST

/* Of one node, too. */
START_TEST(a_helper_gets_no_lease_later)
{
    struct sweep sweep;
    struct ms_error err;

    describe(&sweep, 3, 3, 6);
    sweep.cost[2] = 20 * second;
    sweep.spec.helpers = 1;
    ck_assert_int_eq(ms_plan_open(&sweep.spec, &sweep.plan, &err), MS_OK);
    ck_assert_int_eq(ask(&sweep, 2), 2);
    ck_assert_int_eq(ask(&sweep, 0), 0);
    ck_assert_int_eq(ask(&sweep, 1), -1);
    ck_assert_int_eq(ask(&sweep, 1), -1);
    ms_plan_close(sweep.plan);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("node_shares");
    TCase *tests = tcase_create("node_shares");

    tcase_add_test(tests, every_node_begins_the_same_number_of_equal_long_trajectories);
    tcase_add_test(tests, the_work_of_long_trajectories_is_shared_out_evenly);
    tcase_add_test(tests, other_trajectories_are_given_out_longest_first);
    tcase_add_test(tests, without_long_trajectories_nodes_change_nothing);
    tcase_add_test(tests, a_node_with_more_ranks_begins_more);
    tcase_add_test(tests, ranks_that_do_not_train_or_cannot_be_helped_begin_none);
    tcase_add_test(tests, the_share_of_a_node_waits_for_its_ranks);
    tcase_add_test(tests, the_ranks_of_each_node_that_ask_last_help_from_the_beginning);
    tcase_add_test(tests, no_more_ranks_help_than_do_not_begin_long_trajectories);
    tcase_add_test(tests, a_helper_gets_no_lease_later);
    suite_add_tcase(suite, tests);
    return suite;
}
