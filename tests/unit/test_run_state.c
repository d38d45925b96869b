/* Whether a run is at work, by its row and by its lock; and asking it to stop. */
#include <stdio.h>
#include <string.h>
#include <time.h>
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
    return lock;
}

static struct ms_run_state look(void)
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

static bool is_asked(struct ms_writer *writer)
{
    bool asked;

    ck_assert_int_eq(ms_writer_stop_asked(writer, &asked, &err), MS_OK);
    return asked;
}

/* What a run leaves that is killed: its row, and the lock file with this text. */
static void leave_lock_file(const char *text)
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

START_TEST(of_a_new_file_nobody_is_at_work)
{
    store_case_create();
    ck_assert_int_eq(look().activity, MS_RUN_NONE);
    ck_assert_int_eq(look().how_ended, 0);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_NONE);
}
END_TEST

START_TEST(a_run_is_at_work_from_its_row_s_beginning_to_its_end)
{
    struct ms_lock *lock;
    struct ms_writer *writer;
    char process[32];

    store_case_create();
    lock = take_lock();
    ck_assert_int_eq(look().activity, MS_RUN_PASSING);
    writer = store_case_begin_run();
    ck_assert_int_eq(look().activity, MS_RUN_AT_WORK);
    (void)snprintf(process, sizeof process, "process %ld, ", (long)getpid());
    ck_assert_ptr_nonnull(strstr(look().holder, process));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_FAILED, &err), MS_OK);
    ck_assert_int_eq(look().activity, MS_RUN_PASSING);
    ms_writer_close(writer);
    ms_lock_release(lock);
    ck_assert_int_eq(look().activity, MS_RUN_NONE);
    ck_assert_int_eq(look().how_ended, MS_RUN_FAILED);
}
END_TEST

START_TEST(a_run_without_an_end_whose_lock_is_free_was_killed)
{
    char host[128], line[256];

    store_case_create();
    ms_writer_close(store_case_begin_run());
    ck_assert_int_eq(gethostname(host, sizeof host), 0);
    (void)snprintf(line, sizeof line, "host %s, process 1, job none, since 2026-01-02T03:04:05Z\n", host);
    leave_lock_file(line);
    ck_assert_int_eq(look().activity, MS_RUN_KILLED);
    ck_assert(!look().asked_to_stop);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_KILLED);
    ck_assert(look().asked_to_stop);
    ms_writer_close(store_case_begin_run());
    ck_assert(!look().asked_to_stop);
    remove_lock_file();
}
END_TEST

START_TEST(a_run_without_an_end_and_without_a_lock_file_may_be_at_work_under_another_name)
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
    ck_assert(is_asked(writer));
    ck_assert_int_eq(rename(other, store_case.path), 0);
    ck_assert_int_eq(look().activity, MS_RUN_AT_WORK);
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

START_TEST(a_run_of_another_host_may_be_alive_unseen)
{
    store_case_create();
    ms_writer_close(store_case_begin_run());
    leave_lock_file("host some-other-host, process 1, job none, since 2026-01-02T03:04:05Z\n");
    ck_assert_int_eq(look().activity, MS_RUN_UNSEEN);
    ck_assert_str_eq(look().holder, "host some-other-host, process 1, job none, since 2026-01-02T03:04:05Z");
    remove_lock_file();
}
END_TEST

START_TEST(a_row_that_was_left_open_is_not_taken_for_that_of_a_run_that_just_begins)
{
    const struct timespec pause = {.tv_sec = 1,
                                   .tv_nsec = 100 * 1000 * 1000}; /* locks are dated by the second */
    struct ms_lock *lock;
    struct ms_writer *writer;

    store_case_create();
    ms_writer_close(store_case_begin_run());
    (void)nanosleep(&pause, NULL);
    lock = take_lock();
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_PASSING);
    writer = store_case_begin_run();
    ck_assert(!is_asked(writer));
    ck_assert_int_eq(look().activity, MS_RUN_AT_WORK);
    ms_writer_close(writer);
    ms_lock_release(lock);
}
END_TEST

START_TEST(a_request_to_stop_is_meant_for_the_run_at_work)
{
    struct ms_lock *lock;
    struct ms_writer *writer;

    store_case_create();
    lock = take_lock();
    writer = store_case_begin_run();
    ck_assert(!is_asked(writer));
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_AT_WORK);
    ck_assert(is_asked(writer));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_STOPPED, &err), MS_OK);
    ms_writer_close(writer);
    ms_lock_release(lock);
    ck_assert(look().asked_to_stop);
    ck_assert_int_eq(ask_to_stop().activity, MS_RUN_NONE);
    writer = store_case_begin_run();
    ck_assert(!is_asked(writer)); /* it was not this one that was asked */
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
    tcase_add_test(tests, of_a_new_file_nobody_is_at_work);
    tcase_add_test(tests, a_run_is_at_work_from_its_row_s_beginning_to_its_end);
    tcase_add_test(tests, a_run_without_an_end_whose_lock_is_free_was_killed);
    tcase_add_test(tests, a_run_without_an_end_and_without_a_lock_file_may_be_at_work_under_another_name);
    tcase_add_test(tests, a_run_of_another_host_may_be_alive_unseen);
    tcase_add_test(tests, a_row_that_was_left_open_is_not_taken_for_that_of_a_run_that_just_begins);
    tcase_add_test(tests, a_request_to_stop_is_meant_for_the_run_at_work);
    tcase_add_test(tests, only_a_result_can_be_asked_to_stop);
    suite_add_tcase(suite, tests);
    return suite;
}
