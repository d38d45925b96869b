/* The places of trajectories in a file, and walks through its contents.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "store/file/file.h"
#include "store/file/trajectories.h"
#include "store/file/walk.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;
static struct ms_file file;
static struct ms_record_layout layout;
static struct ms_trajectories trajectories;

static void set_up(void)
{
    store_case_set_up();
    ms_file_clear(&file);
}

static void tear_down(void)
{
    ms_trajectories_free(&trajectories);
    ms_file_close(&file);
    store_case_tear_down();
}

static void open_file(enum ms_record_kind kind)
{
    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK, "%s", err.text);
    ms_record_layout(&file.shape, kind, &layout);
}

/* ---- trajectories ----------------------------------------------------------------------------------- */

START_TEST(trajectories_are_at_the_places_that_the_grid_implies)
{
    store_case_create();
    open_file(MS_RECORD_CONFIG);
    ck_assert_msg(ms_trajectories_read(&file, &trajectories, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(trajectories.count, 2);
    ck_assert_mem_eq(trajectories.first, ((const int64_t[]){0, 2, 4}), sizeof(int64_t[3]));
    ck_assert_mem_eq(trajectories.cost_start, ((const int64_t[]){0, 10, 20}), sizeof(int64_t[3]));
}
END_TEST

static void expect_refused(const char *words)
{
    open_file(MS_RECORD_CONFIG);
    ck_assert_int_eq(ms_trajectories_read(&file, &trajectories, &err), MS_BAD_INPUT);
    ck_assert_msg(strstr(err.text, words) != NULL, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(err.text, "the file is corrupt"));
}

/* In the new file config_trajectory is 0, 0, 1, 1. */
START_TEST(trajectories_that_are_not_numbered_by_their_first_configurations_are_refused)
{
    static const struct {
        int64_t config;
        int32_t trajectory;
        const char *words;
    } cases[] = {
        {0, 1, "config_trajectory[0] is 1"},
        {0, -1, "config_trajectory[0] is -1"},
        {1, 2, "config_trajectory[1] is 2"}, /* skips 1 */
        {2, INT32_MAX, "config_trajectory[2] is 2147483647"},
        {2, -7, "config_trajectory[2] is -7"},
        {3, 2, "config_trajectory[3] is 2"}, /* there are only two */
    };

    store_case_create();
    store_case_write(MS_VAR_CONFIG_TRAJECTORY, cases[_i].config, &cases[_i].trajectory);
    expect_refused(cases[_i].words);
}
END_TEST

START_TEST(a_trajectory_without_a_configuration_is_refused)
{
    const int32_t none = 0;

    store_case_create();
    store_case_write(MS_VAR_CONFIG_TRAJECTORY, 2, &none);
    store_case_write(MS_VAR_CONFIG_TRAJECTORY, 3, &none);
    expect_refused("trajectory 1 has no configuration");
}
END_TEST

/* In the new file cost_start is 0 and 10, and there are 20 costs. */
START_TEST(histories_that_do_not_begin_in_order_are_refused)
{
    static const struct {
        int64_t trajectory, start;
        const char *words;
    } cases[] = {
        {0, -1, "cost_start[0] is -1"},
        {0, 11, "cost_start[0] is 11"}, /* the next history begins before it */
        {1, 21, "cost_start[1] is 21"}, /* there are only 20 costs */
        {1, -1, "cost_start[0] is 0"},
        {1, INT64_MAX, "cost_start[1] is 9223372036854775807"},
        {1, INT64_MIN, "cost_start[0] is 0"},
    };

    store_case_create();
    store_case_write(MS_VAR_COST_START, cases[_i].trajectory, &cases[_i].start);
    expect_refused(cases[_i].words);
}
END_TEST

/* ---- walking ---------------------------------------------------------------------------------------- */

enum { VISITED = 4096 };

/* What a walk has visited so far. */
static struct ms_walk_trajectory visited[VISITED];
static int64_t n_visited, n_rows;
static int64_t fail_at = -1;
static enum ms_status last_status;
static int64_t wrong; /* number of rows that do not belong to their trajectory */

static enum ms_code visit(void *context, const struct ms_walk_trajectory *one, struct ms_error *error)
{
    ck_assert_ptr_eq(context, &layout);
    ck_assert_int_lt(n_visited, VISITED);
    if (n_visited == fail_at)
        return ms_fail(error, MS_OTHER_JOB, "enough");
    visited[n_visited++] = *one;
    for (int64_t i = 0; one->rows != NULL && i < one->count; i++) {
        struct ms_row row;

        ms_record_unpack(&layout, one->rows + (size_t)i * layout.bytes, &row);
        wrong += row.config_trajectory != one->index ||
                 row.iterations != ms_grid_config(&store_case.grid, one->members[i]).iterations;
        last_status = (enum ms_status)row.status;
        n_rows++;
    }
    return MS_OK;
}

static enum ms_code walk(bool skip_pending)
{
    n_visited = n_rows = 0;
    open_file(MS_RECORD_CONFIG);
    ck_assert_msg(ms_trajectories_read(&file, &trajectories, &err) == MS_OK, "%s", err.text);
    return ms_walk(&file, &layout, &trajectories, skip_pending, visit, &layout, &err);
}

START_TEST(every_trajectory_is_visited_with_its_rows_and_costs)
{
    store_case_create();
    ck_assert_int_eq(walk(false), MS_OK);
    ck_assert_int_eq(n_visited, 2);
    ck_assert_int_eq(n_rows, 4);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(visited[1].index, 1);
    ck_assert_mem_eq(visited[1].members, ((const int64_t[]){2, 3}), sizeof(int64_t[2]));
    ck_assert_int_eq(visited[1].count, 2);
    ck_assert_int_eq(visited[1].room, 10);
    ck_assert_int_eq(visited[1].costs.start, 10);
    ck_assert_int_eq(visited[1].costs.count, 0);
}
END_TEST

START_TEST(configurations_of_a_trajectory_need_not_be_adjacent)
{
    const int32_t owners[] = {0, 1, 0, 1};
    const uint8_t done = MS_DONE;

    store_case_create();
    for (int64_t c = 0; c < 4; c++)
        store_case_write(MS_VAR_CONFIG_TRAJECTORY, c, &owners[c]);
    store_case_write(MS_VAR_STATUS, 3, &done);
    ck_assert_int_eq(walk(true), MS_OK);
    ck_assert_int_eq(n_visited, 2);
    ck_assert_int_eq(n_rows, 4);
    ck_assert_int_eq(wrong, 0);
    ck_assert_mem_eq(visited[0].members, ((const int64_t[]){0, 2}), sizeof(int64_t[2]));
    ck_assert_mem_eq(visited[1].members, ((const int64_t[]){1, 3}), sizeof(int64_t[2]));
    ck_assert_int_eq(last_status, MS_DONE);
}
END_TEST

START_TEST(rows_are_not_read_if_none_is_final_and_pending_ones_are_skipped)
{
    const uint8_t done = MS_DONE;

    store_case_create();
    ck_assert_int_eq(walk(true), MS_OK);
    ck_assert_int_eq(n_visited, 2);
    ck_assert_int_eq(n_rows, 0);
    ms_file_close(&file);
    ms_trajectories_free(&trajectories);
    store_case_write(MS_VAR_STATUS, 3, &done);
    ck_assert_int_eq(walk(true), MS_OK);
    ck_assert_int_gt(n_rows, 0);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(an_impossible_cost_count_counts_as_0)
{
    const int64_t counts[] = {11, -1, INT64_MIN, INT64_MAX};

    store_case_create();
    store_case_write(MS_VAR_COST_COUNT, 1, &counts[_i]);
    ck_assert_int_eq(walk(false), MS_OK);
    ck_assert_int_eq(visited[1].cost_count, counts[_i]);
    ck_assert_int_eq(visited[1].costs.count, 0);
}
END_TEST

START_TEST(an_error_of_the_callback_ends_the_walk)
{
    store_case_create();
    fail_at = 1;
    ck_assert_int_eq(walk(false), MS_OTHER_JOB);
    ck_assert_str_eq(err.text, "enough");
    ck_assert_int_eq(n_visited, 1);
}
END_TEST

enum { MANY = 1200, MANY_ROWS = 2000 };

/* Makes the rows of the grid so large, 3.5 KB, that about 600 trajectories of two rows are read at a time (4 MiB). */
static void make_rows_large(void)
{
    static int32_t units[] = {140};

    store_case.grid.n_n_h = 1;
    store_case.grid.n_h = units;
}

static void make_many_trajectories(void)
{
    static double rates[MANY];

    for (int i = 0; i < MANY; i++)
        rates[i] = 1 + i;
    make_rows_large();
    store_case.grid.n_learning_rate = MANY;
    store_case.grid.learning_rate = rates;
}

static void make_trajectory_larger_than_block(void)
{
    static int64_t iterations[MANY_ROWS];

    for (int i = 0; i < MANY_ROWS; i++)
        iterations[i] = MANY_ROWS - i;
    make_rows_large();
    store_case.grid.n_iterations = MANY_ROWS;
    store_case.grid.iterations = iterations;
}

START_TEST(many_rows_are_visited_block_by_block)
{
    if (_i == 0)
        make_many_trajectories();
    else
        make_trajectory_larger_than_block();
    store_case_create();
    ck_assert_int_eq(walk(false), MS_OK);
    ck_assert_uint_gt((size_t)file.shape.size[MS_DIM_CONFIG] * layout.bytes, (size_t)6 << 20);
    ck_assert_int_eq(n_visited, file.shape.size[MS_DIM_TRAJECTORY]);
    ck_assert_int_eq(n_rows, file.shape.size[MS_DIM_CONFIG]);
    ck_assert_int_eq(wrong, 0);
    for (int64_t t = 0; t < n_visited; t++)
        ck_assert_int_eq(visited[t].index, t);
}
END_TEST

/* ---- costs that are read ahead -------------------------------------------------------------------------- */

static int64_t n_wrong_costs;

/* Trajectories whose last cost is set before the walk, to its index: the first and last ones of the costs that are read at
 * once, and those beside them. The cost of the last one is set while the walk is in the block before. */
static const int64_t costly[] = {0, 1, 5, 818, 819, 820, 1198, 1199, 800};
enum { COSTLY = sizeof costly / sizeof *costly, SET_LATE = 800 };

static void set_last_cost(int64_t trajectory)
{
    const double cost = 1 + (double)trajectory;

    store_case_write(MS_VAR_COST, 10 * trajectory + 9, &cost);
}

static double expected_last_cost(int64_t trajectory)
{
    for (int i = 0; i < COSTLY; i++)
        if (costly[i] == trajectory)
            return 1 + (double)trajectory;
    return 0;
}

static enum ms_code visit_costs(void *context, const struct ms_walk_trajectory *one, struct ms_error *error)
{
    struct ms_chain *chain = context;
    double first = -1, last = -1;

    ms_chain_begin(chain, sizeof(double));
    ck_assert_int_eq(ms_costs_append(&file, &one->costs, 0, 1, chain, &first, error), MS_OK);
    ck_assert_int_eq(ms_costs_append(&file, &one->costs, 1, 10, chain, &last, error), MS_OK);
    n_wrong_costs += first != 0 || last != expected_last_cost(one->index);
    if (one->index == 0)
        set_last_cost(SET_LATE);
    n_visited++;
    return MS_OK;
}

START_TEST(costs_are_read_ahead_but_are_never_older_than_the_statuses)
{
    static struct ms_chain chain;

    make_many_trajectories();
    store_case_create();
    for (int i = 0; i < COSTLY; i++)
        if (costly[i] != SET_LATE)
            set_last_cost(costly[i]);
    open_file(MS_RECORD_CONFIG);
    ck_assert_int_eq(ms_trajectories_read(&file, &trajectories, &err), MS_OK);
    ck_assert_int_eq(ms_walk(&file, &layout, &trajectories, false, visit_costs, &chain, &err), MS_OK);
    ck_assert_int_eq(n_visited, MANY);
    ck_assert_int_eq(n_wrong_costs, 0);
}
END_TEST

/* ---- other records ---------------------------------------------------------------------------------- */

static int64_t n_records;

static enum ms_code visit_record(void *context, int64_t index, unsigned char *bytes, struct ms_error *error)
{
    struct ms_lease_record lease;

    ck_assert_ptr_eq(context, &layout);
    ck_assert_int_eq(index, n_records);
    if (n_records == fail_at)
        return ms_fail(error, MS_OTHER_JOB, "enough");
    n_records++;
    if (layout.kind == MS_RECORD_LEASE) {
        ms_record_unpack(&layout, bytes, &lease);
        wrong += lease.run != (index == 4000 ? 77 : -1);
    }
    return MS_OK;
}

START_TEST(every_record_is_visited_in_order)
{
    static const struct {
        enum ms_record_kind kind;
        int64_t count;
    } cases[] = {{MS_RECORD_SLOT, 4}, {MS_RECORD_RUN, 1024}, {MS_RECORD_LEASE, 4100}};
    const int32_t run = 77;

    store_case_create();
    store_case_write(MS_VAR_LEASE_RUN, 4000, &run);
    open_file(cases[_i].kind);
    ck_assert_int_eq(ms_walk_records(&file, &layout, visit_record, &layout, &err), MS_OK);
    ck_assert_int_eq(n_records, cases[_i].count);
    ck_assert_int_eq(wrong, 0);
    n_records = 0;
    fail_at = 3;
    ck_assert_int_eq(ms_walk_records(&file, &layout, visit_record, &layout, &err), MS_OTHER_JOB);
    ck_assert_int_eq(n_records, 3);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("walk");
    TCase *tests = tcase_create("walk");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, trajectories_are_at_the_places_that_the_grid_implies);
    tcase_add_loop_test(tests, trajectories_that_are_not_numbered_by_their_first_configurations_are_refused,
                        0, 6);
    tcase_add_test(tests, a_trajectory_without_a_configuration_is_refused);
    tcase_add_loop_test(tests, histories_that_do_not_begin_in_order_are_refused, 0, 6);
    tcase_add_test(tests, every_trajectory_is_visited_with_its_rows_and_costs);
    tcase_add_test(tests, configurations_of_a_trajectory_need_not_be_adjacent);
    tcase_add_test(tests, rows_are_not_read_if_none_is_final_and_pending_ones_are_skipped);
    tcase_add_loop_test(tests, an_impossible_cost_count_counts_as_0, 0, 4);
    tcase_add_test(tests, an_error_of_the_callback_ends_the_walk);
    tcase_add_loop_test(tests, many_rows_are_visited_block_by_block, 0, 2);
    tcase_add_test(tests, costs_are_read_ahead_but_are_never_older_than_the_statuses);
    tcase_add_loop_test(tests, every_record_is_visited_in_order, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
