/* How a scan treats corrupt rows in /runs and /leases: it corrects a single flipped bit of a row, and nothing else.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/writer.h"
#include "store/format/record.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

enum { LEASES = 3 };

/* Makes a run that has ended, with its leases. */
static void make_run(void)
{
    struct ms_writer *writer;
    bool full;

    store_case_create();
    writer = store_case_begin_run();
    for (int64_t row = 0; row < LEASES; row++) {
        struct ms_writer_lease lease = {
            .row = row, .count = 1, .to_iteration = 10, .started = 1.6e9, .finished = 1.6e9 + 5};

        ck_assert_int_eq(ms_writer_lease(writer, &lease, &full, &err), MS_OK);
    }
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_FINISHED, &err), MS_OK);
    ms_writer_close(writer);
}

/* Scans the file; returns the first free row of /leases. */
static int64_t scan(void)
{
    struct ms_writer *writer = store_case_open();
    struct ms_writer_scan found;
    int64_t next_lease;

    ck_assert_msg(ms_writer_scan(writer, &found, &err) == MS_OK, "%s", err.text);
    next_lease = found.next_lease;
    ms_writer_scan_free(&found);
    ms_writer_close(writer);
    return next_lease;
}

static void expect_bytes(const unsigned char *expected, const char *name)
{
    size_t count;
    unsigned char *bytes = store_case_bytes(&count);

    ck_assert_msg(memcmp(bytes, expected, count) == 0, "%s", name);
    free(bytes);
}

/* The first and last variables of a run and of a lease. */
static const enum ms_variable first_variable[] = {MS_VAR_RUN_ID, MS_VAR_LEASE_RUN},
                              last_variable[] = {MS_VAR_RUN_CHECKSUM, MS_VAR_LEASE_CHECKSUM};

START_TEST(a_flipped_bit_in_any_variable_is_corrected)
{
    unsigned char *intact;
    size_t count;

    make_run();
    intact = store_case_bytes(&count);
    for (enum ms_variable v = first_variable[_i]; v <= last_variable[_i]; v++)
        for (int bit = 0; bit < 8; bit += 7) {
            store_case_flip(v, 0, 0, bit);
            ck_assert_int_eq(scan(), LEASES);
            expect_bytes(intact, ms_schema[v].name);
        }
    free(intact);
}
END_TEST

START_TEST(two_flipped_bits_are_not_changed)
{
    unsigned char *corrupted;
    size_t count;

    make_run();
    store_case_flip(MS_VAR_RUN_STARTED, 0, 1, 0);
    store_case_flip(MS_VAR_RUN_HOSTS, 0, 1, 0);
    store_case_flip(MS_VAR_LEASE_COUNT, 1, 0, 0);
    store_case_flip(MS_VAR_LEASE_COUNT, 1, 0, 1);
    corrupted = store_case_bytes(&count);
    ck_assert_int_eq(scan(), LEASES);
    expect_bytes(corrupted, "two bits");
    free(corrupted);
}
END_TEST

/* The checksum is written last: without it the row is incomplete. */
START_TEST(an_incomplete_row_is_not_changed_and_counts_as_free)
{
    const uint64_t none = 0;
    unsigned char *corrupted;
    size_t count;

    make_run();
    store_case_write(MS_VAR_LEASE_CHECKSUM, LEASES - 1, &none);
    store_case_write(MS_VAR_RUN_CHECKSUM, 0, &none);
    corrupted = store_case_bytes(&count);
    ck_assert_int_eq(scan(), LEASES - 1);
    expect_bytes(corrupted, "incomplete");
    free(corrupted);
}
END_TEST

/* The free rows before it are not considered used either. */
START_TEST(a_free_row_with_a_flipped_bit_remains_free)
{
    const int64_t last = 2 * 2 + MS_LEASES_SPARE - 1;

    make_run();
    store_case_flip(_i == 0 ? MS_VAR_LEASE_CHECKSUM : MS_VAR_LEASE_RUN, last, 2, 3);
    ck_assert_int_eq(scan(), LEASES);
}
END_TEST

/* The next lease follows the last complete row, even after free ones. */
START_TEST(a_lease_after_free_rows_counts)
{
    struct ms_writer_lease lease = {.row = 50, .count = 1, .started = 1.6e9, .finished = 1.6e9};
    struct ms_writer *writer;
    bool full;

    make_run();
    writer = store_case_begin_run();
    ck_assert_int_eq(ms_writer_lease(writer, &lease, &full, &err), MS_OK);
    ms_writer_close(writer);
    ck_assert_int_eq(scan(), 51);
    store_case_flip(MS_VAR_LEASE_CHECKSUM, 50, 0, 0);
    ck_assert_int_eq(scan(), 51);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("scan");
    TCase *tests = tcase_create("scan");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_loop_test(tests, a_flipped_bit_in_any_variable_is_corrected, 0, 2);
    tcase_add_test(tests, two_flipped_bits_are_not_changed);
    tcase_add_test(tests, an_incomplete_row_is_not_changed_and_counts_as_free);
    tcase_add_loop_test(tests, a_free_row_with_a_flipped_bit_remains_free, 0, 2);
    tcase_add_test(tests, a_lease_after_free_rows_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
