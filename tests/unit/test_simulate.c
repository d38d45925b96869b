/* Simulated sweeps with made-up times, compared with what these times must add up to.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "unit.h"

enum { TRAJECTORIES = 40 };

/* Trajectories that are longer than the shortest lease, so that each is a lease by itself. */
struct job {
    double cost[TRAJECTORIES], seconds[TRAJECTORIES];
    int64_t from[TRAJECTORIES], to[TRAJECTORIES];
    bool finished[TRAJECTORIES];
    struct ms_plan_spec spec;
};

static void make_job(struct job *job, int32_t ranks, int32_t trainers)
{
    *job = (struct job){.spec = {.trajectories = TRAJECTORIES,
                                 .cost = job->cost,
                                 .from_iteration = job->from,
                                 .to_iteration = job->to,
                                 .finished = job->finished,
                                 .ranks = ranks,
                                 .trainers = trainers}};
    for (int t = 0; t < TRAJECTORIES; t++) {
        job->cost[t] = 1e3 * (1 + t * 7 % TRAJECTORIES); /* all different */
        job->to[t] = 1000000;
        job->seconds[t] = 1e-3 * job->cost[t] + 0.1 * (t % 3); /* not in proportion to the expected work */
    }
}

static struct ms_simulation simulate(const struct job *job)
{
    struct ms_simulation simulation;
    struct ms_error err;

    ck_assert_int_eq(ms_simulate(&(struct ms_simulate_spec){.plan = &job->spec, .seconds = job->seconds},
                                 &simulation, &err),
                     MS_OK);
    return simulation;
}

/* The end of a sweep in which each trajectory, those with the most expected work first, is given to the rank that is free
 * first: without a heap, leases ahead or bundles. */
static double list_schedule(const struct job *job, int ranks)
{
    double free_s[TRAJECTORIES] = {0}, end_s = 0;
    bool given[TRAJECTORIES] = {false};

    for (int i = 0; i < TRAJECTORIES; i++) {
        int next = -1, first = 0;

        for (int t = 0; t < TRAJECTORIES; t++)
            if (!given[t] && !job->finished[t] && (next < 0 || job->cost[t] > job->cost[next]))
                next = t;
        if (next < 0)
            break;
        given[next] = true;
        for (int r = 1; r < ranks; r++)
            if (free_s[r] < free_s[first])
                first = r;
        free_s[first] += job->seconds[next];
        end_s = fmax(end_s, free_s[first]);
    }
    return end_s;
}

START_TEST(one_rank_takes_the_sum_of_all_seconds)
{
    struct job job;
    struct ms_simulation simulation;
    double sum = 0;

    make_job(&job, 1, 1);
    for (int t = 0; t < TRAJECTORIES; t++)
        sum += job.seconds[t];
    simulation = simulate(&job);
    ck_assert_double_eq_tol(simulation.wall_s, sum, 1e-9 * sum);
    ck_assert_double_eq_tol(simulation.busy_s, sum, 1e-9 * sum);
    ck_assert_int_eq(simulation.leases, TRAJECTORIES);
}
END_TEST

START_TEST(as_many_ranks_as_trajectories_take_as_long_as_the_longest)
{
    struct job job;
    double longest_s = 0;

    make_job(&job, TRAJECTORIES, TRAJECTORIES);
    for (int t = 0; t < TRAJECTORIES; t++)
        longest_s = fmax(longest_s, job.seconds[t]);
    ck_assert_double_eq(simulate(&job).wall_s, longest_s);
}
END_TEST

/* A lease that is given ahead may go to another rank than that which is free first, but only as long as there is enough
 * work for all; so the ends differ by less than the longest trajectory. */
START_TEST(the_schedule_ends_as_the_one_that_gives_work_to_the_first_free_rank)
{
    static const int32_t ranks[] = {2, 3, 7, 16, 39};

    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
        struct job job;
        double expected_s, longest_s = 0;

        make_job(&job, ranks[i], ranks[i]);
        for (int t = 0; t < TRAJECTORIES; t++)
            longest_s = fmax(longest_s, job.seconds[t]);
        expected_s = list_schedule(&job, ranks[i]);
        ck_assert_double_eq_tol(simulate(&job).wall_s, expected_s, 0.5 * longest_s);
    }
}
END_TEST

START_TEST(a_finished_trajectory_and_a_rank_that_only_coordinates_take_no_time)
{
    struct job job;

    make_job(&job, 3, 2);
    for (int t = 0; t < TRAJECTORIES; t++)
        job.finished[t] = t != 5 && t != 6 && t != 11;
    /* 5 alone on a rank, and the other two, or in another order: the smallest of the three possible ends. */
    ck_assert_double_eq_tol(simulate(&job).wall_s, list_schedule(&job, 2), 1e-9);
    ck_assert_int_eq(simulate(&job).leases, 3);
}
END_TEST

START_TEST(a_bundle_takes_the_sum_of_its_trajectories)
{
    struct job job;
    struct ms_simulation simulation;
    double sum = 0;

    make_job(&job, 1, 1);
    for (int t = 0; t < TRAJECTORIES; t++) {
        job.to[t] = 10; /* so little work that several are in a lease */
        sum += job.seconds[t];
    }
    simulation = simulate(&job);
    ck_assert_int_lt(simulation.leases, TRAJECTORIES);
    ck_assert_double_eq_tol(simulation.wall_s, sum, 1e-9 * sum);
    ck_assert_double_eq_tol(simulation.busy_s, sum, 1e-9 * sum);
}
END_TEST

/* Three trajectories on two ranks: one of them is trained in slices. */
static struct ms_simulation simulate_three(struct ms_simulate_costs costs)
{
    struct ms_simulation simulation;
    struct ms_error err;
    struct job job;

    make_job(&job, 2, 2);
    job.spec.trajectories = 3;
    job.spec.pairs = 3;
    for (int t = 0; t < 3; t++) {
        job.cost[t] = 1e4;
        job.seconds[t] = 10;
    }
    ck_assert_int_eq(
        ms_simulate(&(struct ms_simulate_spec){.plan = &job.spec, .seconds = job.seconds, .costs = costs},
                    &simulation, &err),
        MS_OK);
    return simulation;
}

START_TEST(each_cost_is_paid_once_for_what_it_is_of)
{
    const struct ms_simulation free = simulate_three((struct ms_simulate_costs){.answer_s = 0});
    const struct ms_simulation paid = simulate_three(
        (struct ms_simulate_costs){.trajectory_s = 1e-3, .slice_s = 1e-4, .move_s = 1e-5});

    ck_assert_double_eq_tol(free.busy_s, 30, 1e-9);
    ck_assert_int_gt(paid.slices, 0);
    ck_assert_int_gt(paid.moves, 0);
    ck_assert_int_eq(paid.leases, paid.slices + 3); /* the last lease of a trajectory is no slice */
    ck_assert_double_eq_tol(paid.busy_s, 30 + 3e-3 + 1e-4 * (double)paid.slices + 1e-5 * (double)paid.moves,
                            1e-9);
}
END_TEST

/* As many ranks as trajectories ask at once. */
START_TEST(messages_and_a_busy_coordinator_delay_leases)
{
    struct job job;
    struct ms_simulation simulation;
    struct ms_error err;
    const struct ms_simulate_costs costs = {.answer_s = 1, .serve_s = 5};
    double longest_s = 0;

    make_job(&job, TRAJECTORIES, TRAJECTORIES);
    for (int t = 0; t < TRAJECTORIES; t++) {
        job.seconds[t] = 0.1;
        longest_s = fmax(longest_s, job.seconds[t]);
    }
    ck_assert_int_eq(
        ms_simulate(&(struct ms_simulate_spec){.plan = &job.spec, .seconds = job.seconds, .costs = costs},
                    &simulation, &err),
        MS_OK);
    /* The coordinator serves 40 ranks one after another, then the last one waits for its message. */
    ck_assert_double_eq_tol(simulation.wall_s, 5 * TRAJECTORIES + 1 + longest_s, 1e-9);
}
END_TEST

START_TEST(a_sweep_without_work_ends_at_once)
{
    struct job job;

    make_job(&job, 4, 4);
    for (int t = 0; t < TRAJECTORIES; t++)
        job.finished[t] = true;
    ck_assert_double_eq(simulate(&job).wall_s, 0);
    ck_assert_int_eq(simulate(&job).leases, 0);
}
END_TEST

/* ---- teams ----------------------------------------------------------------------------------------------- */

/* What a team does in a test. */
struct team {
    int32_t most;
    double efficiency;     /* of each helper */
    int32_t first_helpers; /* ranks that help from the beginning, at once */
};

static int32_t most_of(const void *context, int64_t t)
{
    const struct team *team = context;

    (void)t;
    return team->most;
}

static double speed_up_of(const void *context, int64_t t, int32_t members)
{
    const struct team *team = context;

    (void)t;
    return 1 + team->efficiency * ((members < team->most ? members : team->most) - 1);
}

/* Simulates the first `trajectories` ones of a job of these seconds, on nodes of so many ranks whose helpers begin after a
 * second. */
static struct ms_simulation simulate_teams(int32_t ranks, int32_t node_ranks, int trajectories,
                                           const double *seconds, struct team team)
{
    struct ms_simulation simulation;
    struct ms_error err;
    struct job job;

    make_job(&job, ranks, ranks);
    job.spec.trajectories = trajectories;
    job.spec.helpers = team.first_helpers;
    for (int t = 0; t < trajectories; t++) {
        job.seconds[t] = seconds[t];
        job.cost[t] = 1e3 * seconds[t];
    }
    ck_assert_int_eq(
        ms_simulate(&(struct ms_simulate_spec){.plan = &job.spec,
                                               .seconds = job.seconds,
                                               .teams = {.node_ranks = node_ranks,
                                                         .most = most_of,
                                                         .speed_up = speed_up_of,
                                                         .context = &team,
                                                         .begin_s = team.first_helpers > 0 ? 0 : 1}},
                    &simulation, &err),
        MS_OK);
    return simulation;
}

/* One trajectory of 10 s: after a second, 9 s are left for the leader and its helpers. */
START_TEST(ranks_without_a_lease_help_those_of_their_node)
{
    static const double seconds[] = {10};
    const struct team ideal = {.most = 64, .efficiency = 1}, half = {.most = 64, .efficiency = 0.5};

    ck_assert_double_eq_tol(simulate_teams(4, 4, 1, seconds, ideal).wall_s, 1 + 9.0 / 4, 1e-9);
    ck_assert_double_eq_tol(simulate_teams(4, 4, 1, seconds, half).wall_s, 1 + 9 / 2.5, 1e-9);
    ck_assert_double_eq_tol(simulate_teams(4, 2, 1, seconds, ideal).wall_s, 1 + 9.0 / 2, 1e-9);
    ck_assert_double_eq_tol(simulate_teams(4, 3, 1, seconds, ideal).wall_s, 1 + 9.0 / 3, 1e-9);
    ck_assert_double_eq(simulate_teams(4, 1, 1, seconds, ideal).wall_s, 10);
    ck_assert_double_eq(simulate_teams(4, 0, 1, seconds, ideal).wall_s, 10);
    ck_assert_double_eq_tol(simulate_teams(4, 4, 1, seconds, ideal).helped_s, 3 * 9.0 / 4, 1e-9);
}
END_TEST

START_TEST(a_team_has_no_more_members_than_are_of_use)
{
    static const double seconds[] = {10};
    const struct ms_simulation simulation = simulate_teams(8, 8, 1, seconds,
                                                           (struct team){.most = 3, .efficiency = 1});

    ck_assert_double_eq_tol(simulation.wall_s, 1 + 9.0 / 3, 1e-9);
    ck_assert_double_eq_tol(simulation.helped_s, 2 * 9.0 / 3, 1e-9);
}
END_TEST

/* At 1 s, 9 s of one and 3 s of the other are left. The first two helpers go to the longer one (4.5 s and 3 s for each
 * member, as against 1.5 s). In teams of two at most, one goes to either. */
START_TEST(helpers_go_where_most_work_is_left_for_each_member)
{
    static const double seconds[] = {10, 4};

    ck_assert_double_eq_tol(
        simulate_teams(4, 4, 2, seconds, (struct team){.most = 4, .efficiency = 1}).wall_s, 4, 1e-9);
    ck_assert_double_eq_tol(
        simulate_teams(4, 4, 2, seconds, (struct team){.most = 2, .efficiency = 1}).wall_s, 5.5, 1e-9);
}
END_TEST

/* Two trajectories of 10 s and 4 s on two ranks: the shorter one ends at 4 s, its rank looks around at 5 s. */
START_TEST(a_rank_that_has_trained_helps)
{
    static const double seconds[] = {10, 4};

    ck_assert_double_eq_tol(
        simulate_teams(2, 2, 2, seconds, (struct team){.most = 2, .efficiency = 1}).wall_s, 5 + 5.0 / 2,
        1e-9);
}
END_TEST

/* Two trajectories on three ranks, in teams of two. At 1 s the third rank goes to the longer one, which then ends at
 * 1 + 19 / 2 = 10.5 s. 2 ms later it goes to the other one; the rank that has led begins too late to be of use. */
START_TEST(a_helper_whose_team_has_ended_goes_to_another_one)
{
    static const double seconds[] = {20, 15};
    const struct ms_simulation simulation = simulate_teams(3, 3, 2, seconds,
                                                           (struct team){.most = 2, .efficiency = 1});

    ck_assert_double_eq_tol(simulation.wall_s, 10.502 + (15 - 10.502) / 2, 1e-9);
}
END_TEST

/* Three ranks, of which one helps from the beginning: first with the trajectory of a second that begins first. When its rank begins
 * the next one after half a second, 9.5 s are left of the long one. */
START_TEST(a_helper_moves_when_its_rank_begins_with_something_shorter_than_is_left_elsewhere)
{
    static const double seconds[] = {10, 1, 1, 1, 1};
    const struct ms_simulation simulation = simulate_teams(
        3, 3, 5, seconds, (struct team){.most = 2, .efficiency = 1, .first_helpers = 1});

    ck_assert_double_eq_tol(simulation.wall_s, 0.5 + 9.5 / 2, 1e-6);
    ck_assert_double_eq_tol(simulation.helped_s, simulation.wall_s, 1e-6);
}
END_TEST

/* With ideal teams, the time of all members is what one rank would take for everything. */
START_TEST(ideal_teams_train_as_much_in_their_time_as_single_ranks)
{
    static const struct team team = {.most = 64, .efficiency = 1};

    for (int32_t ranks = 1; ranks <= 64; ranks += 7)
        for (int32_t node_ranks = 2; node_ranks <= 32; node_ranks *= 4) {
            double seconds[TRAJECTORIES], sum = 0;
            struct ms_simulation alone, together;

            for (int t = 0; t < TRAJECTORIES; t++)
                sum += seconds[t] = 1 + t * 7 % TRAJECTORIES;
            alone = simulate_teams(ranks, 1, TRAJECTORIES, seconds, team);
            together = simulate_teams(ranks, node_ranks, TRAJECTORIES, seconds, team);
            ck_assert_double_eq_tol(alone.busy_s, sum, 1e-9 * sum);
            ck_assert_double_eq(alone.helped_s, 0);
            ck_assert_double_eq_tol(together.busy_s + together.helped_s, sum, 1e-9 * sum);
            ck_assert_double_le(together.wall_s, alone.wall_s);
            ck_assert_double_ge(together.wall_s, sum / ranks - 1e-9);
        }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("simulate");
    TCase *tests = tcase_create("simulate");

    tcase_add_test(tests, one_rank_takes_the_sum_of_all_seconds);
    tcase_add_test(tests, as_many_ranks_as_trajectories_take_as_long_as_the_longest);
    tcase_add_test(tests, the_schedule_ends_as_the_one_that_gives_work_to_the_first_free_rank);
    tcase_add_test(tests, a_finished_trajectory_and_a_rank_that_only_coordinates_take_no_time);
    tcase_add_test(tests, a_bundle_takes_the_sum_of_its_trajectories);
    tcase_add_test(tests, each_cost_is_paid_once_for_what_it_is_of);
    tcase_add_test(tests, messages_and_a_busy_coordinator_delay_leases);
    tcase_add_test(tests, a_sweep_without_work_ends_at_once);
    tcase_add_test(tests, ranks_without_a_lease_help_those_of_their_node);
    tcase_add_test(tests, a_team_has_no_more_members_than_are_of_use);
    tcase_add_test(tests, helpers_go_where_most_work_is_left_for_each_member);
    tcase_add_test(tests, a_rank_that_has_trained_helps);
    tcase_add_test(tests, a_helper_whose_team_has_ended_goes_to_another_one);
    tcase_add_test(tests, a_helper_moves_when_its_rank_begins_with_something_shorter_than_is_left_elsewhere);
    tcase_add_test(tests, ideal_teams_train_as_much_in_their_time_as_single_ranks);
    suite_add_tcase(suite, tests);
    return suite;
}
