/* Which rows of /leases the ranks of a run write.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/lease_log.h"

#include "store_case.h"
#include "unit.h"

/* The table of store_case: two rows for each of two trajectories, and the spare ones. */
enum { ROWS = 2 * 2 + MS_LEASES_SPARE };

static struct ms_error err;

/* A lease of trajectories 100 * row .. 100 * row + 2, that begins at 1000 + row and ends half a second later. */
static struct ms_writer_lease lease_of(int64_t row)
{
    return (struct ms_writer_lease){
        .row = row,
        .rank = 5,
        .first_trajectory = 100 * row,
        .count = 3,
        .from_iteration = row % 2 == 0 ? 40 : 20,
        .to_iteration = 1000 + row,
        .started = 1000 + (double)row,
        .finished = 1000.5 + (double)row,
    };
}

static bool record(struct ms_lease_log *log, struct ms_writer *writer, const struct ms_writer_lease *lease)
{
    bool is_missing = false;

    ck_assert_msg(ms_lease_log_write(log, writer, lease, &is_missing, &err) == MS_OK, "%s", err.text);
    return is_missing;
}

static int64_t whole_number(enum ms_variable variable, int64_t row)
{
    int64_t value;

    store_case_read(variable, row, &value);
    return value;
}

static double number(enum ms_variable variable, int64_t row)
{
    double value;

    store_case_read(variable, row, &value);
    return value;
}

static bool is_free(int64_t row)
{
    int32_t run;

    store_case_read(MS_VAR_LEASE_RUN, row, &run);
    return run == -1;
}

static void check_single(int64_t row)
{
    const struct ms_writer_lease lease = lease_of(row);

    ck_assert(!is_free(row));
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_FIRST_TRAJECTORY, row), lease.first_trajectory);
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_COUNT, row), lease.count);
    ck_assert_double_eq(number(MS_VAR_LEASE_FINISHED, row), lease.finished);
}

START_TEST(a_run_leaves_a_quarter_of_the_free_rows_and_adds_what_follows_to_the_last_one)
{
    const int64_t first = ROWS - 40, end = ROWS - 10;
    struct ms_lease_log log = {.has_last = false};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    for (int64_t row = first; row < ROWS + 50; row++) {
        const struct ms_writer_lease lease = lease_of(row);

        ck_assert(!record(&log, writer, &lease));
    }
    for (int64_t row = first; row < end - 1; row++)
        check_single(row);
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_FIRST_TRAJECTORY, end - 1), -1);
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_COUNT, end - 1), 3 * (ROWS + 50 - (end - 1)));
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_FROM_ITERATION, end - 1), 20);
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_TO_ITERATION, end - 1), 1000 + ROWS + 49);
    ck_assert_double_eq(number(MS_VAR_LEASE_STARTED, end - 1), 1000 + (double)(end - 1));
    ck_assert_double_eq(number(MS_VAR_LEASE_FINISHED, end - 1), 1000.5 + ROWS + 49);
    for (int64_t row = end; row < ROWS; row++)
        ck_assert(is_free(row));
    ms_writer_close(writer);
}
END_TEST

/* The run whose first lease gets the last row. */
START_TEST(a_rank_with_a_single_row_adds_all_its_leases_to_it)
{
    struct ms_lease_log log = {.has_last = false};
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    for (int64_t row = ROWS - 1; row < ROWS + 3; row++) {
        const struct ms_writer_lease lease = lease_of(row);

        ck_assert(!record(&log, writer, &lease));
    }
    ck_assert_int_eq(whole_number(MS_VAR_LEASE_COUNT, ROWS - 1), 12);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK); /* its checksum matches */
    ck_assert_int_eq(scan.next_lease, ROWS);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_lease_is_missing_only_if_the_rank_has_no_row)
{
    const struct ms_writer_lease lease = lease_of(ROWS);
    struct ms_lease_log log = {.has_last = false};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    ck_assert(record(&log, writer, &lease));
    ck_assert(record(&log, writer, &lease));
    ms_writer_close(writer);
}
END_TEST

START_TEST(the_time_of_helping_is_not_added_to_a_lease)
{
    const struct ms_writer_lease lease = lease_of(ROWS - 1);
    struct ms_writer_lease help = {.row = ROWS, .started = 1, .finished = 2};
    struct ms_lease_log log = {.has_last = false};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    ck_assert(!record(&log, writer, &lease));
    ck_assert(!record(&log, writer, &help));
    check_single(ROWS - 1);
    ms_writer_close(writer);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("lease_log");
    TCase *tests = tcase_create("lease_log");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, a_run_leaves_a_quarter_of_the_free_rows_and_adds_what_follows_to_the_last_one);
    tcase_add_test(tests, a_rank_with_a_single_row_adds_all_its_leases_to_it);
    tcase_add_test(tests, a_lease_is_missing_only_if_the_rank_has_no_row);
    tcase_add_test(tests, the_time_of_helping_is_not_added_to_a_lease);
    suite_add_tcase(suite, tests);
    return suite;
}
