/* Output files: complete or not there at all, whatever had their name before.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output.h"
#include "unit.h"

static char folder[] = "/tmp/ms-test-output-XXXXXX";

/* Each test runs in a new folder, to which its paths are relative. */
static void enter_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static int files_in_folder(void)
{
    DIR *directory = opendir(".");
    int files = 0;

    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        files += entry->d_name[0] != '.';
    (void)closedir(directory);
    return files;
}

static void leave_folder(void)
{
    DIR *directory = opendir(".");

    for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        (void)unlink(entry->d_name);
    (void)closedir(directory);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    ck_assert_int_eq(fclose(file), 0);
}

static void expect_content(const char *path, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(path, "rb");

    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    ck_assert_str_eq(text, expected);
}

START_TEST(a_file_appears_only_when_it_is_complete)
{
    struct output output;
    struct ms_error err;

    ck_assert_int_eq(output_open("a.csv", &output, &err), MS_OK);
    ck_assert_int_gt(fprintf(output.file, "1,2\n"), 0);
    ck_assert_int_ne(access("a.csv", F_OK), 0);
    ck_assert_int_eq(output_commit(&output, &err), MS_OK);
    output_discard(&output);
    expect_content("a.csv", "1,2\n");
    ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(discarding_a_file_leaves_the_old_one_and_nothing_else)
{
    struct output output;
    struct ms_error err;

    write_file("a.csv", "old", 3);
    ck_assert_int_eq(output_open("a.csv", &output, &err), MS_OK);
    ck_assert_int_gt(fprintf(output.file, "new"), 0);
    output_discard(&output);
    expect_content("a.csv", "old");
    ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(symbolic_links_and_permissions_are_kept)
{
    struct output output;
    struct ms_error err;
    struct stat status;

    write_file("a.csv", "old", 3);
    ck_assert_int_eq(chmod("a.csv", 0640), 0);
    ck_assert_int_eq(symlink("a.csv", "link.csv"), 0);
    ck_assert_int_eq(output_open("link.csv", &output, &err), MS_OK);
    ck_assert_int_gt(fprintf(output.file, "new"), 0);
    ck_assert_int_eq(output_commit(&output, &err), MS_OK);
    output_discard(&output);
    expect_content("a.csv", "new");
    ck_assert_int_eq(lstat("link.csv", &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(stat("a.csv", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_new_file_has_the_permissions_of_the_umask)
{
    struct output output;
    struct ms_error err;
    struct stat status;

    (void)umask(027);
    ck_assert_int_eq(output_open("a.csv", &output, &err), MS_OK);
    ck_assert_int_eq(output_commit(&output, &err), MS_OK);
    output_discard(&output);
    ck_assert_int_eq(stat("a.csv", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(an_hdf5_file_is_never_replaced)
{
    struct output output;
    struct ms_error err;

    write_file("out.h5", "\211HDF\r\n\032\nrest", 12);
    ck_assert_int_eq(output_open("out.h5", &output, &err), MS_CANNOT_CREATE);
    ck_assert_ptr_nonnull(strstr(err.text, "out.h5"));
    output_discard(&output);
    expect_content("out.h5", "\211HDF\r\n\032\nrest");
}
END_TEST

START_TEST(a_write_protected_file_is_not_replaced_even_by_root)
{
    static const char *const names[] = {"a.csv", "link.csv"};
    struct output output;
    struct ms_error err;

    write_file("a.csv", "old", 3);
    ck_assert_int_eq(symlink("a.csv", "link.csv"), 0);
    ck_assert_int_eq(chmod("a.csv", 0444), 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(output_open(names[i], &output, &err), MS_NO_PERMISSION);
        ck_assert_ptr_nonnull(strstr(err.text, names[i]));
        ck_assert_ptr_nonnull(strstr(err.text, "write-protected (mode 0444)"));
        output_discard(&output);
    }
    expect_content("a.csv", "old");
    ck_assert_int_eq(files_in_folder(), 2);
    ck_assert_int_eq(chmod("a.csv", 0644), 0);
    ck_assert_int_eq(output_open("a.csv", &output, &err), MS_OK);
    output_discard(&output);
}
END_TEST

START_TEST(a_file_that_this_user_may_not_write_is_not_replaced)
{
    enum { NOBODY = 65534 };
    struct output output;
    struct ms_error err;
    int status;
    pid_t child;

    write_file("a.csv", "old", 3);
    ck_assert_int_eq(chmod(".", 0777), 0); /* which suffices to replace a file */
    ck_assert_int_eq(chmod("a.csv", geteuid() == 0 ? 0644 : 0466), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(NOBODY) != 0)
            _exit(EXIT_FAILURE);
        _exit(output_open("a.csv", &output, &err) == MS_NO_PERMISSION &&
                      strstr(err.text, "may not be written")
                  ? EXIT_SUCCESS
                  : EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    expect_content("a.csv", "old");
    ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(folders_and_missing_folders_are_refused)
{
    struct output output;
    struct ms_error err;

    ck_assert_int_eq(output_open(".", &output, &err), MS_CANNOT_CREATE);
    ck_assert_int_eq(output_open("nowhere/a.csv", &output, &err), MS_CANNOT_CREATE);
    ck_assert_ptr_nonnull(strstr(err.text, "No such file or directory"));
    ck_assert_int_eq(files_in_folder(), 0);
}
END_TEST

START_TEST(a_device_is_written_directly_and_a_full_device_is_an_error)
{
    struct output output;
    struct ms_error err;

    ck_assert_int_eq(output_open("/dev/full", &output, &err), MS_OK);
    ck_assert_int_gt(fprintf(output.file, "1\n"), 0);
    ck_assert_int_eq(output_commit(&output, &err), MS_IO_ERROR);
    ck_assert_str_eq(err.text, "/dev/full: writing failed: No space left on device");
    output_discard(&output);
}
END_TEST

START_TEST(one_file_is_recognized_under_two_names)
{
    write_file("a", "x", 1);
    write_file("b", "x", 1);
    ck_assert(output_is_same_file("a", "./a"));
    ck_assert(!output_is_same_file("a", "b"));
    ck_assert(!output_is_same_file("a", "missing"));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");

    tcase_add_checked_fixture(tests, enter_folder, leave_folder);
    tcase_add_test(tests, a_file_appears_only_when_it_is_complete);
    tcase_add_test(tests, discarding_a_file_leaves_the_old_one_and_nothing_else);
    tcase_add_test(tests, symbolic_links_and_permissions_are_kept);
    tcase_add_test(tests, a_new_file_has_the_permissions_of_the_umask);
    tcase_add_test(tests, an_hdf5_file_is_never_replaced);
    tcase_add_test(tests, a_write_protected_file_is_not_replaced_even_by_root);
    tcase_add_test(tests, a_file_that_this_user_may_not_write_is_not_replaced);
    tcase_add_test(tests, folders_and_missing_folders_are_refused);
    tcase_add_test(tests, a_device_is_written_directly_and_a_full_device_is_an_error);
    tcase_add_test(tests, one_file_is_recognized_under_two_names);
    suite_add_tcase(suite, tests);
    return suite;
}
