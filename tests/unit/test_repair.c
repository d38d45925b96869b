/* Repairs everything that never changes from its second copy, or changes nothing.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file/bytes.h"
#include "store/file/file.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* A new result, and where its variables are. */
static struct {
    unsigned char *bytes; /* [count] the original bytes */
    size_t count;
    uint64_t offset[MS_VARIABLE_COUNT];
} made;

static void set_up(void)
{
    struct ms_file file;

    store_case_set_up();
    store_case_create();
    made.bytes = store_case_bytes(&made.count);
    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK, "%s", err.text);
    memcpy(made.offset, file.offset, sizeof made.offset);
    ms_file_close(&file);
}

static void tear_down(void)
{
    free(made.bytes);
    store_case_tear_down();
}

/* Inverts every bit of `count` bytes. */
static void corrupt(uint64_t offset, size_t count)
{
    unsigned char bytes[64];
    int descriptor = open(store_case.path, O_RDWR | O_CLOEXEC);

    ck_assert_int_eq(ms_bytes_read(descriptor, offset, count, bytes), 0);
    for (size_t i = 0; i < count; i++)
        bytes[i] ^= 0xff;
    ck_assert_int_eq(ms_bytes_write(descriptor, offset, count, bytes), 0);
    (void)close(descriptor);
}

/* Returns the place of the first bytes of the second copy: the beginning of `integrity/pages`. */
static uint64_t copy_of_the_superblock(void)
{
    ck_assert_mem_eq(made.bytes, made.bytes + made.offset[MS_VAR_INTEGRITY_PAGES], 8);
    return made.offset[MS_VAR_INTEGRITY_PAGES];
}

/* Expects these bytes in the whole file. */
static void expect_bytes(const unsigned char *expected)
{
    size_t count;
    unsigned char *bytes = store_case_bytes(&count);

    ck_assert_uint_eq(count, made.count);
    ck_assert(memcmp(bytes, expected, count) == 0);
    free(bytes);
}

static struct ms_writer_repaired repair(bool write)
{
    struct ms_writer_repaired repaired = {.bytes = -1};

    ck_assert_msg(ms_writer_repair(store_case.path, write, &repaired, &err) == MS_OK, "%s", err.text);
    return repaired;
}

START_TEST(nothing_is_repaired_in_an_intact_file)
{
    struct ms_writer_repaired repaired = repair(true);

    ck_assert_int_eq(repaired.bytes, 0);
    ck_assert_str_eq(repaired.names, "");
    expect_bytes(made.bytes);
}
END_TEST

/* Corrupts something in each part that never changes; returns the number of corrupt bytes. */
static int64_t corrupt_every_part(void)
{
    static const enum ms_variable variables[] = {MS_VAR_X_DEV, MS_VAR_ITERATIONS, MS_VAR_COST_START,
                                                 MS_VAR_ACTIVATION};
    const size_t footer = made.count - 64;

    corrupt(8, 1); /* in the superblock */
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        corrupt(made.offset[variables[i]] + 3, 1);
    corrupt(made.offset[MS_VAR_INTEGRITY_PAGES] + 5 * (size_t)4096, 7);
    corrupt(footer - 200, 2);
    corrupt(footer + 1, 64 - 1);
    return 1 + 4 + 7 + 2 + 63;
}

START_TEST(without_writing_repair_tells_what_would_be_repaired)
{
    const int64_t count = corrupt_every_part();
    size_t ignored;
    unsigned char *corrupted = store_case_bytes(&ignored);
    struct ms_writer_repaired repaired = repair(false);

    ck_assert_int_eq(repaired.bytes, count);
    expect_bytes(corrupted);
    free(corrupted);
}
END_TEST

START_TEST(repaired_bytes_are_the_original_ones)
{
    const int64_t count = corrupt_every_part();

    ck_assert_int_eq(repair(true).bytes, count);
    expect_bytes(made.bytes);
    ck_assert_int_eq(repair(true).bytes, 0);
}
END_TEST

START_TEST(each_repaired_variable_is_named_once)
{
    struct ms_writer_repaired repaired;

    corrupt(made.offset[MS_VAR_X_DEV], 2);
    corrupt(made.offset[MS_VAR_X_DEV] + 9, 2);
    corrupt(made.offset[MS_VAR_Y_TRAIN], 1);
    corrupt(8, 1);
    corrupt(made.offset[MS_VAR_INTEGRITY_PAGES] + 3 * (size_t)4096, 1);
    corrupt(made.offset[MS_VAR_INTEGRITY_PAGES] + 7 * (size_t)4096, 1);
    corrupt(made.count - 1, 1);
    repaired = repair(true);
    ck_assert_int_eq(repaired.bytes, 9);
    ck_assert_str_eq(repaired.names, "integrity/pages, structure, y_train, X_dev");
    expect_bytes(made.bytes);
}
END_TEST

START_TEST(names_include_their_groups)
{
    struct ms_writer_repaired repaired;
    uint64_t lease = 0;

    /* Only the scale of leases has that many values. */
    for (size_t i = 0; lease == 0 && i + 24 < made.count; i += 8)
        if (memcmp(made.bytes + i, (const int64_t[]){4097, 4098, 4099}, 24) == 0)
            lease = i;
    ck_assert_uint_ne(lease, 0);
    corrupt(lease, 1);
    repaired = repair(true);
    ck_assert_str_eq(repaired.names, "leases/lease");
    expect_bytes(made.bytes);
}
END_TEST

START_TEST(if_not_everything_can_be_repaired_nothing_is_written)
{
    struct ms_writer_repaired repaired = {.bytes = -1};
    unsigned char *corrupted;
    size_t ignored;

    corrupt(made.offset[MS_VAR_X_DEV],
            1); /* this could be repaired, and this even before the rest is found: */
    corrupt(made.count - 1, 1);
    corrupt(16, 1);
    corrupt(copy_of_the_superblock() + 40, 1);
    corrupted = store_case_bytes(&ignored);
    for (int write = 0; write < 2; write++) {
        ck_assert_int_eq(ms_writer_repair(store_case.path, write, &repaired, &err), MS_BAD_INPUT);
        ck_assert_msg(strstr(err.text, " is corrupt beyond repair (integrity/pages, structure") != NULL, "%s",
                      err.text);
        ck_assert_ptr_nonnull(strstr(err.text, "; file not changed"));
        ck_assert_int_eq(repaired.bytes, -1);
        expect_bytes(corrupted);
    }
    free(corrupted);
}
END_TEST

START_TEST(a_repair_that_cannot_be_written_is_an_error_and_can_be_repeated)
{
    struct ms_writer_repaired repaired;
    struct rlimit before, small;

    corrupt(made.offset[MS_VAR_X_DEV], 1);
    corrupt(made.count - 1, 1);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1024;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    ck_assert_int_eq(ms_writer_repair(store_case.path, true, &repaired, &err), MS_IO_ERROR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_msg(strstr(err.text, ": repairing it failed: File too large") != NULL, "%s", err.text);
    ck_assert_int_eq(repair(true).bytes, 2);
    expect_bytes(made.bytes);
}
END_TEST

/* ---- other files ------------------------------------------------------------------------------------ */

static void expect_refused(enum ms_code code, const char *words)
{
    struct ms_writer_repaired repaired;

    for (int write = 0; write < 2; write++) {
        ck_assert_int_eq(ms_writer_repair(store_case.path, write, &repaired, &err), code);
        ck_assert_msg(strstr(err.text, words) != NULL, "%s", err.text);
    }
}

START_TEST(files_that_are_not_results_are_refused)
{
    FILE *file;

    ck_assert_int_eq(truncate(store_case.path, (off_t)made.count - 1), 0);
    expect_refused(MS_BAD_INPUT, "out.h5 was truncated, or rewritten by another");
    ck_assert_int_eq(truncate(store_case.path, 0), 0);
    expect_refused(MS_BAD_INPUT, "out.h5 is not a moonsweep result");
    file = fopen(store_case.path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs("a thesis", file);
    (void)fclose(file);
    expect_refused(MS_BAD_INPUT, "out.h5 is not a moonsweep result");
    ck_assert_int_eq(unlink(store_case.path), 0);
    expect_refused(MS_NO_INPUT, "No such file or directory");
    ck_assert_int_eq(mkfifo(store_case.path, 0600), 0);
    expect_refused(MS_NO_INPUT, "out.h5 is not a regular file");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("repair");
    TCase *tests = tcase_create("repair");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nothing_is_repaired_in_an_intact_file);
    tcase_add_test(tests, without_writing_repair_tells_what_would_be_repaired);
    tcase_add_test(tests, repaired_bytes_are_the_original_ones);
    tcase_add_test(tests, each_repaired_variable_is_named_once);
    tcase_add_test(tests, names_include_their_groups);
    tcase_add_test(tests, if_not_everything_can_be_repaired_nothing_is_written);
    tcase_add_test(tests, a_repair_that_cannot_be_written_is_an_error_and_can_be_repeated);
    tcase_add_test(tests, files_that_are_not_results_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
