/* What is on disk, and in what order: the calls that write, flush and rename are recorded, and what a flush that
 * succeeded included is durable. The flusher's thread flushes while other calls are made.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* syscall, renameat2 */

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/lock.h"
#include "moonsweep/writer.h"
#include "store/file/file.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* ---- the calls -------------------------------------------------------------------------------------------------- */

enum call_kind { WRITE, FLUSH_FILE, FLUSH_FOLDER, RENAME };

/* A call. Instants are counted: each beginning and each end of a call is one. */
struct call {
    enum call_kind kind;
    uint64_t offset;
    size_t count;
    int begun, over;
};

enum { CALLS = 8192, NEVER = 1 << 30, FLUSH_NS = 20 * 1000 * 1000 };

static struct call calls[CALLS];
static int n_calls, now;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Records the beginning of a call and returns its index. */
static int begin(enum call_kind kind, uint64_t offset, size_t count)
{
    int i;

    (void)pthread_mutex_lock(&mutex);
    ck_assert_int_lt(n_calls, CALLS);
    i = n_calls++;
    calls[i] = (struct call){kind, offset, count, now++, NEVER};
    (void)pthread_mutex_unlock(&mutex);
    return i;
}

/* Records that a call has ended with a result, which is returned. A call that failed never ends. */
static long end(int i, long result)
{
    (void)pthread_mutex_lock(&mutex);
    if (result >= 0)
        calls[i].over = now++;
    (void)pthread_mutex_unlock(&mutex);
    return result;
}

static void forget_calls(void)
{
    n_calls = now = 0;
}

static bool is_folder(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The following functions replace those of the C library. */

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
ssize_t pwrite(int fd, const void *from, size_t count, off_t offset)
{
    return end(begin(WRITE, (uint64_t)offset, count), syscall(SYS_pwrite64, fd, from, count, offset));
}

/* A flush takes long enough for other calls to be made too early. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int fdatasync(int fd)
{
    const int i = begin(FLUSH_FILE, 0, 0);

    (void)nanosleep(&(struct timespec){.tv_nsec = FLUSH_NS}, NULL);
    return (int)end(i, syscall(SYS_fdatasync, fd));
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int fsync(int fd)
{
    return (int)end(begin(is_folder(fd) ? FLUSH_FOLDER : FLUSH_FILE, 0, 0), syscall(SYS_fsync, fd));
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return (int)end(begin(RENAME, 0, 0), syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

/* ---- what is durable -------------------------------------------------------------------------------------------- */

/* Returns when a call became durable: when a flush ended that began after the call. */
static int durable_at(const struct call *call)
{
    const enum call_kind flush = call->kind == RENAME ? FLUSH_FOLDER : FLUSH_FILE;
    int at = NEVER;

    for (int i = 0; i < n_calls; i++)
        if (calls[i].kind == flush && calls[i].begun > call->over && calls[i].over < at)
            at = calls[i].over;
    return at;
}

static const struct call *first_of(enum call_kind kind)
{
    for (int i = 0; i < n_calls; i++)
        if (calls[i].kind == kind)
            return &calls[i];
    ck_abort_msg("there is no call of kind %d", kind);
}

/* Returns the last write to a row of a variable. */
static const struct call *write_of(enum ms_variable variable, int64_t row)
{
    const struct call *found = NULL;
    struct ms_file file;
    uint64_t place;

    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK, "%s", err.text);
    place = ms_file_place(&file, variable, row);
    ms_file_close(&file);
    for (int i = 0; i < n_calls; i++)
        if (calls[i].kind == WRITE && calls[i].offset <= place && place < calls[i].offset + calls[i].count)
            found = &calls[i];
    ck_assert_msg(found != NULL, "%s[%lld] was not written", ms_schema[variable].name, (long long)row);
    return found;
}

static void assert_all_durable(void)
{
    int writes = 0;

    for (int i = 0; i < n_calls; i++)
        if (calls[i].kind == WRITE) {
            ck_assert_msg(durable_at(&calls[i]) < NEVER, "a write at %llu is not durable",
                          (unsigned long long)calls[i].offset);
            writes++;
        }
    ck_assert_int_gt(writes, 0);
}

/* ---- the tests -------------------------------------------------------------------------------------------------- */

START_TEST(a_new_result_is_durable_before_it_has_its_name_and_the_name_is_durable_too)
{
    const struct call *named;

    forget_calls();
    store_case_create();
    named = first_of(RENAME);
    for (int i = 0; i < n_calls; i++)
        if (calls[i].kind == WRITE)
            ck_assert_int_lt(durable_at(&calls[i]), named->begun);
    ck_assert_int_lt(first_of(WRITE)->over, named->begun);
    ck_assert_int_lt(durable_at(named), NEVER);
}
END_TEST

START_TEST(the_id_of_a_run_is_durable_when_it_begins)
{
    struct ms_writer *writer;

    store_case_create();
    forget_calls();
    writer = store_case_begin_run();
    ck_assert_int_lt(durable_at(write_of(MS_VAR_RUN_CURRENT, 0)), NEVER);
    assert_all_durable();
    ms_writer_close(writer);
}
END_TEST

START_TEST(the_end_of_a_run_is_durable)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    forget_calls();
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_FINISHED, &err), MS_OK);
    ck_assert_int_lt(durable_at(write_of(MS_VAR_RUN_HOW_ENDED, 0)), NEVER);
    assert_all_durable();
    ms_writer_close(writer);
}
END_TEST

/* Starts a run with costs and a row that wait to be committed. */
static struct ms_writer *run_with_result(void)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    forget_calls();
    return writer;
}

START_TEST(a_row_and_its_costs_are_durable_before_its_status_is_written)
{
    static const enum ms_variable before[] = {MS_VAR_COST_COUNT, MS_VAR_ITERATIONS_DONE, MS_VAR_W1,
                                              MS_VAR_CHECKSUM, MS_VAR_TIMES_CHECKSUM};
    struct ms_writer *writer = run_with_result();
    const struct call *status;

    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    status = write_of(MS_VAR_STATUS, 2);
    ck_assert_int_lt(durable_at(write_of(MS_VAR_COST, 10)), status->begun);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        ck_assert_msg(durable_at(write_of(before[i], before[i] == MS_VAR_COST_COUNT ? 1 : 2)) < status->begun,
                      "%s", ms_schema[before[i]].name);
    assert_all_durable();
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_checkpoint_is_durable_before_its_checksum_is_written_and_then_that_is_too)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint state = {.iteration = 3, .network = &network};
    struct ms_writer *writer = run_with_result();
    const struct call *checksum;

    store_case_costs(writer, 2, 3);
    ck_assert_msg(ms_writer_checkpoint(writer, &state, &err) == MS_OK, "%s", err.text);
    checksum = write_of(MS_VAR_SLOT_CHECKSUM, 0);
    for (enum ms_variable v = MS_VAR_SLOT_TRAJECTORY; v < MS_VAR_SLOT_CHECKSUM; v++)
        ck_assert_msg(durable_at(write_of(v, 0)) < checksum->begun, "%s", ms_schema[v].name);
    ck_assert_int_lt(durable_at(write_of(MS_VAR_COST, 12)), checksum->begun);
    ck_assert_int_lt(write_of(MS_VAR_STATUS, 2)->over, checksum->begun); /* C3 */
    assert_all_durable();
    ms_writer_close(writer);
}
END_TEST

START_TEST(rows_that_are_trained_again_are_durably_pending_before_their_checksums_are_cleared)
{
    struct ms_writer *writer = run_with_result();
    struct ms_writer_scan scan;

    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    store_case_flip(MS_VAR_W1, 2, 0, 0);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.damaged, 1);
    forget_calls();
    ck_assert_msg(ms_writer_reopen(writer, &scan, &err) == MS_OK, "%s", err.text);
    ck_assert_int_lt(durable_at(write_of(MS_VAR_STATUS, 2)), write_of(MS_VAR_CHECKSUM, 2)->begun);
    assert_all_durable();
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(what_is_repaired_from_the_second_copy_is_durable)
{
    struct ms_writer_repaired repaired;

    store_case_create();
    store_case_flip(MS_VAR_LEARNING_RATE, 1, 3, 4);
    forget_calls();
    ck_assert_msg(ms_writer_repair(store_case.path, true, &repaired, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(repaired.bytes, 1);
    assert_all_durable();
}
END_TEST

START_TEST(a_request_to_stop_is_durable)
{
    struct ms_run_state state;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    forget_calls();
    ck_assert_msg(ms_lock_ask_to_stop(store_case.path, &state, &err) == MS_OK, "%s", err.text);
    ck_assert_int_lt(durable_at(write_of(MS_VAR_RUN_STOP, 0)), NEVER);
    assert_all_durable();
    ms_writer_close(writer);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("durability");
    TCase *tests = tcase_create("durability");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, a_new_result_is_durable_before_it_has_its_name_and_the_name_is_durable_too);
    tcase_add_test(tests, the_id_of_a_run_is_durable_when_it_begins);
    tcase_add_test(tests, the_end_of_a_run_is_durable);
    tcase_add_test(tests, a_row_and_its_costs_are_durable_before_its_status_is_written);
    tcase_add_test(tests, a_checkpoint_is_durable_before_its_checksum_is_written_and_then_that_is_too);
    tcase_add_test(tests, rows_that_are_trained_again_are_durably_pending_before_their_checksums_are_cleared);
    tcase_add_test(tests, what_is_repaired_from_the_second_copy_is_durable);
    tcase_add_test(tests, a_request_to_stop_is_durable);
    suite_add_tcase(suite, tests);
    return suite;
}
