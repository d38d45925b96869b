/* The table of the keys of job files, and that the manual agrees with it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "job/value.h"
#include "unit.h"

static bool is_section(const char *path)
{
    for (int id = 0; id < MS_KEY_COUNT; id++)
        if (strcmp(ms_keys[id].path, path) == 0 && ms_keys[id].kind == MS_KIND_SECTION)
            return true;
    return false;
}

/* Whether keys of this section describe values of an axis, whose name has the place of KEY. */
static bool is_of_axes(const char *section)
{
    char parent[64];
    const char *end = strstr(section, ".KEY");

    if (end == NULL)
        return false;
    (void)snprintf(parent, sizeof parent, "%.*s", (int)(end - section), section);
    return is_section(parent) && ms_keys_find(parent, "n_h", 3) == &ms_keys[MS_KEY_N_H];
}

START_TEST(every_key_is_in_a_section_that_exists)
{
    for (int id = 0; id < MS_KEY_COUNT; id++) {
        const struct ms_key *key = &ms_keys[id];
        const char *name = ms_keys_name(key);
        char section[64] = "";

        if (name != key->path)
            (void)snprintf(section, sizeof section, "%.*s", (int)(name - 1 - key->path), key->path);
        ck_assert(ms_keys_is_in(key, section));
        ck_assert_ptr_eq(ms_keys_find(section, name, strlen(name)), key);
        ck_assert_msg(section[0] == '\0' || is_section(section) || is_of_axes(section), "%s is in no section",
                      key->path);
    }
}
END_TEST

START_TEST(every_default_is_a_valid_value)
{
    int defaults = 0;

    for (int id = 0; id < MS_KEY_COUNT; id++) {
        const struct ms_key *key = &ms_keys[id];
        double value;

        if (key->fallback == NULL)
            continue;
        ck_assert_msg(ms_value_read(key, key->fallback, strlen(key->fallback), &value) == NULL, "%s",
                      key->path);
        defaults++;
    }
    ck_assert_int_gt(defaults, 0);
}
END_TEST

START_TEST(a_key_is_found_only_by_its_full_name_in_its_section)
{
    ck_assert_ptr_eq(ms_keys_find("grid", "seed", 4), &ms_keys[MS_KEY_SEED]);
    ck_assert_ptr_eq(ms_keys_find("data.moons", "seed", 4), &ms_keys[MS_KEY_DATA_SEED]);
    ck_assert_ptr_null(ms_keys_find("", "seed", 4));
    ck_assert_ptr_null(ms_keys_find("grid", "see", 3));
    ck_assert_ptr_null(ms_keys_find("grid", "seed\0", 5));
    ck_assert_ptr_null(ms_keys_find("", "grid.seed", 9));
}
END_TEST

START_TEST(a_misspelt_or_misplaced_key_is_recognized)
{
    ck_assert_ptr_eq(ms_keys_suggest("grid", "learning_rates"), &ms_keys[MS_KEY_LEARNING_RATE]);
    ck_assert_ptr_eq(ms_keys_suggest("grid", "N_H"), &ms_keys[MS_KEY_N_H]);
    ck_assert_ptr_eq(ms_keys_suggest("grid", "seeds"), &ms_keys[MS_KEY_SEED]);
    ck_assert_ptr_eq(ms_keys_suggest("data.moons", "seeds"), &ms_keys[MS_KEY_DATA_SEED]);
    ck_assert_ptr_eq(ms_keys_suggest("", "noise"), &ms_keys[MS_KEY_NOISE]);
    ck_assert_ptr_null(ms_keys_suggest("grid", "colour"));
    ck_assert_ptr_eq(ms_keys_suggest("stop", "tol"), &ms_keys[MS_KEY_MIN_DELTA]);
    ck_assert_ptr_null(ms_keys_suggest("stop", "too")); /* not grid.exclude.KEY.to */
}
END_TEST

/* Writes the beginning of a key's line in the table of the manual: "| `path` | valid values | default |". The manual
 * itself says which mappings and lists are valid. */
static void write_row(const struct ms_key *key, char *row, size_t bytes)
{
    char description[MS_VALUE_DESCRIPTION];
    const char *fallback = key->fallback != NULL ? key->fallback : key->is_optional ? "none" : "refused";

    if (key->kind == MS_KIND_SECTION) {
        (void)snprintf(row, bytes, "\n| `%s` | a ", key->path);
        return;
    }
    if (key->kind == MS_KIND_TITLE || key->kind == MS_KIND_TEXT)
        (void)snprintf(description, sizeof description, "one line of %.0f to %.0f bytes", key->min, key->max);
    else
        ms_value_describe(key, description);
    (void)snprintf(row, bytes, "\n| `%s` | %s%s | %s |", key->path,
                   key->is_list ? "an axis; each value " : "", description, fallback);
}

START_TEST(the_manual_lists_each_key_with_its_range_and_default)
{
    char *manual = document_read("jobs.md");

    for (int id = 0; id < MS_KEY_COUNT; id++) {
        char row[256];

        write_row(&ms_keys[id], row, sizeof row);
        ck_assert_msg(strstr(manual, row) != NULL, "docs/jobs.md has no line that begins%s", row);
    }
    free(manual);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *tests = tcase_create("keys");

    tcase_add_test(tests, every_key_is_in_a_section_that_exists);
    tcase_add_test(tests, every_default_is_a_valid_value);
    tcase_add_test(tests, a_key_is_found_only_by_its_full_name_in_its_section);
    tcase_add_test(tests, a_misspelt_or_misplaced_key_is_recognized);
    tcase_add_test(tests, the_manual_lists_each_key_with_its_range_and_default);
    suite_add_tcase(suite, tests);
    return suite;
}
