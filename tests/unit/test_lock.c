/* The lock of a result file, between processes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "moonsweep/clock.h"
#include "moonsweep/lock.h"
#include "unit.h"

static char folder[64], path[80], lock_path[96];

static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/ms-lock-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/out.h5", folder);
    (void)snprintf(lock_path, sizeof lock_path, "%s.lock", path);
}

static void remove_folder(void)
{
    (void)remove(lock_path);
    (void)rmdir(folder);
}

static bool exists(const char *name)
{
    return access(name, F_OK) == 0;
}

/* Starts a process that takes the lock and waits until it is killed. Returns when it has the lock. */
static pid_t start_holder(void)
{
    int pipe_ends[2];
    char ready;
    pid_t child;

    ck_assert_int_eq(pipe(pipe_ends), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct ms_lock *lock;
        struct ms_error err;

        if (ms_lock_take(path, true, &lock, &err) != MS_OK || write(pipe_ends[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            (void)pause();
    }
    ck_assert_int_eq(read(pipe_ends[0], &ready, 1), 1);
    (void)close(pipe_ends[0]);
    (void)close(pipe_ends[1]);
    return child;
}

static void kill_holder(pid_t child)
{
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(a_file_locked_by_another_process_is_busy_and_the_holder_is_named)
{
    pid_t child = start_holder();
    struct ms_lock *lock = NULL;
    struct ms_error err;
    char process[32];

    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_BUSY);
    ck_assert_ptr_null(lock);
    (void)snprintf(process, sizeof process, "process %ld", (long)child);
    ck_assert_ptr_nonnull(strstr(err.text, process));
    ck_assert_ptr_nonnull(strstr(err.text, path));
    kill_holder(child);
}
END_TEST

START_TEST(the_lock_of_a_killed_process_is_free)
{
    struct ms_lock *lock;
    struct ms_error err;

    kill_holder(start_holder());
    ck_assert(exists(lock_path));
    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_OK);
    ms_lock_release(lock);
    ck_assert(!exists(lock_path));
}
END_TEST

START_TEST(a_process_cannot_take_the_same_lock_twice)
{
    struct ms_lock *lock, *second;
    struct ms_error err;

    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_OK);
    ck_assert_int_eq(ms_lock_take(path, true, &second, &err), MS_BUSY);
    ck_assert(exists(lock_path));
    ms_lock_release(lock);
}
END_TEST

START_TEST(a_lock_file_that_is_not_ours_is_not_removed)
{
    struct ms_lock *lock;
    struct ms_error err;
    FILE *other;

    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_OK);
    ck_assert_int_eq(unlink(lock_path), 0);
    other = fopen(lock_path, "w");
    ck_assert_ptr_nonnull(other);
    (void)fclose(other);
    ms_lock_release(lock);
    ck_assert(exists(lock_path));
}
END_TEST

START_TEST(concurrent_processes_never_hold_the_lock_together)
{
    enum { PROCESSES = 4, TURNS = 300 };
    char inside[96];
    pid_t children[PROCESSES];

    (void)snprintf(inside, sizeof inside, "%s/inside", folder);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] != 0)
            continue;
        for (int turn = 0; turn < TURNS;) {
            struct ms_lock *lock;
            struct ms_error err;

            if (ms_lock_take(path, true, &lock, &err) != MS_OK)
                continue;
            /* Only one process at a time can create the folder. */
            if (mkdir(inside, 0700) != 0 || rmdir(inside) != 0)
                _exit(1);
            ms_lock_release(lock);
            turn++;
        }
        _exit(0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;

        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert(!exists(lock_path));
}
END_TEST

/* Expects that the lock cannot be taken, with that code and message, and that the lock file remains. */
static void expect_refused(enum ms_code code, const char *words)
{
    struct ms_lock *lock = NULL;
    struct ms_error err;

    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), code);
    ck_assert_ptr_null(lock);
    ck_assert_msg(strstr(err.text, words) != NULL && strstr(err.text, lock_path) != NULL, "%s", err.text);
    ck_assert(exists(lock_path));
}

START_TEST(a_lock_file_that_is_not_a_regular_file_is_refused_by_its_kind)
{
    ck_assert_int_eq(symlink("/etc/passwd", lock_path), 0);
    expect_refused(MS_CANNOT_CREATE, "is a symbolic link; remove it");
    ck_assert_int_eq(unlink(lock_path), 0);
    ck_assert_int_eq(mkdir(lock_path, 0700), 0);
    expect_refused(MS_CANNOT_CREATE, "is a folder; remove it");
    ck_assert_int_eq(rmdir(lock_path), 0);
    ck_assert_int_eq(mkfifo(lock_path, 0600), 0);
    expect_refused(MS_CANNOT_CREATE, "is a pipe, socket or device; remove it");
}
END_TEST

START_TEST(a_lock_file_without_write_permission_is_refused)
{
    pid_t child;
    int status;

    ck_assert_int_eq(close(open(lock_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0444)), 0);
    ck_assert_int_eq(chmod(folder, 0777), 0);
    child = fork(); /* root may write everything, so the child becomes nobody */
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(1);
        expect_refused(MS_NO_PERMISSION,
                       "cannot be opened for writing: Permission denied; a run needs write permission");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* Makes a file with the name of the lock file and this text. */
static void leave_file(const char *text)
{
    FILE *file = fopen(lock_path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void expect_text(const char *expected)
{
    char text[512];
    FILE *file = fopen(lock_path, "r");
    size_t length;

    ck_assert_ptr_nonnull(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    (void)fclose(file);
    ck_assert_str_eq(text, expected);
}

static const char left_text[] =
    "host h, process 1, job none, since 2026-01-02T03:04:05Z\nrun 0123456789abcdef\n";

START_TEST(a_file_that_no_run_has_left_is_refused_and_not_changed)
{
    char other[96];
    FILE *large;

    leave_file("precious");
    expect_refused(MS_CANNOT_CREATE, "contains something else; file not changed");
    expect_text("precious");
    leave_file(left_text);
    (void)snprintf(other, sizeof other, "%s/other", folder);
    ck_assert_int_eq(link(lock_path, other), 0);
    expect_refused(MS_CANNOT_CREATE, "has another name (a hard link); file not changed");
    expect_text(left_text);
    ck_assert_int_eq(unlink(other), 0);
    large = fopen(lock_path, "a");
    ck_assert_ptr_nonnull(large);
    for (int i = 0; i < 400; i++)
        (void)fputc('x', large);
    (void)fclose(large);
    expect_refused(MS_CANNOT_CREATE, "contains something else; file not changed");
}
END_TEST

/* Its owner may not have ended, but be unable to hold the lock visibly here. */
START_TEST(a_lock_file_of_another_user_is_refused_and_not_changed)
{
    pid_t child;
    int status;

    leave_file(left_text);
    ck_assert_int_eq(chmod(lock_path, 0666), 0);
    ck_assert_int_eq(chmod(folder, 0777), 0);
    child = fork(); /* only root can become another user, so without it there is nothing to test */
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(1);
        if (geteuid() == 65534)
            expect_refused(MS_CANNOT_CREATE, "belongs to another user; file not changed");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    expect_text(left_text);
}
END_TEST

START_TEST(a_file_that_a_run_has_left_is_used)
{
    static const char *const texts[] = {"", left_text,
                                        "host h, process 1, job none, since 2026-01-02T03:04:05Z\n"};
    struct ms_lock *lock;
    struct ms_error err;

    leave_file(texts[_i]);
    ck_assert_msg(ms_lock_take(path, true, &lock, &err) == MS_OK, "%s", err.text);
    ck_assert(ms_lock_is_held(lock));
    ms_lock_release(lock);
    ck_assert(!exists(lock_path));
}
END_TEST

START_TEST(looking_at_a_lock_names_its_holder_and_changes_nothing)
{
    struct ms_lock_look look;
    struct ms_lock *lock;
    struct ms_error err;
    char process[32];
    pid_t child;

    ms_lock_look(path, &look);
    ck_assert_int_eq(look.state, MS_LOCK_FREE);
    ck_assert(!exists(lock_path));
    child = start_holder();
    (void)snprintf(process, sizeof process, "process %ld,", (long)child);
    ms_lock_look(path, &look);
    ck_assert_int_eq(look.state, MS_LOCK_HELD);
    ck_assert_ptr_nonnull(strstr(look.holder, process));
    ck_assert(!look.elsewhere);
    ck_assert_uint_ne(look.run_id, 0);
    kill_holder(child);
    ms_lock_look(path, &look);
    ck_assert_int_eq(look.state, MS_LOCK_FREE);
    ck_assert_ptr_nonnull(strstr(look.holder, process));
    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_OK);
    ms_lock_release(lock);
}
END_TEST

START_TEST(the_lock_can_be_taken_while_others_look_at_it)
{
    enum { LOOKERS = 3, TURNS = 2000 };
    pid_t children[LOOKERS];

    for (int i = 0; i < LOOKERS; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        while (children[i] == 0) {
            struct ms_lock_look look;

            ms_lock_look(path, &look);
        }
    }
    for (int turn = 0; turn < TURNS; turn++) {
        struct ms_lock *lock;
        struct ms_error err;

        ck_assert_msg(ms_lock_take(path, true, &lock, &err) == MS_OK, "%s", err.text);
        ms_lock_release(lock);
    }
    for (int i = 0; i < LOOKERS; i++)
        kill_holder(children[i]);
}
END_TEST

/* ---- attempts at one job of Slurm ------------------------------------------------------------------------ */

/* Makes this process a part of an attempt at a job. restarts: NULL in the first attempt. */
static void be_attempt(const char *job, const char *restarts, const char *task, const char *cluster)
{
    static const char *const names[] = {"SLURM_JOB_ID", "SLURM_RESTART_COUNT", "SLURM_ARRAY_TASK_ID",
                                        "SLURM_CLUSTER_NAME"};
    const char *const values[] = {job, restarts, task, cluster};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (values[i] == NULL)
            ck_assert_int_eq(unsetenv(names[i]), 0);
        else
            ck_assert_int_eq(setenv(names[i], values[i], 1), 0);
}

START_TEST(a_later_attempt_at_the_same_job_takes_the_lock_over)
{
    struct ms_lock *lock = NULL;
    struct ms_error err;
    char process[32];
    pid_t earlier;

    be_attempt("1234", NULL, NULL, "alpha");
    earlier = start_holder();
    (void)snprintf(process, sizeof process, "process %ld,", (long)earlier);
    be_attempt("1234", "1", NULL, "alpha");
    ck_assert_msg(ms_lock_take(path, true, &lock, &err) == MS_OK, "%s", err.text);
    ck_assert(ms_lock_is_held(lock));
    ck_assert_ptr_nonnull(strstr(ms_lock_taken_from(lock), process));
    kill_holder(earlier);
    ck_assert(exists(lock_path)); /* it belongs to the later attempt now */
    ms_lock_release(lock);
    ck_assert(!exists(lock_path));
}
END_TEST

START_TEST(a_lock_is_not_taken_over_by_any_other_attempt)
{
    static const char *const others[][4] = {
        {"1234", "1", NULL, NULL},   /* the same attempt */
        {"1234", NULL, NULL, NULL},  /* an earlier one */
        {"1234", "0", NULL, NULL},   /* likewise */
        {"1235", "2", NULL, NULL},   /* another job */
        {"123", "2", NULL, NULL},    /* likewise */
        {"1234", "2", "3", NULL},    /* another task */
        {"1234", "2", NULL, "beta"}, /* of another cluster */
        {"1234", "2x", NULL, NULL},  /* no number */
        {"1234", "-2", NULL, NULL},  /* likewise */
        {"1234", "99999999999999999999", NULL, NULL},
        {NULL, "2", NULL, NULL}, /* not a job */
        {"", "2", NULL, NULL},
    };
    struct ms_lock *lock = NULL;
    struct ms_error err;
    pid_t holder;

    be_attempt("1234", "1", NULL, NULL);
    holder = start_holder();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        be_attempt(others[i][0], others[i][1], others[i][2], others[i][3]);
        ck_assert_msg(ms_lock_take(path, true, &lock, &err) == MS_BUSY, "case %zu", i);
    }
    kill_holder(holder);
}
END_TEST

START_TEST(a_lock_without_a_job_is_not_taken_over)
{
    struct ms_lock *lock = NULL;
    struct ms_error err;
    pid_t holder;

    be_attempt(NULL, NULL, NULL, NULL);
    holder = start_holder();
    be_attempt("1234", "5", NULL, NULL);
    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_BUSY);
    ck_assert_ptr_nonnull(strstr(err.text, ", job none, "));
    kill_holder(holder);
}
END_TEST

/* Waits for the end of the other end of a pipe, takes the lock, and holds it for a moment. Returns an exit status: 0 if it
 * has had the lock, 1 if another process has it, 2 if two processes have it. */
static int take_for_a_moment(int start, const char *inside)
{
    struct ms_lock *lock;
    struct ms_error err;
    char byte;

    (void)!read(start, &byte, 1);
    if (ms_lock_take(path, true, &lock, &err) != MS_OK)
        return 1;
    if (mkdir(inside, 0700) != 0)
        return 2;
    ms_clock_sleep(0.005);
    if (rmdir(inside) != 0)
        return 2;
    ms_lock_release(lock);
    return 0;
}

START_TEST(of_several_processes_of_a_later_attempt_one_at_a_time_has_the_lock)
{
    enum { PROCESSES = 4, TURNS = 50 };
    char inside[96];

    (void)snprintf(inside, sizeof inside, "%s/inside", folder);
    for (int turn = 0; turn < TURNS; turn++) {
        pid_t earlier, children[PROCESSES];
        int start[2], taken = 0;

        be_attempt("1234", NULL, NULL, NULL);
        earlier = start_holder();
        be_attempt("1234", "1", NULL, NULL);
        ck_assert_int_eq(pipe(start), 0);
        for (int i = 0; i < PROCESSES; i++) {
            children[i] = fork();
            ck_assert_int_ge(children[i], 0);
            if (children[i] == 0) {
                (void)close(start[1]);
                _exit(take_for_a_moment(start[0], inside));
            }
        }
        (void)close(start[0]);
        (void)close(start[1]);
        for (int i = 0; i < PROCESSES; i++) {
            int status;

            ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
            ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
            taken += WEXITSTATUS(status) == 0;
        }
        ck_assert_int_ge(taken, 1);
        kill_holder(earlier);
    }
}
END_TEST

START_TEST(a_holder_that_was_replaced_does_not_remove_the_lock_of_its_successor)
{
    struct ms_lock *earlier, *later;
    struct ms_lock_look look;
    struct ms_error err;

    be_attempt("1234", NULL, "7", NULL);
    ck_assert_int_eq(ms_lock_take(path, true, &earlier, &err), MS_OK);
    be_attempt("1234", "1", "7", NULL);
    ck_assert_int_eq(ms_lock_take(path, true, &later, &err), MS_OK);
    ck_assert_uint_ne(ms_lock_run_id(earlier), ms_lock_run_id(later));
    ms_lock_note_silent(earlier, "rank 3");
    ms_lock_look(path, &look);
    ck_assert_uint_eq(look.run_id, ms_lock_run_id(later));
    ck_assert_str_eq(look.silent, "");
    ms_lock_release(earlier);
    ck_assert(exists(lock_path));
    ms_lock_release(later);
    ck_assert(!exists(lock_path));
}
END_TEST

START_TEST(silent_ranks_are_noted_in_the_lock_file)
{
    struct ms_lock_look look;
    struct ms_lock *lock, *second;
    struct ms_error err;
    uint64_t id;

    be_attempt("1234", "1", NULL, NULL);
    ck_assert_int_eq(ms_lock_take(path, true, &lock, &err), MS_OK);
    id = ms_lock_run_id(lock);
    ms_lock_note_silent(lock, "rank 3 on node7 has given no sign of life");
    ms_lock_look(path, &look);
    ck_assert_int_eq(look.state, MS_LOCK_HELD);
    ck_assert_str_eq(look.silent, "rank 3 on node7 has given no sign of life");
    ck_assert_uint_eq(look.run_id, id);
    ck_assert_int_eq(ms_lock_take(path, true, &second, &err), MS_BUSY);
    ms_lock_note_silent(lock, "");
    ms_lock_look(path, &look);
    ck_assert_str_eq(look.silent, "");
    ms_lock_release(lock);
    ck_assert(!exists(lock_path));
}
END_TEST

START_TEST(a_missing_folder_is_named)
{
    struct ms_lock *lock;
    struct ms_error err;
    char inside[96], expected[192];

    (void)snprintf(inside, sizeof inside, "%s/no-such-folder/out.h5", folder);
    (void)snprintf(expected, sizeof expected, "%s.lock cannot be locked: No such file or directory", inside);
    ck_assert_int_eq(ms_lock_take(inside, true, &lock, &err), MS_CANNOT_CREATE);
    ck_assert_str_eq(err.text, expected);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("lock");
    TCase *tests = tcase_create("lock");

    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_file_locked_by_another_process_is_busy_and_the_holder_is_named);
    tcase_add_test(tests, the_lock_of_a_killed_process_is_free);
    tcase_add_test(tests, a_process_cannot_take_the_same_lock_twice);
    tcase_add_test(tests, a_lock_file_that_is_not_ours_is_not_removed);
    tcase_add_test(tests, concurrent_processes_never_hold_the_lock_together);
    tcase_add_test(tests, a_lock_file_that_is_not_a_regular_file_is_refused_by_its_kind);
    tcase_add_test(tests, a_lock_file_without_write_permission_is_refused);
    tcase_add_test(tests, a_file_that_no_run_has_left_is_refused_and_not_changed);
    tcase_add_test(tests, a_lock_file_of_another_user_is_refused_and_not_changed);
    tcase_add_loop_test(tests, a_file_that_a_run_has_left_is_used, 0, 3);
    tcase_add_test(tests, looking_at_a_lock_names_its_holder_and_changes_nothing);
    tcase_add_test(tests, the_lock_can_be_taken_while_others_look_at_it);
    tcase_add_test(tests, a_later_attempt_at_the_same_job_takes_the_lock_over);
    tcase_add_test(tests, a_lock_is_not_taken_over_by_any_other_attempt);
    tcase_add_test(tests, a_lock_without_a_job_is_not_taken_over);
    tcase_add_test(tests, of_several_processes_of_a_later_attempt_one_at_a_time_has_the_lock);
    tcase_add_test(tests, a_holder_that_was_replaced_does_not_remove_the_lock_of_its_successor);
    tcase_add_test(tests, silent_ranks_are_noted_in_the_lock_file);
    tcase_add_test(tests, a_missing_folder_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
