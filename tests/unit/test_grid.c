/* Grids: the order of their configurations, and which of them share a trajectory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/grid.h"

#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "unit.h"

/* Returns the article's grid, 7 x 3 x 5 x 1 x 4. Its axes are static. */
static struct ms_grid article(void)
{
    static int32_t n_h[] = {1, 2, 3, 4, 5, 10, 50};
    static enum ms_activation activation[] = {MS_TANH, MS_SIGMOID, MS_RELU};
    static double learning_rate[] = {1.2, 0.6, 0.1, 0.01, 0.001};
    static double init_scale[] = {0.01};
    static uint32_t seed[] = {0};
    static int64_t iterations[] = {100, 1000, 10000, 100000};

    return (struct ms_grid){.n_datasets = 1,
                            .cost_stride = 1,
                            .n_n_h = 7,
                            .n_activation = 3,
                            .n_learning_rate = 5,
                            .n_init_scale = 1,
                            .n_seed = 1,
                            .n_iterations = 4,
                            .n_h = n_h,
                            .activation = activation,
                            .learning_rate = learning_rate,
                            .seed = seed,
                            .init_scale = init_scale,
                            .iterations = iterations};
}

START_TEST(the_articles_grid_has_420_configurations_in_105_trajectories)
{
    const struct ms_grid grid = article();

    ck_assert_int_eq(ms_grid_configs(&grid), 420);
    ck_assert_int_eq(ms_grid_trajectories(&grid), 105);
    ck_assert_int_eq(ms_grid_max_n_h(&grid), 50);
    ck_assert_int_eq(ms_grid_max_iterations(&grid), 100000);
}
END_TEST

START_TEST(configurations_are_numbered_as_published)
{
    const struct ms_grid grid = article();
    struct figures *figures = figures_open("accuracy-sample.csv");

    while (figures_next(figures)) {
        const int64_t index = figures_integer(figures, "index");
        const struct ms_config config = ms_grid_config(&grid, index);

        ck_assert_int_eq(config.n_h, figures_integer(figures, "n_h"));
        ck_assert_str_eq(ms_activation_name(config.activation), figures_text(figures, "activation"));
        ck_assert_double_eq(config.learning_rate, figures_number(figures, "learning_rate"));
        ck_assert_int_eq(config.iterations, figures_integer(figures, "iterations"));
        ck_assert_int_eq(config.trajectory, index / 4);
        ck_assert_double_eq(config.init_scale, 0.01);
        ck_assert_int_eq(config.dataset, 0);
    }
    ck_assert_int_eq(figures_close(figures), 214);
}
END_TEST

START_TEST(every_combination_occurs_once_and_seeds_vary_before_scales_and_learning_rates)
{
    int32_t n_h[] = {4, 2};
    enum ms_activation activation[] = {MS_RELU, MS_TANH};
    double learning_rate[] = {0.5, 0.25, 0.125};
    double init_scale[] = {2, 0.5};
    uint32_t seed[] = {7, 4294967295};
    int64_t iterations[] = {30, 10, 20};
    const struct ms_grid grid = {.n_datasets = 1,
                                 .cost_stride = 1,
                                 .n_n_h = 2,
                                 .n_activation = 2,
                                 .n_learning_rate = 3,
                                 .n_init_scale = 2,
                                 .n_seed = 2,
                                 .n_iterations = 3,
                                 .n_h = n_h,
                                 .activation = activation,
                                 .learning_rate = learning_rate,
                                 .seed = seed,
                                 .init_scale = init_scale,
                                 .iterations = iterations};
    int64_t index = 0;

    for (int h = 0; h < 2; h++)
        for (int a = 0; a < 2; a++)
            for (int r = 0; r < 3; r++)
                for (int s = 0; s < 4; s++)
                    for (int i = 0; i < 3; i++) {
                        const struct ms_config config = ms_grid_config(&grid, index);

                        ck_assert_int_eq(config.n_h, n_h[h]);
                        ck_assert_int_eq(config.activation, activation[a]);
                        ck_assert_double_eq(config.learning_rate, learning_rate[r]);
                        ck_assert_double_eq(config.init_scale, init_scale[s / 2]);
                        ck_assert_uint_eq(config.seed, seed[s % 2]);
                        ck_assert_int_eq(config.iterations, iterations[i]);
                        ck_assert_int_eq(config.trajectory, index / 3);
                        index++;
                    }
    ck_assert_int_eq(index, ms_grid_configs(&grid));
    ck_assert_int_eq(ms_grid_max_n_h(&grid), 4);
    ck_assert_int_eq(ms_grid_max_iterations(&grid), 30);
}
END_TEST

START_TEST(members_of_a_trajectory_ascend_for_any_order_of_the_axis)
{
    int64_t iterations[] = {30, 10, 1000, 20, 1};
    const struct ms_grid_member expected[] = {{39, 1}, {36, 10}, {38, 20}, {35, 30}, {37, 1000}};
    struct ms_grid grid = article();
    struct ms_grid_member members[5];
    struct ms_grid_trajectory trajectory;

    grid.iterations = iterations;
    grid.n_iterations = 5;
    ck_assert_int_eq(ms_grid_max_members(&grid), 5);
    ck_assert_int_eq(ms_grid_members(&grid, 7, members), 5);
    ck_assert_mem_eq(members, expected, sizeof expected);
    trajectory = ms_grid_trajectory(&grid, 7);
    ck_assert_int_eq(trajectory.members, 5);
    ck_assert_int_eq(trajectory.longest.trajectory, 7);
    ck_assert_int_eq(trajectory.longest.iterations, 1000);
    ck_assert_double_eq(trajectory.longest.learning_rate, ms_grid_config(&grid, 35).learning_rate);
    ck_assert_int_eq(trajectory.cost_start, 7000);
    ck_assert_int_eq(trajectory.cost_room, 1000);
    ck_assert_int_eq(ms_grid_costs(&grid), 105000);
}
END_TEST

/* ---- lists -------------------------------------------------------------------------------------------- */

/* Configurations of three trajectories: a, b, a, c, b, b, of which two are equal. */
static const struct ms_config mixed[] = {
    {.n_h = 3, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 1, .iterations = 100},
    {.n_h = 2, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 1, .iterations = 30},
    {.n_h = 3, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 1, .iterations = 20},
    {.n_h = 3, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 2, .iterations = 7},
    {.n_h = 2, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 1, .iterations = 40},
    {.n_h = 2, .activation = MS_TANH, .learning_rate = 0.5, .init_scale = 1, .seed = 1, .iterations = 30},
};
enum { MIXED = sizeof mixed / sizeof mixed[0] };

/* Expects the stored costs of two grids, with trajectories of 100, 40 and 7 iterations and of 1000. */
static void expect_costs(struct ms_grid *list, struct ms_grid *product, int64_t stride,
                         const int64_t spaces[3], int64_t space_of_product)
{
    int64_t start = 0;

    ms_grid_set_cost_stride(list, stride);
    ms_grid_set_cost_stride(product, stride);
    for (int64_t t = 0; t < 6; t++) {
        const struct ms_grid_trajectory trajectory = ms_grid_trajectory(list, t);

        ck_assert_int_eq(trajectory.cost_start, start);
        ck_assert_int_eq(trajectory.cost_room, spaces[t % 3]);
        start += spaces[t % 3];
    }
    ck_assert_int_eq(ms_grid_costs(list), start);
    ck_assert_int_eq(ms_grid_iterations(list), 2 * 147);
    ck_assert_int_eq(ms_grid_trajectory(product, 7).cost_start, 7 * space_of_product);
    ck_assert_int_eq(ms_grid_trajectory(product, 7).cost_room, space_of_product);
    ck_assert_int_eq(ms_grid_costs(product), 105 * space_of_product);
    ck_assert_int_eq(ms_grid_iterations(product), 105000);
}

START_TEST(costs_are_stored_with_any_stride_or_not_at_all)
{
    int64_t thousand[] = {10, 1000};
    struct ms_grid list, product = article();
    struct ms_error err;

    ck_assert_int_eq(ms_grid_set_list(&list, mixed, MIXED, &err), MS_OK);
    list.n_datasets = 2;
    product.iterations = thousand;
    product.n_iterations = 2;
    expect_costs(&list, &product, 1, (const int64_t[]){100, 40, 7}, 1000);
    expect_costs(&list, &product, 3, (const int64_t[]){34, 14, 3}, 334);
    expect_costs(&list, &product, 20, (const int64_t[]){5, 2, 1}, 50);
    expect_costs(&list, &product, INT64_C(1) << 53, (const int64_t[]){1, 1, 1}, 1);
    expect_costs(&list, &product, 0, (const int64_t[]){0, 0, 0}, 0);
    ms_grid_free(&list);
}
END_TEST

START_TEST(configurations_of_a_list_share_trajectories_numbered_by_their_first_configurations)
{
    static const int64_t trajectories[MIXED] = {0, 1, 0, 2, 1, 1};
    static const struct ms_grid_member members[2][3] = {{{2, 20}, {0, 100}}, {{1, 30}, {5, 30}, {4, 40}}};
    struct ms_grid grid;
    struct ms_grid_member found[3];
    struct ms_error err;

    ck_assert_int_eq(ms_grid_set_list(&grid, mixed, MIXED, &err), MS_OK);
    ck_assert_int_eq(ms_grid_configs(&grid), MIXED);
    ck_assert_int_eq(ms_grid_trajectories(&grid), 3);
    ck_assert_int_eq(ms_grid_max_members(&grid), 3);
    ck_assert_int_eq(ms_grid_max_n_h(&grid), 3);
    ck_assert_int_eq(ms_grid_max_iterations(&grid), 100);
    ck_assert_int_eq(ms_grid_costs(&grid), 147);
    for (int64_t i = 0; i < MIXED; i++) {
        const struct ms_config config = ms_grid_config(&grid, i);

        ck_assert_int_eq(config.trajectory, trajectories[i]);
        ck_assert_int_eq(config.n_h, mixed[i].n_h);
        ck_assert_uint_eq(config.seed, mixed[i].seed);
        ck_assert_int_eq(config.iterations, mixed[i].iterations);
    }
    ck_assert_int_eq(ms_grid_members(&grid, 0, found), 2);
    ck_assert_mem_eq(found, members[0], 2 * sizeof found[0]);
    ck_assert_int_eq(ms_grid_members(&grid, 1, found), 3);
    ck_assert_mem_eq(found, members[1], 3 * sizeof found[0]);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 2).cost_start, 140);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 2).cost_room, 7);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 1).longest.iterations, 40);
    ck_assert_int_eq(ms_grid_check(&grid, &err), MS_OK);
    ms_grid_free(&grid);
    ck_assert_ptr_null(grid.list);
}
END_TEST

START_TEST(trajectories_of_a_list_differ_in_one_value_at_least)
{
    enum { TRAJECTORIES = 6 };
    struct ms_config configs[2 * TRAJECTORIES];
    struct ms_grid grid;
    struct ms_error err;

    for (int i = 0; i < 2 * TRAJECTORIES; i++)
        configs[i] = (struct ms_config){.n_h = 2,
                                        .learning_rate = 0.5,
                                        .init_scale = 1,
                                        .seed = 1,
                                        .iterations = i < TRAJECTORIES ? 20 : 10};
    for (int i = 0; i <= TRAJECTORIES; i += TRAJECTORIES) {
        configs[i + 1].n_h = 3;
        configs[i + 2].activation = MS_RELU;
        configs[i + 3].learning_rate = 0.25;
        configs[i + 4].init_scale = 0.5;
        configs[i + 5].seed = 2;
    }
    ck_assert_int_eq(ms_grid_set_list(&grid, configs, 2 * TRAJECTORIES, &err), MS_OK);
    ck_assert_int_eq(ms_grid_trajectories(&grid), TRAJECTORIES);
    for (int i = 0; i < TRAJECTORIES; i++) {
        struct ms_grid_member members[2];

        ck_assert_int_eq(ms_grid_members(&grid, i, members), 2);
        ck_assert_int_eq(members[0].config, i + TRAJECTORIES);
        ck_assert_int_eq(members[1].config, i);
    }
    ms_grid_free(&grid);
}
END_TEST

START_TEST(every_data_set_has_all_configurations_of_a_list)
{
    struct ms_grid grid;
    struct ms_grid_member found[3];
    struct ms_error err;

    ck_assert_int_eq(ms_grid_set_list(&grid, mixed, MIXED, &err), MS_OK);
    grid.n_datasets = 3;
    ck_assert_int_eq(ms_grid_configs(&grid), 3 * MIXED);
    ck_assert_int_eq(ms_grid_config(&grid, 2 * MIXED + 3).dataset, 2);
    ck_assert_int_eq(ms_grid_config(&grid, 2 * MIXED + 3).trajectory, 8);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 8).longest.dataset, 2);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 8).longest.trajectory, 8);
    ck_assert_int_eq(ms_grid_trajectory(&grid, 8).cost_start, 2 * 147 + 140);
    ck_assert_int_eq(ms_grid_members(&grid, 8, found), 1);
    ck_assert_int_eq(found[0].config, 2 * MIXED + 3);
    ms_grid_free(&grid);
}
END_TEST

/* Sets the grid to the list of all configurations of the article, without the last ones. */
static void set_to_article(struct ms_grid *grid, int64_t without)
{
    const struct ms_grid product = article();
    const int64_t n = ms_grid_configs(&product) - without;
    struct ms_config *configs = calloc((size_t)n, sizeof *configs);
    struct ms_error err;

    ck_assert_ptr_nonnull(configs);
    for (int64_t i = 0; i < n; i++)
        configs[i] = ms_grid_config(&product, i);
    ck_assert_int_eq(ms_grid_set_list(grid, configs, n, &err), MS_OK);
    free(configs);
}

START_TEST(a_list_that_is_a_product_becomes_that_product)
{
    const struct ms_grid product = article();
    struct ms_grid grid;

    set_to_article(&grid, 0);
    ck_assert_ptr_null(grid.list);
    ck_assert_int_eq(grid.n_n_h, 7);
    ck_assert_int_eq(grid.n_learning_rate, 5);
    ck_assert_mem_eq(grid.learning_rate, product.learning_rate, 5 * sizeof(double));
    ck_assert_mem_eq(grid.iterations, product.iterations, 4 * sizeof(int64_t));
    ms_grid_free(&grid);
    for (int64_t without = 1; without < 60; without++) {
        set_to_article(&grid, without);
        ck_assert_ptr_nonnull(grid.list);
        ck_assert_int_eq(ms_grid_configs(&grid), 420 - without);
        ms_grid_free(&grid);
    }
}
END_TEST

START_TEST(configurations_that_occur_twice_are_no_product)
{
    const struct ms_config twice[2] = {mixed[0], mixed[0]};
    const struct ms_config apart[4] = {mixed[0], mixed[2], mixed[0], mixed[2]};
    struct ms_grid grid;
    struct ms_error err;

    ck_assert_int_eq(ms_grid_set_list(&grid, twice, 2, &err), MS_OK);
    ck_assert_ptr_nonnull(grid.list);
    ck_assert_int_eq(ms_grid_trajectories(&grid), 1);
    ms_grid_free(&grid);
    ck_assert_int_eq(ms_grid_set_list(&grid, apart, 4, &err), MS_OK);
    ck_assert_ptr_nonnull(grid.list);
    ck_assert_int_eq(ms_grid_trajectories(&grid), 1);
    ck_assert_int_eq(ms_grid_max_members(&grid), 4);
    ms_grid_free(&grid);
}
END_TEST

START_TEST(a_list_of_more_than_2_to_the_53_costs_is_refused)
{
    struct ms_config configs[2] = {mixed[0], mixed[1]};
    struct ms_grid grid;
    struct ms_error err;

    configs[0].iterations = configs[1].iterations = INT64_C(1) << 53;
    ck_assert_int_eq(ms_grid_set_list(&grid, configs, 1, &err), MS_OK);
    ck_assert_int_eq(ms_grid_check(&grid, &err), MS_OK);
    ms_grid_free(&grid);
    configs[1].iterations--; /* no product */
    ck_assert_int_eq(ms_grid_set_list(&grid, configs, 2, &err), MS_OK);
    ck_assert_int_eq(ms_grid_check(&grid, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "2^53 costs"));
    ms_grid_free(&grid);
}
END_TEST

/* ---- sizes -------------------------------------------------------------------------------------------- */

/* Checks a grid with these lengths of axes and this largest iteration count. Of the axes, only the iterations are
 * read. */
static enum ms_code check_grid(int32_t n_h, int32_t seeds, int32_t rates, int64_t largest,
                               struct ms_error *err)
{
    struct ms_grid grid = article();
    int64_t iterations[] = {1, largest};

    grid.n_n_h = n_h;
    grid.n_activation = 1;
    grid.n_learning_rate = rates;
    grid.n_seed = seeds;
    grid.n_iterations = 2;
    grid.iterations = iterations;
    return ms_grid_check(&grid, err);
}

START_TEST(a_grid_of_more_than_2_to_the_31_configurations_is_refused)
{
    struct ms_error err;

    ck_assert_int_eq(check_grid(1 << 15, 1 << 14, 1, 10, &err), MS_OK);
    ck_assert_int_eq(check_grid((1 << 15) - 1, 1 << 15, 1, 10, &err), MS_OK); /* 2^31 - 2^16 */
    ck_assert_int_eq(check_grid(1 << 15, 1 << 15, 1, 10, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(
        strstr(err.text, "the grid has 2147483648 configurations; it may have at most 2147483647"));
    ck_assert_int_eq(check_grid(INT32_MAX, INT32_MAX, INT32_MAX, 10, &err), MS_BAD_INPUT);
}
END_TEST

START_TEST(a_grid_of_more_than_2_to_the_53_costs_is_refused)
{
    struct ms_error err;

    ck_assert_int_eq(check_grid(8, 1, 1, INT64_C(1) << 50, &err), MS_OK);
    ck_assert_int_eq(check_grid(8, 1, 1, (INT64_C(1) << 50) + 1, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "2^53 costs"));
    ck_assert_int_eq(check_grid(1 << 20, 1, 1, INT64_MAX, &err), MS_BAD_INPUT);
}
END_TEST

START_TEST(a_freed_grid_is_empty_and_may_be_freed_again)
{
    struct ms_grid grid = {.n_datasets = 1, .cost_stride = 1, .n_n_h = 3, .n_h = calloc(3, sizeof *grid.n_h)};

    ms_grid_free(&grid);
    ck_assert_ptr_null(grid.n_h);
    ck_assert_int_eq(grid.n_n_h, 0);
    ms_grid_free(&grid);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *tests = tcase_create("grid");

    tcase_add_test(tests, the_articles_grid_has_420_configurations_in_105_trajectories);
    tcase_add_test(tests, configurations_are_numbered_as_published);
    tcase_add_test(tests, trajectories_of_a_list_differ_in_one_value_at_least);
    tcase_add_test(tests, every_combination_occurs_once_and_seeds_vary_before_scales_and_learning_rates);
    tcase_add_test(tests, members_of_a_trajectory_ascend_for_any_order_of_the_axis);
    tcase_add_test(tests, configurations_of_a_list_share_trajectories_numbered_by_their_first_configurations);
    tcase_add_test(tests, every_data_set_has_all_configurations_of_a_list);
    tcase_add_test(tests, a_list_that_is_a_product_becomes_that_product);
    tcase_add_test(tests, configurations_that_occur_twice_are_no_product);
    tcase_add_test(tests, costs_are_stored_with_any_stride_or_not_at_all);
    tcase_add_test(tests, a_list_of_more_than_2_to_the_53_costs_is_refused);
    tcase_add_test(tests, a_grid_of_more_than_2_to_the_31_configurations_is_refused);
    tcase_add_test(tests, a_grid_of_more_than_2_to_the_53_costs_is_refused);
    tcase_add_test(tests, a_freed_grid_is_empty_and_may_be_freed_again);
    suite_add_tcase(suite, tests);
    return suite;
}
