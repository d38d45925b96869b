/* Which processors are hyperthreads of one core, on simulated systems: folders with the files of /proc and /sys.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* nftw */
#include "cli/processors.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

enum { PATH_BYTES = 512 };

static char root[PATH_BYTES];

static void make_root(void)
{
    const char *folder = getenv("TMPDIR");

    (void)snprintf(root, sizeof root, "%s/processors.XXXXXX", folder ? folder : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static void remove_root(void)
{
    ck_assert_int_eq(nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Writes a file below the root, and makes its folders. */
static void write_file(const char *name, const char *text)
{
    char path[2 * PATH_BYTES];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *slash = strchr(path + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void allow(const char *list)
{
    char text[PATH_BYTES];

    (void)snprintf(text, sizeof text, "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t%s\n", list);
    write_file("proc/self/status", text);
}

/* What the system says of the core of one processor. */
static void set_siblings(int processor, const char *list)
{
    char name[PATH_BYTES], text[PATH_BYTES];

    (void)snprintf(name, sizeof name, "sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
                   processor);
    (void)snprintf(text, sizeof text, "%s\n", list);
    write_file(name, text);
}

static void expect_pair(int first, int second)
{
    struct ms_error err;
    int pair[2] = {-1, -1};

    ck_assert_int_eq(processors_find_pair(root, pair, &err), MS_OK);
    ck_assert_int_eq(pair[0], first);
    ck_assert_int_eq(pair[1], second);
}

static void expect_none(const char *reason)
{
    struct ms_error err = {.text = ""};
    int pair[2];

    ck_assert_int_eq(processors_find_pair(root, pair, &err), MS_BUSY);
    ck_assert_int_eq(ms_exit_status(err.code), 69);
    ck_assert_msg(strstr(err.text, reason) != NULL, "%s", err.text);
}

START_TEST(hyperthreads_are_found_in_every_form_of_list)
{
    static const struct {
        const char *siblings;
        int first, second;
    } forms[] = {{"0,4", 0, 4}, {"0-1", 0, 1}, {"0-1,8-9", 0, 1}, {"0,2-3", 0, 2}, {"0,64,128,192", 0, 64}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        allow("0-255");
        set_siblings(0, forms[i].siblings);
        expect_pair(forms[i].first, forms[i].second);
    }
}
END_TEST

START_TEST(the_first_core_that_is_allowed_as_a_whole_is_taken)
{
    allow("0-2,5-6");
    for (int i = 0; i < 8; i++) {
        char list[16];

        (void)snprintf(list, sizeof list, "%d,%d", i % 4, i % 4 + 4);
        set_siblings(i, list);
    }
    expect_pair(1, 5);
}
END_TEST

START_TEST(each_reason_against_measuring_is_said)
{
    allow("0-3");
    expect_none("shows no hyperthreads");
    for (int i = 0; i < 4; i++) {
        char list[16];

        (void)snprintf(list, sizeof list, "%d", i);
        set_siblings(i, list);
    }
    expect_none("shows no hyperthreads");
    for (int i = 0; i < 4; i++) {
        char list[16];

        (void)snprintf(list, sizeof list, "%d,%d", i, i + 4);
        set_siblings(i, list);
    }
    expect_none("only one hyperthread of each core");
    allow("0-7");
    write_file("proc/self/cgroup", "0::/job\n");
    write_file("sys/fs/cgroup/job/cpu.max", "150000 100000\n");
    expect_none("less than two processors");
    write_file("sys/fs/cgroup/job/cpu.max", "200000 100000\n");
    expect_pair(0, 4);
}
END_TEST

START_TEST(a_place_counts_only_allowed_processors_of_the_same_core)
{
    static struct processors allowed;

    allow("1,4-5");
    set_siblings(1, "1,5");
    set_siblings(4, "0,4");
    set_siblings(5, "1,5");
    ck_assert(processors_allowed(root, &allowed));
    ck_assert(!allowed.has[0] && allowed.has[1] && !allowed.has[2] && allowed.has[4] && allowed.has[5]);
    ck_assert_int_eq(processors_place(root, 1, &allowed), 0);
    ck_assert_int_eq(processors_place(root, 5, &allowed), 1);
    ck_assert_int_eq(processors_place(root, 4, &allowed), 0); /* processor 0 is not allowed */
}
END_TEST

START_TEST(nothing_is_allowed_where_the_system_does_not_say_it)
{
    static struct processors allowed;

    ck_assert(!processors_allowed(root, &allowed));
    expect_none("shows no hyperthreads");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("processors");
    TCase *tests = tcase_create("processors");

    tcase_add_checked_fixture(tests, make_root, remove_root);
    tcase_add_test(tests, hyperthreads_are_found_in_every_form_of_list);
    tcase_add_test(tests, the_first_core_that_is_allowed_as_a_whole_is_taken);
    tcase_add_test(tests, each_reason_against_measuring_is_said);
    tcase_add_test(tests, a_place_counts_only_allowed_processors_of_the_same_core);
    tcase_add_test(tests, nothing_is_allowed_where_the_system_does_not_say_it);
    suite_add_tcase(suite, tests);
    return suite;
}
