/* Rows that need not be consecutive: in every case the file has the bytes that it has if they are written one by one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memfd_create, syscall */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "moonsweep/rng.h"
#include "store/run/spread.h"
#include "unit.h"

enum {
    ROWS = 300 * 1000,
    OFFSET = 24, /* of the variable in the file */
    GAP = MS_SPREAD_GAP_BYTES / sizeof(double)
};
static const enum ms_variable variable = MS_VAR_DEV_COST; /* its rows are one double each */

static struct ms_error err;
static struct ms_writer writer;
static double expected[ROWS], values[ROWS];
static int64_t rows[ROWS], n;

/* The calls since the fixture was set up, and the bytes that they wrote; most: by one of them. */
static int64_t writes;
static size_t written, most;

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
ssize_t pwrite(int fd, const void *from, size_t count, off_t offset)
{
    writes++;
    written += count;
    most = count > most ? count : most;
    return (ssize_t)syscall(SYS_pwrite64, fd, from, count, offset);
}

static void set_up(void)
{
    const int file = memfd_create("spread", MFD_CLOEXEC);

    ck_assert_int_ge(file, 0);
    writer = (struct ms_writer){.file = {.descriptor = file, .path = "spread"}};
    writer.file.offset[variable] = OFFSET;
    for (int64_t i = 0; i < ROWS; i++)
        expected[i] = -(double)i;
    ck_assert_int_eq(pwrite(file, expected, sizeof expected, OFFSET), sizeof expected);
    n = writes = 0;
    written = most = 0;
}

static void tear_down(void)
{
    (void)close(writer.file.descriptor);
}

static void choose(int64_t row)
{
    rows[n] = row;
    values[n] = 0.5 + (double)row;
    expected[row] = values[n++];
}

/* Writes the chosen rows and compares the whole file. */
static void write_rows(void)
{
    double *found = malloc(sizeof expected);

    ck_assert_ptr_nonnull(found);
    ck_assert_int_eq(ms_spread_write(&writer, variable, n, rows, values, &err), MS_OK);
    ck_assert_int_eq(pread(writer.file.descriptor, found, sizeof expected, OFFSET), sizeof expected);
    ck_assert_mem_eq(found, expected, sizeof expected);
    free(found);
}

/* The number of gaps between the chosen rows that have more than `limit` rows, plus one. */
static int64_t pieces(int64_t limit)
{
    int64_t count = 1;

    for (int64_t i = 1; i < n; i++)
        count += rows[i] - rows[i - 1] - 1 > limit;
    return count;
}

/* Chooses random rows; the distances are 1 as often as they are larger. */
static void choose_at_random(uint32_t seed)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, seed);
    for (int64_t row = 0; row < 100 * 1000;
         row += ms_rng_double(&rng) < 0.5 ? 1 : 1 + (int64_t)(2.0 * GAP * ms_rng_double(&rng)))
        choose(row);
}

START_TEST(beside_other_processes_only_the_rows_themselves_are_written)
{
    choose_at_random((uint32_t)_i);
    write_rows();
    ck_assert_uint_eq(written, (size_t)n * sizeof(double));
    ck_assert_int_eq(writes, pieces(0));
}
END_TEST

START_TEST(alone_rows_that_are_close_to_each_other_are_one_write)
{
    writer.is_alone = true;
    choose_at_random((uint32_t)_i);
    write_rows();
    ck_assert_int_eq(writes, pieces(GAP));
    ck_assert_int_lt(pieces(GAP), pieces(0));
}
END_TEST

START_TEST(alone_a_gap_of_a_page_is_written_and_a_larger_one_is_not)
{
    writer.is_alone = true;
    choose(7);
    choose(7 + GAP + 1);
    choose(7 + GAP + 1 + GAP + 2);
    write_rows();
    ck_assert_int_eq(writes, 2);
    ck_assert_uint_eq(written, (GAP + 2 + 1) * sizeof(double));
}
END_TEST

START_TEST(alone_a_write_with_other_rows_is_bounded)
{
    writer.is_alone = true;
    for (int64_t row = 0; row < ROWS; row += 2)
        choose(row);
    write_rows();
    ck_assert_uint_le(most, MS_SPREAD_BYTES);
    ck_assert_int_eq(writes, (ROWS * (int64_t)sizeof(double) + MS_SPREAD_BYTES - 1) / MS_SPREAD_BYTES);
}
END_TEST

START_TEST(consecutive_rows_are_one_write_however_many_they_are)
{
    writer.is_alone = _i == 1;
    for (int64_t row = 5; row < ROWS; row++)
        choose(row);
    write_rows();
    ck_assert_int_eq(writes, 1);
}
END_TEST

START_TEST(a_file_that_ends_before_the_rows_is_an_error)
{
    writer.is_alone = true;
    rows[0] = ROWS - 1;
    rows[1] = ROWS + 1;
    ck_assert_int_eq(ms_spread_write(&writer, variable, 2, rows, values, &err), MS_IO_ERROR);
    ck_assert_str_eq(err.text,
                     "spread: reading dev_cost from row 299999 on failed: the file ends before that");
    ck_assert_int_eq(writes, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("spread");
    TCase *tests = tcase_create("spread");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, beside_other_processes_only_the_rows_themselves_are_written, 0, 3);
    tcase_add_loop_test(tests, alone_rows_that_are_close_to_each_other_are_one_write, 0, 3);
    tcase_add_test(tests, alone_a_gap_of_a_page_is_written_and_a_larger_one_is_not);
    tcase_add_test(tests, alone_a_write_with_other_rows_is_bounded);
    tcase_add_loop_test(tests, consecutive_rows_are_one_write_however_many_they_are, 0, 2);
    tcase_add_test(tests, a_file_that_ends_before_the_rows_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
