/* Whether a run is active, according to its row and its lock; and requests to stop it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "moonsweep/reader.h"
#include "moonsweep/writer.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

static struct ms_lock *take_lock(void)
{
    struct ms_lock *lock;

    ck_assert_msg(ms_lock_take(store_case.path, true, &lock, &err) == MS_OK, "%s", err.text);
    store_case.run_id = ms_lock_run_id(lock);
    return lock;
}

static struct ms_run_state run_state(void)
{
    struct ms_run_state state;
    struct ms_reader *reader;

    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_run_state(reader, &state, &err), MS_OK);
    ms_reader_close(reader);
    return state;
}

static struct ms_run_state ask_to_stop(void)
{
    struct ms_run_state state;

    ck_assert_msg(ms_lock_ask_to_stop(store_case.path, &state, &err) == MS_OK, "%s", err.text);
    return state;
}

static bool is_asked_to_stop(struct ms_writer *writer)
{
    bool asked;

    ck_assert_int_eq(ms_writer_stop_asked(writer, &asked, &err), MS_OK);
    return asked;
}

/* Writes this text to the lock file: one that a killed run leaves, or one that remains locked. */
static void write_lock_file(const char *text)
{
    char name[sizeof store_case.path + 8];
    FILE *file;

    (void)snprintf(name, sizeof name, "%s.lock", store_case.path);
    file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    (void)fclose(file);
}

static void remove_lock_file(void)
{
    char name[sizeof store_case.path + 8];

    (void)snprintf(name, sizeof name, "%s.lock", store_case.path);
    ck_assert_int_eq(unlink(name), 0);
}

START_TEST(no_run_is_active_on_a_new_file)
{
    store_case_create();
    ck_assert_int_eq(run_state().activity, MS_RUN_NONE);
    ck_assert_int_eq(run_state().how_ended, 0);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_NONE);
}
END_TEST

START_TEST(a_run_is_active_from_the_beginning_to_the_end_of_its_row)
{
    struct ms_lock *lock;
    struct ms_writer *writer;
    char process[32];

    store_case_create();
    lock = take_lock();
    ck_assert_int_eq(run_state().activity, MS_RUN_PASSING);
    writer = store_case_begin_run();
    ck_assert_int_eq(run_state().activity, MS_RUN_AT_WORK);
    (void)snprintf(process, sizeof process, "process %ld, ", (long)getpid());
    ck_assert_ptr_nonnull(strstr(run_state().holder, process));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_FAILED, &err), MS_OK);
    ck_assert_int_eq(run_state().activity, MS_RUN_PASSING);
    ms_writer_close(writer);
    ms_lock_release(lock);
    ck_assert_int_eq(run_state().activity, MS_RUN_NONE);
    ck_assert_int_eq(run_state().how_ended, MS_RUN_FAILED);
}
END_TEST

START_TEST(a_run_without_an_end_whose_lock_is_free_was_killed)
{
    char host[128], line[256];

    store_case_create();
    ms_writer_close(store_case_begin_run());
    ck_assert_int_eq(gethostname(host, sizeof host), 0);
    (void)snprintf(line, sizeof line, "host %s, process 1, job none, since 2026-01-02T03:04:05Z\n", host);
    write_lock_file(line);
    ck_assert_int_eq(run_state().activity, MS_RUN_KILLED);
    ck_assert(!run_state().asked_to_stop);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_KILLED);
    ck_assert(run_state().asked_to_stop);
    ms_writer_close(store_case_begin_run());
    ck_assert(!run_state().asked_to_stop);
    remove_lock_file();
}
END_TEST

START_TEST(a_run_without_an_end_and_without_a_lock_file_may_be_active_under_another_name)
{
    char other[sizeof store_case.path + 8];
    struct ms_lock *lock;
    struct ms_run_state state;
    struct ms_reader *reader;
    struct ms_writer *writer;

    store_case_create();
    lock = take_lock();
    writer = store_case_begin_run();
    (void)snprintf(other, sizeof other, "%s.other", store_case.path);
    ck_assert_int_eq(rename(store_case.path, other), 0);
    ck_assert_int_eq(ms_reader_open(other, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_run_state(reader, &state, &err), MS_OK);
    ck_assert_int_eq(state.activity, MS_RUN_OTHER_NAME);
    ck_assert_str_eq(state.holder, "");
    ms_reader_close(reader);
    ck_assert_int_eq(ms_lock_ask_to_stop(other, &state, &err), MS_OK);
    ck_assert_int_eq(state.activity, MS_RUN_OTHER_NAME);
    ck_assert(is_asked_to_stop(writer));
    ck_assert_int_eq(rename(other, store_case.path), 0);
    ck_assert_int_eq(run_state().activity, MS_RUN_AT_WORK);
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

START_TEST(a_run_of_another_host_may_be_active_unseen)
{
    store_case_create();
    ms_writer_close(store_case_begin_run());
    write_lock_file("host some-other-host, process 1, job none, since 2026-01-02T03:04:05Z\n");
    ck_assert_int_eq(run_state().activity, MS_RUN_UNSEEN);
    ck_assert_str_eq(run_state().holder,
                     "host some-other-host, process 1, job none, since 2026-01-02T03:04:05Z");
    remove_lock_file();
}
END_TEST

START_TEST(the_row_of_a_killed_run_is_not_taken_for_that_of_a_starting_run)
{
    struct ms_lock *lock;
    struct ms_writer *writer;

    store_case_create();
    ms_writer_close(store_case_begin_run());
    lock = take_lock();
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_PASSING);
    writer = store_case_begin_run();
    ck_assert(!is_asked_to_stop(writer));
    ck_assert_int_eq(run_state().activity, MS_RUN_AT_WORK);
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

/* The clock of the holder's host may be wrong by any amount. */
START_TEST(the_time_in_the_lock_file_does_not_matter)
{
    static const char *const times[] = {"1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z", "yesterday"};
    struct ms_lock *lock;
    struct ms_writer *writer;
    char text[256];

    store_case_create();
    lock = take_lock();
    writer = store_case_begin_run();
    (void)snprintf(text, sizeof text, "host another, process 1, job none, since %s\nrun %016llx\n", times[_i],
                   (unsigned long long)ms_lock_run_id(lock));
    write_lock_file(text);
    ck_assert_int_eq(run_state().activity, MS_RUN_AT_WORK);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_AT_WORK);
    ck_assert(is_asked_to_stop(writer));
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

START_TEST(if_the_holder_of_the_lock_is_unknown_it_is_asked_to_stop_and_called_so)
{
    struct ms_lock *lock;
    struct ms_writer *writer;

    store_case_create();
    lock = take_lock();
    writer = store_case_begin_run();
    write_lock_file(_i == 0 ? "" : "host another, process 1, job none, since 2026-01-02T03:04:05Z\n");
    ck_assert_int_eq(run_state().activity, MS_RUN_UNNAMED);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_UNNAMED);
    ck_assert(is_asked_to_stop(writer));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_STOPPED, &err), MS_OK);
    ck_assert_int_eq(run_state().activity, MS_RUN_PASSING);
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

START_TEST(a_request_to_stop_is_only_for_the_active_run)
{
    struct ms_lock *lock;
    struct ms_writer *writer;

    store_case_create();
    lock = take_lock();
    writer = store_case_begin_run();
    ck_assert(!is_asked_to_stop(writer));
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_AT_WORK);
    ck_assert(is_asked_to_stop(writer));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_STOPPED, &err), MS_OK);
    ms_writer_close(writer);
    ms_lock_release(lock);
    ck_assert(run_state().asked_to_stop);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_NONE);
    writer = store_case_begin_run();
    ck_assert(!is_asked_to_stop(writer)); /* the request was for the previous run */
    ms_writer_close(writer);
}
END_TEST

START_TEST(only_a_result_can_be_asked_to_stop)
{
    struct ms_run_state state;

    ck_assert_int_eq(ms_lock_ask_to_stop(store_case.path, &state, &err), MS_NO_INPUT);
    ck_assert_int_eq(ms_lock_ask_to_stop(store_case.folder, &state, &err), MS_NO_INPUT);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("run_state");
    TCase *tests = tcase_create("run_state");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, no_run_is_active_on_a_new_file);
    tcase_add_test(tests, a_run_is_active_from_the_beginning_to_the_end_of_its_row);
    tcase_add_test(tests, a_run_without_an_end_whose_lock_is_free_was_killed);
    tcase_add_test(tests, a_run_without_an_end_and_without_a_lock_file_may_be_active_under_another_name);
    tcase_add_test(tests, a_run_of_another_host_may_be_active_unseen);
    tcase_add_test(tests, the_row_of_a_killed_run_is_not_taken_for_that_of_a_starting_run);
    tcase_add_loop_test(tests, the_time_in_the_lock_file_does_not_matter, 0, 3);
    tcase_add_loop_test(tests, if_the_holder_of_the_lock_is_unknown_it_is_asked_to_stop_and_called_so, 0, 2);
    tcase_add_test(tests, a_request_to_stop_is_only_for_the_active_run);
    tcase_add_test(tests, only_a_result_can_be_asked_to_stop);
    suite_add_tcase(suite, tests);
    return suite;
}
