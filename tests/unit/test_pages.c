/* The checksums and the second copy of everything that never changes: every corrupt byte is found, and its original
 * value is known as long as the copy is intact.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/file/bytes.h"
#include "store/file/file.h"
#include "store/file/pages.h"
#include "store/format/checksum.h"
#include "store_case.h"
#include "unit.h"

enum {
    REPORTED = 16384, /* maximum number of corrupt bytes that are recorded */
    FOOTER = 64,
    FOOTERS = 2 * FOOTER
};

static struct ms_error err;

/* Under a sanitizer only some bytes are tried. */
static const size_t step = TIMES(10) == 10 ? 1 : 127;

/* A new result, and the owner of each of its bytes. */
static struct {
    int descriptor;
    unsigned char *bytes; /* [count] the original bytes */
    size_t count;
    int *owner;      /* [pages] an id of struct ms_pages_damage, or WRITTEN where runs write */
    uint64_t *start; /* [pages] as in struct ms_pages_damage */
    size_t pages;    /* where `integrity/pages` begins */
    size_t copied;   /* number of bytes before that which never change; the size of the copy */
} made;

enum { WRITTEN = -2 };

/* A byte that a check reports. */
struct reported {
    uint64_t offset, start;
    int id;
    unsigned char stored, expected;
    bool is_known; /* whether expected is known */
};

static struct reported reported[REPORTED];
static size_t n_reported;
static enum ms_pages_state state;

static void set_owner(int id, uint64_t start, uint64_t bytes)
{
    for (uint64_t i = start; i < start + bytes; i++) {
        made.owner[i] = id;
        made.start[i] = start;
    }
}

/* Sets the owner of the scales. HDF5 tells their places, since struct ms_file does not contain them. */
static void set_owner_of_scales(const struct ms_file *file, hid_t hdf5)
{
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
        char path[64];
        hid_t scale = H5Dopen2(hdf5, ms_schema_path(dimension->group, dimension->name, sizeof path, path),
                               H5P_DEFAULT);

        ck_assert_int_ge(scale, 0);
        if (!dimension->bare)
            set_owner(MS_VARIABLE_COUNT + d, H5Dget_offset(scale),
                      (uint64_t)file->shape.size[d] * sizeof(int64_t));
        (void)H5Dclose(scale);
    }
}

static void set_up(void)
{
    struct ms_file file;
    hid_t hdf5;

    store_case_set_up();
    store_case_create();
    made.bytes = store_case_bytes(&made.count);
    made.descriptor = open(store_case.path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(made.descriptor, 0);
    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, &hdf5, &file, &err) == MS_OK, "%s", err.text);
    made.pages = (size_t)file.offset[MS_VAR_INTEGRITY_PAGES];
    made.owner = malloc(made.pages * sizeof *made.owner);
    made.start = calloc(made.pages, sizeof *made.start);
    ck_assert(made.owner != NULL && made.start != NULL);
    for (size_t i = 0; i < made.pages; i++)
        made.owner[i] = MS_PAGES_STRUCTURE;
    for (int v = 0; v < MS_VAR_INTEGRITY_PAGES; v++) {
        enum ms_variable variable = (enum ms_variable)v;

        set_owner(ms_schema_is_writable(variable) ? WRITTEN : v, file.offset[v],
                  (uint64_t)ms_schema_rows(&file.shape, variable) *
                      ms_schema_row_bytes(&file.shape, variable));
    }
    set_owner_of_scales(&file, hdf5);
    for (size_t i = 0; i < made.pages; i++)
        made.copied += made.owner[i] != WRITTEN;
    (void)H5Fclose(hdf5);
    ms_file_close(&file);
}

static void tear_down(void)
{
    (void)close(made.descriptor);
    free(made.bytes);
    free(made.owner);
    free(made.start);
    store_case_tear_down();
}

/* ---- checking --------------------------------------------------------------------------------------- */

/* Check makes a record of each assertion, which would take longer than all else here: what is checked for each byte
 * aborts instead. */
static void visit(void *context, const struct ms_pages_damage *damage)
{
    (void)context;
    if (damage->count == 0)
        ck_abort_msg("damage of no bytes is reported");
    for (size_t i = 0; i < damage->count && n_reported < REPORTED; i++)
        reported[n_reported++] = (struct reported){.offset = damage->offset + i,
                                                   .start = damage->start,
                                                   .id = damage->id,
                                                   .stored = damage->stored[i],
                                                   .expected = damage->expected == NULL ? 0
                                                                                        : damage->expected[i],
                                                   .is_known = damage->expected != NULL};
}

static void check(void)
{
    n_reported = 0;
    if (ms_pages_check(store_case.path, made.descriptor, visit, NULL, &state, &err) != MS_OK)
        ck_abort_msg("%s", err.text);
}

/* Returns a mask of the bit that is flipped in a byte. */
static unsigned char mask_of(size_t offset)
{
    return (unsigned char)(1U << (offset + offset / 8) % 8);
}

static void write_byte(size_t offset, unsigned char byte)
{
    if (ms_bytes_write(made.descriptor, offset, 1, &byte) != 0)
        ck_abort_msg("byte %zu cannot be written", offset);
}

static void corrupt_at(size_t offset)
{
    write_byte(offset, made.bytes[offset] ^ mask_of(offset));
}

static void restore_at(size_t offset)
{
    write_byte(offset, made.bytes[offset]);
}

static bool is_written(size_t offset)
{
    return offset < made.pages && made.owner[offset] == WRITTEN;
}

static int by_offset(const void *a, const void *b)
{
    const struct reported *left = a, *right = b;

    return (left->offset > right->offset) - (left->offset < right->offset);
}

/* Checks that the i-th reported byte is the corrupt one at offset, and that its original value is known. */
static void check_reported(size_t i, size_t offset)
{
    const struct reported *one = &reported[i];
    const int id = offset < made.pages ? made.owner[offset] : MS_VAR_INTEGRITY_PAGES;
    const uint64_t start = offset < made.pages ? made.start[offset] : made.pages;

    if (i >= n_reported || one->offset != offset)
        ck_abort_msg("byte %zu is not reported", offset);
    if (!one->is_known || one->expected != made.bytes[offset])
        ck_abort_msg("the original value of byte %zu is not known", offset);
    if (one->stored != (made.bytes[offset] ^ mask_of(offset)))
        ck_abort_msg("the stored value of byte %zu is reported as %d", offset, one->stored);
    if (one->id != id || one->start != start)
        ck_abort_msg("byte %zu is reported as one of %d from byte %llu", offset, one->id,
                     (unsigned long long)one->start);
}

/* Corrupts every stride-th byte from first to end - 1 at once, and expects that exactly these are found and can be
 * repaired. */
static void expect_found(size_t first, size_t end, size_t stride)
{
    size_t expected = 0;

    for (size_t i = first; i < end; i += stride)
        if (!is_written(i))
            corrupt_at(i);
    check();
    ck_assert_int_eq(state, MS_PAGES_REPAIRABLE);
    qsort(reported, n_reported, sizeof *reported, by_offset);
    for (size_t i = first; i < end; i += stride)
        if (!is_written(i)) {
            check_reported(expected++, i);
            restore_at(i);
        }
    ck_assert_uint_eq(n_reported, expected);
}

/* Returns where the zeros before the footers begin, or a few bytes later if a table ends with zeros. */
static size_t tables_end(void)
{
    size_t end = made.count - FOOTERS;

    while (made.bytes[end - 1] == 0)
        end--;
    return end + sizeof(uint64_t);
}

START_TEST(a_new_file_is_intact)
{
    check();
    ck_assert_int_eq(state, MS_PAGES_OK);
    ck_assert_uint_eq(n_reported, 0);
    ck_assert(ms_pages_are_there(made.descriptor));
}
END_TEST

/* Corrupts one byte of every page at a time, since each page has a separate checksum. */
START_TEST(every_corrupt_byte_that_never_changes_is_found)
{
    for (size_t i = 0; i < MS_PAGE_BYTES; i += step)
        expect_found(i, made.pages, MS_PAGE_BYTES);
}
END_TEST

START_TEST(every_corrupt_byte_of_the_copy_is_found)
{
    for (size_t i = 0; i < MS_PAGE_BYTES; i += step)
        expect_found(made.pages + i, made.pages + made.copied, MS_PAGE_BYTES);
}
END_TEST

START_TEST(every_corrupt_byte_of_the_tables_and_footers_is_found)
{
    for (size_t i = made.pages + made.copied; i < tables_end(); i++)
        expect_found(i, i + 1, 1);
    for (size_t i = made.count - FOOTERS; i < made.count; i++)
        expect_found(i, i + 1, 1);
}
END_TEST

START_TEST(every_corrupt_zero_is_found)
{
    size_t end = made.count - FOOTERS;

    ck_assert_uint_lt(tables_end(), end);
    for (size_t part = tables_end(); part < end; part += REPORTED)
        expect_found(part, part + REPORTED < end ? part + REPORTED : end, 1);
}
END_TEST

START_TEST(bytes_that_runs_write_are_not_covered)
{
    for (size_t i = 0; i < made.pages; i++)
        if (is_written(i))
            made.bytes[i] ^= 0xff;
    ck_assert_int_eq(ms_bytes_write(made.descriptor, 0, made.pages, made.bytes), 0);
    check();
    ck_assert_int_eq(state, MS_PAGES_OK);
    ck_assert_uint_eq(n_reported, 0);
}
END_TEST

/* ---- both copies corrupt ---------------------------------------------------------------------------- */

/* Corrupts a byte and its copy, at `copy`, and expects that its original value is unknown, and that its owner is
 * reported. */
static void expect_lost(size_t offset, size_t copy)
{
    bool is_named = false;

    corrupt_at(offset);
    corrupt_at(copy);
    check();
    ck_assert_int_eq(state, MS_PAGES_DAMAGED);
    for (size_t i = 0; i < n_reported; i++) {
        ck_assert(!reported[i].is_known);
        ck_assert_uint_eq(reported[i].offset / MS_PAGE_BYTES, offset / MS_PAGE_BYTES);
        is_named |= reported[i].offset == offset && reported[i].id == made.owner[offset];
    }
    ck_assert_msg(is_named, "byte %zu is not reported", offset);
    restore_at(offset);
    restore_at(copy);
}

START_TEST(bytes_that_are_corrupt_in_both_copies_are_reported_as_lost)
{
    size_t next = 0, copy = made.pages;

    for (size_t i = 0; i < made.pages; i++) {
        if (is_written(i))
            continue;
        if (i >= next) {
            expect_lost(i, copy);
            next = i + 997; /* a few bytes of every page */
        }
        copy++;
    }
    ck_assert_uint_eq(copy, made.pages + made.copied);
}
END_TEST

/* Both tables begin with the hash of the first page and have the same length. */
START_TEST(if_both_tables_are_corrupt_nothing_can_be_repaired)
{
    const size_t first = made.pages + made.copied;
    size_t second = first + 1;

    while (memcmp(made.bytes + first, made.bytes + second, sizeof(uint64_t)) != 0)
        second++;
    corrupt_at(first + 9);
    corrupt_at(second + 17);
    corrupt_at(0);
    check();
    ck_assert_int_eq(state, MS_PAGES_DAMAGED);
    ck_assert_uint_gt(n_reported, 0);
    for (size_t i = 0; i < n_reported; i++) {
        ck_assert_int_eq(reported[i].id, MS_VAR_INTEGRITY_PAGES);
        ck_assert(!reported[i].is_known);
    }
    restore_at(second + 17);
    corrupt_at(made.count - 1);
    check();
    ck_assert_int_eq(state, MS_PAGES_REPAIRABLE); /* one intact table and one intact footer are left */
    ck_assert_uint_eq(n_reported, 3);
}
END_TEST

START_TEST(if_both_footers_are_corrupt_there_are_no_pages)
{
    for (size_t i = 0; i < FOOTER; i++) {
        corrupt_at(made.count - 1 - i);
        corrupt_at(made.count - FOOTER - 1 - i);
        check();
        ck_assert_int_eq(state, MS_PAGES_NONE);
        ck_assert_uint_eq(n_reported, 0);
        ck_assert(!ms_pages_are_there(made.descriptor));
        restore_at(made.count - 1 - i);
        restore_at(made.count - FOOTER - 1 - i);
    }
}
END_TEST

/* ---- other files ------------------------------------------------------------------------------------ */

static void expect_none(void)
{
    check();
    ck_assert_int_eq(state, MS_PAGES_NONE);
    ck_assert_uint_eq(n_reported, 0);
    ck_assert(!ms_pages_are_there(made.descriptor));
}

START_TEST(a_truncated_file_has_no_pages)
{
    const size_t cuts[] = {1, FOOTER - 1, FOOTER, FOOTERS - 1, FOOTERS, made.count / 2, made.count};

    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        ck_assert_int_eq(ftruncate(made.descriptor, (off_t)(made.count - cuts[i])), 0);
        expect_none();
    }
}
END_TEST

START_TEST(an_extended_file_has_no_pages)
{
    const size_t more[] = {1, FOOTER, FOOTERS, MS_PAGE_BYTES};

    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        ck_assert_int_eq(ftruncate(made.descriptor, (off_t)(made.count + more[i])), 0);
        expect_none();
    }
    /* Not even if its footers are repeated at the new end. */
    ck_assert_int_eq(ms_bytes_write(made.descriptor, made.count + MS_PAGE_BYTES - FOOTERS, FOOTERS,
                                    made.bytes + made.count - FOOTERS),
                     0);
    expect_none();
}
END_TEST

/* The hash of forged footers matches, but other values are wrong. */
START_TEST(forged_footers_do_no_harm)
{
    unsigned char *const footer = made.bytes + made.count - FOOTER;

    for (size_t field = 8; field < FOOTER - sizeof(uint64_t); field += sizeof(uint32_t)) {
        uint32_t right, forged[] = {0, 1, INT32_MAX, UINT32_MAX, 0, 0};

        memcpy(&right, footer + field, sizeof right);
        forged[4] = right - 1;
        forged[5] = right + 1;
        for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
            uint64_t hash;

            if (forged[i] == right)
                continue;
            memcpy(footer + field, &forged[i], sizeof right);
            hash = ms_checksum_bytes(footer, FOOTER - sizeof hash);
            memcpy(footer + FOOTER - sizeof hash, &hash, sizeof hash);
            for (size_t which = 1; which <= 2; which++)
                ck_assert_int_eq(ms_bytes_write(made.descriptor, made.count - which * FOOTER, FOOTER, footer),
                                 0);
            check();
            ck_assert_msg(state == MS_PAGES_NONE || state == MS_PAGES_DAMAGED, "field at %zu: state %d",
                          field, (int)state);
        }
        memcpy(footer + field, &right, sizeof right);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pages");
    TCase *tests = tcase_create("pages");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_new_file_is_intact);
    tcase_add_test(tests, every_corrupt_byte_that_never_changes_is_found);
    tcase_add_test(tests, every_corrupt_byte_of_the_copy_is_found);
    tcase_add_test(tests, every_corrupt_byte_of_the_tables_and_footers_is_found);
    tcase_add_test(tests, every_corrupt_zero_is_found);
    tcase_add_test(tests, bytes_that_runs_write_are_not_covered);
    tcase_add_test(tests, bytes_that_are_corrupt_in_both_copies_are_reported_as_lost);
    tcase_add_test(tests, if_both_tables_are_corrupt_nothing_can_be_repaired);
    tcase_add_test(tests, if_both_footers_are_corrupt_there_are_no_pages);
    tcase_add_test(tests, a_truncated_file_has_no_pages);
    tcase_add_test(tests, an_extended_file_has_no_pages);
    tcase_add_test(tests, forged_footers_do_no_harm);
    suite_add_tcase(suite, tests);
    return suite;
}
