/* The lock of a result file, between processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
    tcase_add_test(tests, a_missing_folder_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
