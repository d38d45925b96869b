/* What a scan makes of damage in /runs and /leases: one flipped bit of a row is turned back, and no more. */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/writer.h"
#include "store/format/record.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

enum { LEASES = 3 };

/* A run that ended, with its leases. */
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

/* Scans the file; returns the first lease that is free. */
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

/* The variables of a run, and those of a lease. */
static const enum ms_variable first_variable[] = {MS_VAR_RUN_ID, MS_VAR_LEASE_RUN},
                              last_variable[] = {MS_VAR_RUN_CHECKSUM, MS_VAR_LEASE_CHECKSUM};

START_TEST(a_flipped_bit_of_any_variable_is_turned_back)
{
    unsigned char *right;
    size_t count;

    make_run();
    right = store_case_bytes(&count);
    for (enum ms_variable v = first_variable[_i]; v <= last_variable[_i]; v++)
        for (int bit = 0; bit < 8; bit += 7) {
            store_case_flip(v, 0, 0, bit);
            ck_assert_int_eq(scan(), LEASES);
            expect_bytes(right, ms_schema[v].name);
        }
    free(right);
}
END_TEST

START_TEST(two_flipped_bits_stay)
{
    unsigned char *damaged;
    size_t count;

    make_run();
    store_case_flip(MS_VAR_RUN_STARTED, 0, 1, 0);
    store_case_flip(MS_VAR_RUN_HOSTS, 0, 1, 0);
    store_case_flip(MS_VAR_LEASE_COUNT, 1, 0, 0);
    store_case_flip(MS_VAR_LEASE_COUNT, 1, 0, 1);
    damaged = store_case_bytes(&count);
    ck_assert_int_eq(scan(), LEASES);
    expect_bytes(damaged, "two bits");
    free(damaged);
}
END_TEST

/* The checksum comes last: without it there is no row. */
START_TEST(a_row_that_was_half_written_stays_and_its_place_is_free)
{
    const uint64_t none = 0;
    unsigned char *damaged;
    size_t count;

    make_run();
    store_case_write(MS_VAR_LEASE_CHECKSUM, LEASES - 1, &none);
    store_case_write(MS_VAR_RUN_CHECKSUM, 0, &none);
    damaged = store_case_bytes(&count);
    ck_assert_int_eq(scan(), LEASES - 1);
    expect_bytes(damaged, "half written");
    free(damaged);
}
END_TEST

/* Nor do those before it count as taken. */
START_TEST(a_flipped_bit_of_a_free_row_does_not_take_it)
{
    const int64_t last = 2 * 2 + MS_LEASES_SPARE - 1;

    make_run();
    store_case_flip(_i == 0 ? MS_VAR_LEASE_CHECKSUM : MS_VAR_LEASE_RUN, last, 2, 3);
    ck_assert_int_eq(scan(), LEASES);
}
END_TEST

/* A whole row is wherever it is the last one. */
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

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_loop_test(tests, a_flipped_bit_of_any_variable_is_turned_back, 0, 2);
    tcase_add_test(tests, two_flipped_bits_stay);
    tcase_add_test(tests, a_row_that_was_half_written_stays_and_its_place_is_free);
    tcase_add_loop_test(tests, a_flipped_bit_of_a_free_row_does_not_take_it, 0, 2);
    tcase_add_test(tests, a_lease_after_free_rows_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
