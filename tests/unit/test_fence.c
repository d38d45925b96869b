/* Rule 4 of docs/file-format.md: a run that was replaced writes nothing more to the file, whatever it was doing.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* syscall */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "moonsweep/writer.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* The run that takes over the file, and whether it does so while the old run waits for a flush. The flusher's thread
 * accesses both only during that flush. */
static struct ms_writer *successor;
static bool replace_in_flush;

/* Replaces the function of the C library, whose parameter has a reserved name. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int fdatasync(int fd)
{
    if (replace_in_flush) {
        replace_in_flush = false;
        successor = store_case_begin_run();
    }
    return (int)syscall(SYS_fdatasync, fd);
}

/* Starts a run with a row and costs that wait to be committed. */
static struct ms_writer *run_with_results(void)
{
    struct ms_writer *writer;

    successor = NULL;
    replace_in_flush = false;
    store_case_create();
    writer = store_case_begin_run_with_row();
    return writer;
}

/* ---- the actions by which a run writes --------------------------------------------------------------------- */

static enum ms_code flush(struct ms_writer *writer)
{
    return ms_writer_flush(writer, &err);
}

static enum ms_code tick(struct ms_writer *writer)
{
    return store_case_tick(writer, 2, &err);
}

static enum ms_code checkpoint(struct ms_writer *writer)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint state = {.iteration = 3, .network = &network};

    store_case_costs(writer, 2, 3);
    return ms_writer_checkpoint(writer, &state, &err);
}

/* Waiting costs are written when costs of another trajectory arrive. */
static enum ms_code costs_elsewhere(struct ms_writer *writer)
{
    struct ms_network network;
    struct ms_resume resume = {.slots = {2, 3}, .network = &network};
    double cost = 1;

    ck_assert_int_eq(ms_writer_begin(writer, 0, &resume, &err), MS_OK);
    return ms_writer_costs(writer, 1, &cost, &err);
}

static enum ms_code lease(struct ms_writer *writer)
{
    struct ms_writer_lease record = {.row = 6, .count = 1, .started = 1.6e9, .finished = (double)NAN};
    bool full;

    return ms_writer_lease(writer, &record, &full, &err);
}

static enum ms_code end(struct ms_writer *writer)
{
    return ms_writer_run_end(writer, 1, MS_RUN_STOPPED, &err);
}

static enum ms_code (*const actions[])(struct ms_writer *) = {flush,           tick,  checkpoint,
                                                              costs_elsewhere, lease, end};

START_TEST(a_replaced_run_does_not_write_a_byte)
{
    struct ms_writer *old = run_with_results();
    size_t bytes_before, bytes_after;
    unsigned char *before, *after;

    successor = store_case_begin_run();
    before = store_case_bytes(&bytes_before);
    ck_assert_int_eq(actions[_i](old), MS_BUSY);
    ck_assert_ptr_nonnull(strstr(err.text, "out.h5 has been taken over by another run"));
    after = store_case_bytes(&bytes_after);
    ck_assert_uint_eq(bytes_before, bytes_after);
    ck_assert(memcmp(before, after, bytes_before) == 0);
    free(before);
    free(after);
    ms_writer_close(old);
    ms_writer_close(successor);
}
END_TEST

START_TEST(a_run_that_was_not_replaced_may_write)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_msg(actions[_i](writer) == MS_OK, "%s", err.text);
    ms_writer_close(writer);
}
END_TEST

/* ---- overwritten files ------------------------------------------------------------------------------------- */

static void write_file(size_t bytes, const unsigned char *content)
{
    FILE *file = fopen(store_case.path, "r+b");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(content, 1, bytes, file), bytes);
    (void)fclose(file);
}

/* A copy from before the run has another id or none in /runs/current, like a file that another run has taken over. */
START_TEST(a_run_whose_file_is_overwritten_with_an_older_copy_does_not_write_a_byte)
{
    size_t bytes_before, bytes_after;
    unsigned char *before, *after;
    struct ms_writer *writer;

    store_case_create();
    before = store_case_bytes(&bytes_before);
    writer = store_case_begin_run_with_row();
    write_file(bytes_before, before);
    ck_assert_int_eq(actions[_i](writer), MS_IO_ERROR);
    ck_assert_ptr_nonnull(strstr(err.text, "out.h5 was overwritten by another file"));
    after = store_case_bytes(&bytes_after);
    ck_assert_uint_eq(bytes_before, bytes_after);
    ck_assert(memcmp(before, after, bytes_before) == 0);
    free(before);
    free(after);
    ms_writer_close(writer);
}
END_TEST

START_TEST(rows_missing_from_a_copy_of_the_same_run_are_noticed_at_the_end)
{
    struct ms_writer *writer = run_with_results();
    size_t bytes;
    unsigned char *copy = store_case_bytes(&bytes);

    ck_assert_int_eq(ms_writer_confirm_rows(writer, 0, &err), MS_OK);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(ms_writer_confirm_rows(writer, 1, &err), MS_OK);
    write_file(bytes, copy);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK); /* nothing waits, so nothing is noticed */
    ck_assert_int_eq(ms_writer_confirm_rows(writer, 1, &err), MS_IO_ERROR);
    ck_assert_ptr_nonnull(strstr(err.text, "out.h5 was overwritten"));
    ck_assert_ptr_nonnull(strstr(err.text, ": 1 trained configurations are missing"));
    free(copy);
    ms_writer_close(writer);
}
END_TEST

/* ---- replaced during a flush ------------------------------------------------------------------------------- */

/* Returns the scan of the run that has taken over. */
static struct ms_writer_scan scan_of_successor(void)
{
    struct ms_writer_scan scan;

    ck_assert_ptr_nonnull(successor);
    ck_assert_msg(ms_writer_scan(successor, &scan, &err) == MS_OK, "%s", err.text);
    return scan;
}

START_TEST(a_run_that_is_replaced_while_rows_are_flushed_writes_no_status)
{
    struct ms_writer *old = run_with_results();
    struct ms_writer_scan scan;

    replace_in_flush = true;
    ck_assert_int_eq(ms_writer_flush(old, &err), MS_BUSY);
    scan = scan_of_successor();
    ck_assert_int_eq(scan.done, 0);
    ck_assert_int_eq(scan.damaged, 0);
    ms_writer_scan_free(&scan);
    ms_writer_close(old);
    ms_writer_close(successor);
}
END_TEST

START_TEST(a_run_that_is_replaced_while_a_checkpoint_is_flushed_does_not_make_it_valid)
{
    struct ms_writer *old = run_with_results();
    struct ms_writer_scan scan;

    ck_assert_int_eq(ms_writer_flush(old, &err), MS_OK);
    replace_in_flush = true;
    ck_assert_int_eq(checkpoint(old), MS_BUSY);
    scan = scan_of_successor();
    ck_assert_int_eq(scan.done, 1);
    ck_assert_int_eq(scan.from_iteration[1], 2);
    ms_writer_scan_free(&scan);
    ms_writer_close(old);
    ms_writer_close(successor);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("fence");
    TCase *tests = tcase_create("fence");
    int all = (int)(sizeof actions / sizeof actions[0]);

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_loop_test(tests, a_replaced_run_does_not_write_a_byte, 0, all);
    tcase_add_loop_test(tests, a_run_that_was_not_replaced_may_write, 0, all);
    tcase_add_loop_test(tests, a_run_whose_file_is_overwritten_with_an_older_copy_does_not_write_a_byte, 0,
                        all);
    tcase_add_test(tests, rows_missing_from_a_copy_of_the_same_run_are_noticed_at_the_end);
    tcase_add_test(tests, a_run_that_is_replaced_while_rows_are_flushed_writes_no_status);
    tcase_add_test(tests, a_run_that_is_replaced_while_a_checkpoint_is_flushed_does_not_make_it_valid);
    suite_add_tcase(suite, tests);
    return suite;
}
