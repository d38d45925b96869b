/* What follows from measurements for networks that were not measured. No test depends on how long anything takes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/plan_speed.h"
#include "moonsweep/plan.h"
#include "unit.h"

/* A job with these sizes and numbers of samples, and what plan_speed_measure says of it. */
struct fixture {
    struct ms_job job;
    struct ms_dataset *datasets;
    struct plan_speed speed;
};

static void measure(const char *n_h, const char *samples, int32_t threads, struct fixture *fixture)
{
    char text[1024];
    struct ms_error err;

    (void)snprintf(
        text, sizeof text,
        "name: unit\ndata:\n  moons: {samples: %s, noise: 0.25, seed: 0}\n  dev_fraction: 0.25\n"
        "  split_seed: 42\ngrid: {n_h: %s, activation: [tanh, relu], learning_rate: 0.1, iterations: 9}\n",
        samples, n_h);
    *fixture = (struct fixture){.datasets = NULL};
    ck_assert_int_eq(ms_job_parse("unit.yaml", text, strlen(text), &fixture->job, &err), MS_OK);
    ck_assert_int_eq(ms_job_data(&fixture->job, NULL, &fixture->datasets, &err), MS_OK);
    ck_assert_int_eq(plan_speed_measure(&fixture->job, fixture->datasets, threads, &fixture->speed, &err),
                     MS_OK);
}

static void free_fixture(struct fixture *fixture)
{
    plan_speed_free(&fixture->speed);
    ms_datasets_free(fixture->datasets, fixture->job.grid.n_datasets);
    ms_job_free(&fixture->job);
}

/* Of 15 sizes, 8 are measured: every second one. The others are on the line between their neighbours. */
START_TEST(sizes_between_those_measured_are_interpolated)
{
    struct fixture fixture;

    measure("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]", "400", 1, &fixture);
    for (int i = 1; i < 14; i += 2)
        for (int activation = 0; activation < 2; activation++) {
            const double *at = &fixture.speed.iteration_s[2 * i + activation];
            const double expected = (at[-2] + at[2]) / 2;

            ck_assert_double_eq_tol(*at, expected, 1e-9 * expected);
        }
    free_fixture(&fixture);
}
END_TEST

/* Of four sizes of training sets, 150, 300, 600 and 750, the third one is not measured. */
START_TEST(data_sets_that_are_not_measured_take_time_in_proportion_to_their_work)
{
    struct fixture fixture;
    double ratio;

    measure("[1, 4]", "[200, 400, 800, 1000]", 1, &fixture);
    /* A constant is added for storing costs; it cancels. */
    for (int i = 0; i < 4; i++) {
        const enum ms_activation activation = i % 2 == 0 ? MS_TANH : MS_RELU;
        const double cost_s = 3e-9;

        ratio = ms_plan_cost(activation, 2, i < 2 ? 1 : 4, 600) /
                ms_plan_cost(activation, 2, i < 2 ? 1 : 4, 750);
        ck_assert_double_eq_tol((fixture.speed.iteration_s[8 + i] - cost_s) /
                                    (fixture.speed.iteration_s[12 + i] - cost_s),
                                ratio, 1e-9);
    }
    free_fixture(&fixture);
}
END_TEST

START_TEST(several_threads_measure_every_network)
{
    struct fixture fixture;

    measure("[1, 50]", "400", 3, &fixture);
    for (int t = 0; t < 4; t++) {
        ck_assert_double_gt(fixture.speed.iteration_s[t], 0);
        ck_assert_double_gt(fixture.speed.result_s[t], 0);
    }
    /* 50 units take longer than 1 on every machine. */
    ck_assert_double_gt(fixture.speed.iteration_s[2], fixture.speed.iteration_s[0]);
    free_fixture(&fixture);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("plan_speed");
    TCase *tests = tcase_create("plan_speed");

    tcase_add_test(tests, sizes_between_those_measured_are_interpolated);
    tcase_add_test(tests, data_sets_that_are_not_measured_take_time_in_proportion_to_their_work);
    tcase_add_test(tests, several_threads_measure_every_network);
    suite_add_tcase(suite, tests);
    return suite;
}
