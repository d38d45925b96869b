/* The rounds of a sweep, and the numbers of ranks that make sense, for made-up seconds.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plan_ranks.h"
#include "moonsweep/team_speed.h"
#include "unit.h"

/* Reads a job of trajectories that differ in their learning rate, and lets iterations of the i-th take seconds[i]. */
static void make_job(const char *grid, const char *more, const double *seconds, struct ms_job *job,
                     struct plan_speed *speed)
{
    char text[1024];
    struct ms_error err;
    int64_t trajectories;

    (void)snprintf(text, sizeof text,
                   "name: unit\ndata:\n  moons: {samples: 200, noise: 0.25, seed: 0}\n  dev_fraction: 0.2\n"
                   "  split_seed: 42\ngrid: {n_h: 3, activation: tanh, %s}\n%s",
                   grid, more);
    ck_assert_int_eq(ms_job_parse("unit.yaml", text, strlen(text), job, &err), MS_OK);
    trajectories = ms_grid_trajectories(&job->grid);
    speed->iteration_s = calloc((size_t)trajectories, sizeof *speed->iteration_s);
    speed->result_s = calloc((size_t)trajectories, sizeof *speed->result_s);
    for (int64_t t = 0; t < trajectories; t++) {
        speed->iteration_s[t] = seconds[t];
        speed->result_s[t] = 0.5;
    }
}

static void make_rounds(const char *grid, const char *more, const double *seconds, struct ms_job *job,
                        struct plan_rounds *rounds)
{
    struct plan_speed speed;
    struct ms_dataset *datasets;
    struct ms_error err;

    make_job(grid, more, seconds, job, &speed);
    ck_assert_int_eq(ms_job_data(job, NULL, &datasets, &err), MS_OK);
    ck_assert_int_eq(plan_rounds_make(job, datasets, &speed, rounds, &err), MS_OK);
    ms_datasets_free(datasets, 1);
    plan_speed_free(&speed);
}

static void free_rounds(struct ms_job *job, struct plan_rounds *rounds)
{
    plan_rounds_free(rounds);
    ms_job_free(job);
}

static const double some_seconds[] = {1, 2, 0.5};

START_TEST(a_trajectory_takes_its_iterations_and_each_of_its_results)
{
    struct ms_job job;
    struct plan_rounds rounds;

    make_rounds("learning_rate: [0.1, 0.2, 0.3], iterations: [10, 100]", "", some_seconds, &job, &rounds);
    ck_assert_int_eq(rounds.n, 1);
    ck_assert_double_eq(rounds.rounds[0].seconds[0], 100 + 1);
    ck_assert_double_eq(rounds.rounds[0].seconds[1], 200 + 1);
    ck_assert_double_eq(rounds.rounds[0].seconds[2], 50 + 1);
    ck_assert_double_eq(rounds.core_s, 353);
    ck_assert_double_eq(rounds.longest_s, 201);
    ck_assert_int_eq(rounds.longest, 1);
    free_rounds(&job, &rounds);
}
END_TEST

/* Every fifth iteration is evaluated: 20 times, and at the two iteration counts. */
START_TEST(a_rule_that_evaluates_more_often_takes_time)
{
    struct ms_job job;
    struct plan_rounds rounds;

    make_rounds("learning_rate: [0.1, 0.2, 0.3], iterations: [10, 100]",
                "stop: {target_dev_accuracy: 90, every: 5}\n", some_seconds, &job, &rounds);
    ck_assert_double_eq(rounds.rounds[0].seconds[0], 100 + 0.5 * 22);
    free_rounds(&job, &rounds);
}
END_TEST

/* Of four trajectories the two slowest go on after 10 seconds, and the slowest of these after 100, by either kind of
 * measure. */
START_TEST(with_halving_the_slowest_trajectories_go_on)
{
    static const double seconds[] = {1e-6, 4e-6, 3e-6, 2e-6};
    static const char *const halving[] = {"halving: {keep: 0.5, by: dev_accuracy}\n",
                                          "halving: {keep: 0.5, by: dev_cost}\n"};

    for (int i = 0; i < 2; i++) {
        struct ms_job job;
        struct plan_rounds rounds;
        struct ms_error err;
        double wall_s;

        make_rounds("learning_rate: [0.1, 0.2, 0.3, 0.4], iterations: [10000000, 100000000, 1000000000]",
                    halving[i], seconds, &job, &rounds);
        ck_assert_int_eq(rounds.n, 3);
        ck_assert_double_eq_tol(rounds.core_s, 10 * (1 + 4 + 3 + 2) + 90 * (4 + 3) + 900 * 4 + 0.5 * 7, 1e-9);
        ck_assert_double_eq_tol(rounds.longest_s, 10 * 4 + 90 * 4 + 900 * 4 + 0.5 * 3, 1e-9);
        ck_assert_int_eq(rounds.longest, 1);
        ck_assert_int_eq(plan_rounds_simulate(&rounds, 4, &wall_s, &err), MS_OK);
        ck_assert_double_eq_tol(wall_s, rounds.longest_s, 1e-9);
        ck_assert_int_eq(plan_rounds_simulate(&rounds, 1, &wall_s, &err), MS_OK);
        ck_assert_double_eq_tol(wall_s, rounds.core_s, 1e-9);
        free_rounds(&job, &rounds);
    }
}
END_TEST

/* ---- ranks ----------------------------------------------------------------------------------------------- */

/* One trajectory of 100 s, as if on 1,600 samples, in teams of up to four. */
START_TEST(ranks_of_a_node_help_with_a_trajectory)
{
    static const double seconds[] = {1e-3};
    struct ms_job job;
    struct plan_rounds rounds;
    struct ms_team_shape shape;
    struct ms_error err;

    make_rounds("learning_rate: 0.1, iterations: 100000", "", seconds, &job, &rounds);
    rounds.train[0] = ms_samples_sizes(&(struct ms_data){.rows = 1600, .n_x = 2}, MS_FLOAT64);
    shape = (struct ms_team_shape){.samples = &rounds.train[0], .n_h = 3, .iteration_s = 1e-3};
    for (int32_t node_ranks = 0; node_ranks <= 16; node_ranks++) {
        const int32_t members = node_ranks < 2 ? 1 : node_ranks > 4 ? 4 : node_ranks;
        double wall_s;

        rounds.node_ranks = node_ranks;
        ck_assert_int_eq(plan_rounds_most_members(&rounds, 0), members);
        ck_assert_int_eq(plan_rounds_simulate(&rounds, 16, &wall_s, &err), MS_OK);
        ck_assert_double_eq_tol(wall_s, 100.5 / ms_team_speed_up(&shape, members), 0.01);
    }
    free_rounds(&job, &rounds);
}
END_TEST

START_TEST(what_help_brings_is_found)
{
    static const double seconds[] = {1e-3};
    struct ms_job job;
    struct plan_rounds rounds;
    struct plan_ranks found;
    struct ms_error err;

    make_rounds("learning_rate: 0.1, iterations: 100000", "", seconds, &job, &rounds);
    rounds.train[0] = ms_samples_sizes(&(struct ms_data){.rows = 1600, .n_x = 2}, MS_FLOAT64);
    rounds.node_ranks = 8;
    ck_assert_int_eq(plan_ranks_find(&rounds, 2, 0, &found, &err), MS_OK);
    ck_assert_double_eq(found.wanted_no_teams_s, 100.5);
    ck_assert_double_lt(found.wanted.wall_s, 0.6 * 100.5);
    ck_assert_int_eq(found.useful.ranks, 4);
    free_rounds(&job, &rounds);
}
END_TEST

/* A hundred trajectories that take 100.5 s each. */
static void make_hundred(struct ms_job *job, struct plan_rounds *rounds)
{
    double seconds[100];

    for (int i = 0; i < 100; i++)
        seconds[i] = 1e-6;
    make_rounds("learning_rate: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], "
                "seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], iterations: 100000000",
                "", seconds, job, rounds);
}

/* The least time on n ranks, which share the trajectories in slices. */
static double hundred_s(int n)
{
    return 100.5 * fmax(100.0 / n, 1);
}

/* How much longer slices may take. */
static const double tolerance = 0.01;

START_TEST(the_useful_ranks_are_the_fewest_that_save_almost_everything)
{
    static const int32_t rows[] = {1, 2, 4, 5, 8, 16, 32, 64, 0, 128, 256}; /* 0: the useful one */
    struct ms_job job;
    struct plan_rounds rounds;
    struct plan_ranks found;
    struct ms_error err;

    make_hundred(&job, &rounds);
    ck_assert_int_eq(plan_ranks_find(&rounds, 5, 0, &found, &err), MS_OK);
    /* On fewer ranks, it takes more than 1 / 0.95 times the time of 100. */
    ck_assert_int_ge(found.useful.ranks, 95);
    ck_assert_int_le(found.useful.ranks, 97);
    ck_assert_int_eq(found.wanted.ranks, 5);
    ck_assert_double_eq_tol(found.wanted.wall_s, hundred_s(5), tolerance * hundred_s(5));
    ck_assert_double_eq_tol(found.wanted.efficiency, 1, tolerance);
    ck_assert_int_eq(found.n, 11);
    for (int i = 0; i < found.n; i++) {
        const struct plan_ranks_row *row = &found.rows[i];

        ck_assert_int_eq(row->ranks, rows[i] > 0 ? rows[i] : found.useful.ranks);
        ck_assert_double_ge(row->wall_s, hundred_s(row->ranks) - 1e-9);
        ck_assert_double_le(row->wall_s, hundred_s(row->ranks) * (1 + tolerance));
        ck_assert_double_eq_tol(row->efficiency, 100 * 100.5 / (row->ranks * row->wall_s), 1e-9);
    }
    free_rounds(&job, &rounds);
}
END_TEST

START_TEST(within_a_time_the_fewest_ranks_are_found)
{
    struct ms_job job;
    struct plan_rounds rounds;
    struct ms_error err;

    make_hundred(&job, &rounds);
    for (int limit = 101; limit < 10100; limit += 100) {
        struct plan_ranks found;

        ck_assert_int_eq(plan_ranks_find(&rounds, 0, limit, &found, &err), MS_OK);
        ck_assert_double_le(found.wanted.wall_s, limit);
        ck_assert_double_gt(hundred_s(found.wanted.ranks - 1) * (1 + tolerance), limit);
    }
    free_rounds(&job, &rounds);
}
END_TEST

START_TEST(a_time_that_no_number_of_ranks_reaches_is_refused)
{
    struct ms_job job;
    struct plan_rounds rounds;
    struct plan_ranks found;
    struct ms_error err;

    make_hundred(&job, &rounds);
    ck_assert_int_eq(plan_ranks_find(&rounds, 0, 100, &found, &err), MS_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "the longest trajectory"));
    free_rounds(&job, &rounds);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("plan_ranks");
    TCase *tests = tcase_create("plan_ranks");

    tcase_add_test(tests, a_trajectory_takes_its_iterations_and_each_of_its_results);
    tcase_add_test(tests, a_rule_that_evaluates_more_often_takes_time);
    tcase_add_test(tests, with_halving_the_slowest_trajectories_go_on);
    tcase_add_test(tests, ranks_of_a_node_help_with_a_trajectory);
    tcase_add_test(tests, what_help_brings_is_found);
    tcase_add_test(tests, the_useful_ranks_are_the_fewest_that_save_almost_everything);
    tcase_add_test(tests, within_a_time_the_fewest_ranks_are_found);
    tcase_add_test(tests, a_time_that_no_number_of_ranks_reaches_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
