/* Results that are renamed, removed or replaced while a run writes them. The run notices this at its next commit, which
 * it still completes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "moonsweep/writer.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* How many more times stat fails, and with which errno, as if a network failed for a while. */
static int failures, failure;

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int stat(const char *path, struct stat *status)
{
    if (failures > 0) {
        failures--;
        errno = failure;
        return -1;
    }
    return fstatat(AT_FDCWD, path, status, 0);
}

/* Returns the path of another name in the same folder. */
static const char *other_name(const char *name)
{
    static char path[sizeof store_case.folder + 40];

    (void)snprintf(path, sizeof path, "%.63s/%s", store_case.folder, name);
    return path;
}

/* Starts a run with a row that waits to be committed. */
static struct ms_writer *run_with_results(void)
{
    struct ms_writer *writer;

    failures = 0;
    store_case_create();
    writer = store_case_begin_run_with_row();
    return writer;
}

static void make_another_file(void)
{
    FILE *file = fopen(store_case.path, "w");

    ck_assert_ptr_nonnull(file);
    (void)fclose(file);
}

/* Gives the result its original name back, so that the folder can be removed. */
static void restore(const char *name)
{
    ck_assert_int_eq(rename(other_name(name), store_case.path), 0);
}

static void assert_unnamed(enum ms_code code, const char *words)
{
    ck_assert_int_eq(code, MS_IO_ERROR);
    ck_assert_int_eq(strncmp(err.text, store_case.path, strlen(store_case.path)), 0);
    ck_assert_msg(strstr(err.text, words) != NULL, "%s", err.text);
}

/* ---- the actions by which a run commits ---------------------------------------------------------------------- */

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

static enum ms_code (*const actions[])(struct ms_writer *) = {flush, tick, checkpoint};

START_TEST(commits_under_another_name_are_complete_and_the_error_names_the_file)
{
    struct ms_writer *writer = run_with_results();
    struct ms_writer_scan scan;

    ck_assert_int_eq(rename(store_case.path, other_name("moved.h5")), 0);
    assert_unnamed(actions[_i](writer), " was renamed while it was written: the results are in ");
    ck_assert_ptr_nonnull(strstr(err.text, other_name("moved.h5")));
    ck_assert_int_eq(ms_writer_run_end(writer, 1, MS_RUN_FAILED, &err), MS_OK);
    ms_writer_close(writer);
    restore("moved.h5");

    writer = store_case_begin_run();
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.done, 1);
    ck_assert_int_eq(scan.damaged, 0);
    ck_assert_int_eq(scan.from_iteration[1], actions[_i] == checkpoint ? 3 : 2);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

/* ---- changes of the name ------------------------------------------------------------------------------------- */

START_TEST(a_file_with_its_original_name_is_not_an_error)
{
    struct ms_writer *writer = run_with_results();

    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(actions[i](writer), MS_OK);
    ck_assert_int_eq(ms_writer_still_named(writer, &err), MS_OK);
    ck_assert_int_eq(ms_writer_confirm_named(writer, &err), MS_OK);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_removed_file_is_lost)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(unlink(store_case.path), 0);
    assert_unnamed(ms_writer_still_named(writer, &err),
                   " was removed while it was written: the results are lost");
    assert_unnamed(ms_writer_confirm_named(writer, &err), " was removed while it was written");
    ms_writer_close(writer);
    make_another_file();
}
END_TEST

START_TEST(a_replaced_file_is_lost)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(unlink(store_case.path), 0);
    make_another_file();
    assert_unnamed(ms_writer_still_named(writer, &err),
                   " was replaced by another file while it was written: the results are lost");
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_replaced_file_that_was_kept_is_named)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(rename(store_case.path, other_name("kept.h5")), 0);
    make_another_file();
    assert_unnamed(ms_writer_still_named(writer, &err),
                   " was replaced by another file while it was written: the results are in ");
    ck_assert_ptr_nonnull(strstr(err.text, other_name("kept.h5")));
    ms_writer_close(writer);
    restore("kept.h5");
}
END_TEST

START_TEST(the_message_mentions_that_the_file_may_have_another_link)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(link(store_case.path, other_name("link.h5")), 0);
    ck_assert_int_eq(ms_writer_still_named(writer, &err), MS_OK);
    ck_assert_int_eq(unlink(store_case.path), 0);
    assert_unnamed(ms_writer_still_named(writer, &err), "are lost unless the file has another name");
    ms_writer_close(writer);
    restore("link.h5");
}
END_TEST

/* An NFS client gives such a name to a file that is removed while a process has it open. */
START_TEST(a_name_given_by_an_nfs_client_does_not_count)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(rename(store_case.path, other_name(".nfs0000000000c0ffee0000002a")), 0);
    assert_unnamed(ms_writer_still_named(writer, &err), "are lost unless the file has another name");
    ck_assert_ptr_null(strstr(err.text, ".nfs"));
    ms_writer_close(writer);
    restore(".nfs0000000000c0ffee0000002a");
}
END_TEST

START_TEST(a_symbolic_link_to_the_file_is_accepted_as_its_name)
{
    struct ms_writer *writer = run_with_results();

    ck_assert_int_eq(rename(store_case.path, other_name("far.h5")), 0);
    ck_assert_int_eq(symlink("far.h5", store_case.path), 0);
    ck_assert_int_eq(ms_writer_confirm_named(writer, &err), MS_OK);
    ck_assert_int_eq(unlink(store_case.path), 0);
    ck_assert_int_eq(symlink("out.h5", store_case.path), 0);
    assert_unnamed(ms_writer_still_named(writer, &err), " was renamed ");
    ck_assert_int_eq(unlink(store_case.path), 0);
    ms_writer_close(writer);
    restore("far.h5");
}
END_TEST

START_TEST(renaming_the_folder_counts_as_renaming_the_file)
{
    char moved[sizeof store_case.folder + 8];
    struct ms_writer *writer = run_with_results();

    (void)snprintf(moved, sizeof moved, "%s-moved", store_case.folder);
    ck_assert_int_eq(rename(store_case.folder, moved), 0);
    assert_unnamed(ms_writer_still_named(writer, &err),
                   " was renamed while it was written: the results are in ");
    ck_assert_ptr_nonnull(strstr(err.text, "-moved/out.h5"));
    ck_assert_int_eq(rename(moved, store_case.folder), 0);
    ck_assert_int_eq(ms_writer_still_named(writer, &err), MS_OK);
    ms_writer_close(writer);
}
END_TEST

/* ---- errors of the lookup ------------------------------------------------------------------------------------ */

START_TEST(a_lookup_that_fails_for_a_while_is_not_an_error)
{
    static const int causes[] = {EIO, EACCES, ETIMEDOUT, ENOMEM, EINTR, ENOTCONN};
    struct ms_writer *writer = run_with_results();

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        failure = causes[i];
        failures = 1;
        ck_assert_int_eq(ms_writer_still_named(writer, &err), MS_OK);
        failures = 3;
        ck_assert_int_eq(ms_writer_confirm_named(writer, &err), MS_OK);
        ck_assert_int_eq(failures, 0);
    }
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_lookup_that_still_fails_at_the_end_is_an_error)
{
    struct ms_writer *writer = run_with_results();

    failure = EACCES;
    failures = 1000;
    assert_unnamed(ms_writer_confirm_named(writer, &err), "still leads to it: Permission denied");
    failures = 0;
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_file_that_the_server_has_lost_is_an_error)
{
    struct ms_writer *writer = run_with_results();

    failure = ESTALE;
    failures = 1;
    assert_unnamed(ms_writer_still_named(writer, &err), " while it was written");
    ms_writer_close(writer);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("still_named");
    TCase *tests = tcase_create("still_named");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_loop_test(tests, commits_under_another_name_are_complete_and_the_error_names_the_file, 0,
                        (int)(sizeof actions / sizeof actions[0]));
    tcase_add_test(tests, a_file_with_its_original_name_is_not_an_error);
    tcase_add_test(tests, a_removed_file_is_lost);
    tcase_add_test(tests, a_replaced_file_is_lost);
    tcase_add_test(tests, a_replaced_file_that_was_kept_is_named);
    tcase_add_test(tests, the_message_mentions_that_the_file_may_have_another_link);
    tcase_add_test(tests, a_name_given_by_an_nfs_client_does_not_count);
    tcase_add_test(tests, a_symbolic_link_to_the_file_is_accepted_as_its_name);
    tcase_add_test(tests, renaming_the_folder_counts_as_renaming_the_file);
    tcase_add_test(tests, a_lookup_that_fails_for_a_while_is_not_an_error);
    tcase_add_test(tests, a_lookup_that_still_fails_at_the_end_is_an_error);
    tcase_add_test(tests, a_file_that_the_server_has_lost_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
