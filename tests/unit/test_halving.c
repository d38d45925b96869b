/* Successive halving: which trajectories each rung keeps.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/halving.h"

#include <math.h>

#include "unit.h"

enum { TRAJECTORIES = 5, COUNTS = 3, CONFIGS = TRAJECTORIES * COUNTS };

/* A product of 5 learning rates and the iteration counts 10, 20 and 40. Its axes are static. */
static struct ms_grid product(void)
{
    static int32_t n_h[] = {2};
    static enum ms_activation activation[] = {MS_TANH};
    static double learning_rate[] = {1, 2, 3, 4, 5}, init_scale[] = {0.01};
    static uint32_t seed[] = {0};
    static int64_t iterations[] = {10, 20, 40};

    return (struct ms_grid){.n_datasets = 1,
                            .cost_stride = 1,
                            .n_n_h = 1,
                            .n_activation = 1,
                            .n_learning_rate = TRAJECTORIES,
                            .n_init_scale = 1,
                            .n_seed = 1,
                            .n_iterations = COUNTS,
                            .n_h = n_h,
                            .activation = activation,
                            .learning_rate = learning_rate,
                            .init_scale = init_scale,
                            .seed = seed,
                            .iterations = iterations};
}

/* Sets the results of all trajectories at one of the counts. */
static void set(struct ms_halving_row *rows, int count, const double values[TRAJECTORIES], double other)
{
    for (int t = 0; t < TRAJECTORIES; t++)
        rows[t * COUNTS + count] = (struct ms_halving_row){values[t], other, MS_HALVING_RANKED};
}

/* Decides, and compares the decision with what is expected. */
static void check(const struct ms_halving *halving, const struct ms_halving_row *rows,
                  const int64_t goal[TRAJECTORIES], const int64_t dropped_at[TRAJECTORIES])
{
    const struct ms_grid grid = product();
    struct ms_halving_decision decision;
    struct ms_error err;

    ck_assert_int_eq(ms_halving_decide(halving, &grid, rows, &decision, &err), MS_OK);
    for (int t = 0; t < TRAJECTORIES; t++) {
        ck_assert_int_eq(decision.goal[t], goal[t]);
        ck_assert_int_eq(decision.dropped_at[t], dropped_at[t]);
    }
    ms_halving_decision_free(&decision);
}

START_TEST(every_rung_is_decided_when_all_its_trajectories_are_final)
{
    const struct ms_halving halving = {.keep = 0.5, .by = MS_HALVING_DEV_ACCURACY};
    struct ms_halving_row rows[CONFIGS] = {{0}};

    check(&halving, rows, (int64_t[]){10, 10, 10, 10, 10}, (int64_t[]){0, 0, 0, 0, 0});
    set(rows, 0, (double[]){50, 90, 70, 60, 80}, 1);
    rows[2 * COUNTS].state = MS_HALVING_PENDING;
    check(&halving, rows, (int64_t[]){0, 0, 10, 0, 0}, (int64_t[]){0, 0, 0, 0, 0});
    rows[2 * COUNTS].state = MS_HALVING_RANKED;
    check(&halving, rows, (int64_t[]){0, 20, 20, 0, 20}, (int64_t[]){10, 0, 0, 10, 0});
    rows[1 * COUNTS + 1] = rows[4 * COUNTS + 1] = (struct ms_halving_row){90, 1, MS_HALVING_RANKED};
    rows[2 * COUNTS + 1] = (struct ms_halving_row){89, 1, MS_HALVING_RANKED};
    check(&halving, rows, (int64_t[]){0, 40, 0, 0, 40}, (int64_t[]){10, 0, 20, 10, 0});
}
END_TEST

START_TEST(smaller_costs_are_better)
{
    const struct ms_halving halving = {.keep = 0.2, .by = MS_HALVING_TRAIN_COST};
    struct ms_halving_row rows[CONFIGS] = {{0}};

    set(rows, 0, (double[]){5, 4, 1, 2, 3}, 50);
    check(&halving, rows, (int64_t[]){0, 0, 20, 0, 0}, (int64_t[]){10, 10, 0, 10, 10});
}
END_TEST

START_TEST(ties_are_broken_by_the_other_measure_and_then_by_the_index)
{
    const struct ms_halving halving = {.keep = 0.4, .by = MS_HALVING_DEV_ACCURACY};
    struct ms_halving_row rows[CONFIGS] = {{0}};

    set(rows, 0, (double[]){80, 80, 80, 80, 80}, 0.5);
    check(&halving, rows, (int64_t[]){20, 20, 0, 0, 0}, (int64_t[]){0, 0, 10, 10, 10});
    rows[4 * COUNTS].other = 0.25;
    check(&halving, rows, (int64_t[]){20, 0, 0, 0, 20}, (int64_t[]){0, 10, 10, 10, 0});
}
END_TEST

START_TEST(diverged_trajectories_are_counted_but_never_go_on)
{
    const struct ms_halving halving = {.keep = 0.8, .by = MS_HALVING_DEV_ACCURACY};
    struct ms_halving_row rows[CONFIGS] = {{0}};

    set(rows, 0, (double[]){50, 99, 99, 40, 30}, 1);
    rows[1 * COUNTS].state = rows[2 * COUNTS].state = MS_HALVING_DIVERGED;
    check(&halving, rows, (int64_t[]){20, 0, 0, 20, 20}, (int64_t[]){0, 0, 0, 0, 0});
    for (int t = 0; t < TRAJECTORIES; t++)
        rows[t * COUNTS].state = MS_HALVING_DIVERGED;
    check(&halving, rows, (int64_t[]){0, 0, 0, 0, 0}, (int64_t[]){0, 0, 0, 0, 0});
}
END_TEST

START_TEST(values_that_are_not_finite_are_the_worst)
{
    const struct ms_halving halving = {.keep = 0.4, .by = MS_HALVING_DEV_COST};
    struct ms_halving_row rows[CONFIGS] = {{0}};

    set(rows, 0, (double[]){NAN, INFINITY, 3, -INFINITY, 2}, 50);
    check(&halving, rows, (int64_t[]){0, 0, 20, 0, 20}, (int64_t[]){10, 10, 0, 10, 0});
}
END_TEST

/* With n trajectories and the fraction r = p / q as the nearest float64, the number kept is ceil(r n), at least 1. */
START_TEST(the_number_that_goes_on_is_exact_for_decimals_and_quotients)
{
    struct ms_grid grid = product();
    struct ms_error err;

    grid.n_learning_rate = 1;
    grid.n_iterations = 2;
    for (int n = 1; n <= 100; n++)
        for (int p = 1; p < 100; p += 3) {
            struct ms_halving halving = {.keep = p / 100.0, .by = MS_HALVING_DEV_ACCURACY};
            uint32_t seeds[100] = {0};
            struct ms_halving_row rows[200] = {{0}};
            struct ms_halving_decision decision;
            int kept = 0;

            grid.n_seed = n;
            grid.seed = seeds;
            for (int t = 0; t < n; t++)
                rows[2 * t].state = MS_HALVING_RANKED;
            ck_assert_int_eq(ms_halving_decide(&halving, &grid, rows, &decision, &err), MS_OK);
            for (int t = 0; t < n; t++)
                kept += decision.goal[t] == 20;
            ck_assert_msg(kept == (p * n + 99) / 100, "%d of %d with 0.%02d", kept, n, p);
            ms_halving_decision_free(&decision);
        }
}
END_TEST

START_TEST(each_data_set_is_decided_by_itself)
{
    const struct ms_halving halving = {.keep = 0.2, .by = MS_HALVING_DEV_ACCURACY};
    struct ms_grid grid = product();
    struct ms_halving_row rows[2 * CONFIGS] = {{0}};
    struct ms_halving_decision decision;
    struct ms_error err;

    grid.n_datasets = 2;
    set(rows, 0, (double[]){1, 2, 3, 4, 5}, 1);
    set(rows + CONFIGS, 0, (double[]){50, 40, 30, 20, 10}, 1);
    ck_assert_int_eq(ms_halving_decide(&halving, &grid, rows, &decision, &err), MS_OK);
    for (int t = 0; t < 2 * TRAJECTORIES; t++)
        ck_assert_int_eq(decision.goal[t], t == 4 || t == 5 ? 20 : 0);
    ms_halving_decision_free(&decision);
}
END_TEST

START_TEST(no_more_work_is_left_than_is_assumed)
{
    const struct ms_halving halving = {.keep = 0.4, .by = MS_HALVING_DEV_ACCURACY};
    const double cost[TRAJECTORIES] = {1, 5, 3, 2, 4};
    const int64_t expected[TRAJECTORIES] = {10, 0, 10, 10,
                                            20}; /* the dearest two go on, and then the dearest one */
    const struct ms_grid grid = product();
    struct ms_halving_row rows[CONFIGS] = {{0}};
    struct ms_halving_decision decision;
    struct ms_error err;

    ck_assert_int_eq(ms_halving_assume(&halving, &grid, rows, cost, &decision, &err), MS_OK);
    for (int t = 0; t < TRAJECTORIES; t++)
        ck_assert_int_eq(decision.dropped_at[t], expected[t]);
    ms_halving_decision_free(&decision);
}
END_TEST

START_TEST(measures_have_the_names_of_the_variables_and_pairs)
{
    ck_assert_str_eq(ms_halving_measure_name(MS_HALVING_DEV_COST), "dev_cost");
    for (int i = 0; i < MS_HALVING_MEASURES; i++) {
        const enum ms_halving_measure measure = (enum ms_halving_measure)i;

        ck_assert_int_ne(ms_halving_other(measure), measure);
        ck_assert_int_eq(ms_halving_other(ms_halving_other(measure)), measure);
        ck_assert_int_eq(ms_halving_measure_name(measure)[0],
                         ms_halving_measure_name(ms_halving_other(measure))[0]); /* of the same set */
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("halving");
    TCase *tests = tcase_create("halving");

    tcase_add_test(tests, every_rung_is_decided_when_all_its_trajectories_are_final);
    tcase_add_test(tests, smaller_costs_are_better);
    tcase_add_test(tests, ties_are_broken_by_the_other_measure_and_then_by_the_index);
    tcase_add_test(tests, diverged_trajectories_are_counted_but_never_go_on);
    tcase_add_test(tests, values_that_are_not_finite_are_the_worst);
    tcase_add_test(tests, the_number_that_goes_on_is_exact_for_decimals_and_quotients);
    tcase_add_test(tests, each_data_set_is_decided_by_itself);
    tcase_add_test(tests, no_more_work_is_left_than_is_assumed);
    tcase_add_test(tests, measures_have_the_names_of_the_variables_and_pairs);
    suite_add_tcase(suite, tests);
    return suite;
}
