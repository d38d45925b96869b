/* The list of what verify finds, as text, CSV and JSON.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/damage.h"
#include "unit.h"

static struct damage damage;

static void tear_down(void)
{
    damage_free(&damage);
}

static void add(const char *place, int64_t config, const char *stored, const char *due)
{
    const struct ms_finding finding = {.place = place, .config = config, .stored = stored, .due = due};

    damage_add(&damage, &finding);
}

/* Returns a grid of two configurations. */
static struct ms_grid small_grid(void)
{
    static int32_t n_h[] = {3};
    static enum ms_activation activation[] = {MS_RELU};
    static double learning_rate[] = {0.1};
    static double init_scale[] = {0.01};
    static uint32_t seed[] = {3000000000U};
    static int64_t iterations[] = {20, 100};

    return (struct ms_grid){.n_datasets = 1,
                            .cost_stride = 1,
                            .n_n_h = 1,
                            .n_activation = 1,
                            .n_learning_rate = 1,
                            .n_init_scale = 1,
                            .n_seed = 1,
                            .n_iterations = 2,
                            .n_h = n_h,
                            .activation = activation,
                            .learning_rate = learning_rate,
                            .init_scale = init_scale,
                            .seed = seed,
                            .iterations = iterations};
}

static void expect(enum listing_format format, const struct ms_grid *grid, const char *expected)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);

    ck_assert_ptr_nonnull(file);
    damage_writers[format](file, &damage, grid);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(the_table_is_aligned_and_describes_configurations)
{
    const struct ms_grid grid = small_grid();

    damage_begin(&damage, 10);
    add("b2[1]", 1, "0.25", "0.5");
    add("attribute title", -1, "mine", "base");
    expect(LISTING_TABLE, &grid,
           "where            stored  should be\n"
           "b2[1]            0.25    0.5  configuration 1: n_h 3, relu, learning_rate 0.1, seed 3000000000, "
           "100 iterations\n"
           "attribute title  mine    base\n");
}
END_TEST

START_TEST(without_a_job_configurations_have_only_their_numbers)
{
    const struct ms_grid grid = small_grid();

    damage_begin(&damage, 10);
    add("b2[1]", 1, "1", "2");
    expect(LISTING_TABLE, NULL, "where  stored  should be\nb2[1]  1       2  configuration 1\n");
    damage_free(&damage);
    add("b2[2]", 2, "1", "2"); /* beyond the grid */
    expect(LISTING_TABLE, &grid, "where  stored  should be\nb2[2]  1       2  configuration 2\n");
}
END_TEST

START_TEST(everything_is_counted_but_listed_only_up_to_the_limit)
{
    damage_begin(&damage, 2);
    for (int i = 0; i < 5; i++)
        add("x", -1, "1", "2");
    ck_assert_int_eq(damage.count, 5);
    ck_assert_int_eq(damage.listed, 2);
    expect(LISTING_TABLE, NULL,
           "where  stored  should be\nx      1       2\nx      1       2\n... and 3 more\n");
}
END_TEST

START_TEST(without_findings_the_list_is_empty)
{
    damage_begin(&damage, 10);
    expect(LISTING_TABLE, NULL, "");
    expect(LISTING_CSV, NULL, "place,config,stored,due\n");
    expect(LISTING_JSON, NULL, "[]\n");
}
END_TEST

START_TEST(csv_and_json_escape_special_characters)
{
    damage_begin(&damage, 10);
    add("X_train[1,2]", -1, "a \"b\"", "c\\d");
    add("status[3]", 3, "0", "1");
    expect(LISTING_CSV, NULL,
           "place,config,stored,due\n"
           "\"X_train[1,2]\",,\"a \"\"b\"\"\",\"c\\d\"\n"
           "\"status[3]\",3,\"0\",\"1\"\n");
    expect(LISTING_JSON, NULL,
           "[\n"
           " {\"place\": \"X_train[1,2]\", \"config\": null, \"stored\": \"a \\\"b\\\"\", \"due\": "
           "\"c\\\\d\"},\n"
           " {\"place\": \"status[3]\", \"config\": 3, \"stored\": \"0\", \"due\": \"1\"}\n"
           "]\n");
}
END_TEST

START_TEST(texts_become_one_line_of_ascii_and_are_truncated)
{
    char longest[201], expected[84];

    memset(longest, 'y', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    memset(expected, 'y', 80);
    memcpy(expected + 80, "...", sizeof "...");
    damage_begin(&damage, 10);
    add("a\nb", -1, "\x7f\xc3\xb6", longest);
    ck_assert_str_eq(damage.items[0].place, "a\\x0ab");
    ck_assert_str_eq(damage.items[0].stored, "\\x7f\\xc3\\xb6");
    ck_assert_str_eq(damage.items[0].due, expected);
    longest[79] = '\n'; /* would not fit as \x0a */
    add("a", -1, longest, "");
    expected[79] = '.';
    expected[82] = '\0';
    ck_assert_str_eq(damage.items[1].stored, expected);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("damage");
    TCase *tests = tcase_create("damage");

    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_test(tests, the_table_is_aligned_and_describes_configurations);
    tcase_add_test(tests, without_a_job_configurations_have_only_their_numbers);
    tcase_add_test(tests, everything_is_counted_but_listed_only_up_to_the_limit);
    tcase_add_test(tests, without_findings_the_list_is_empty);
    tcase_add_test(tests, csv_and_json_escape_special_characters);
    tcase_add_test(tests, texts_become_one_line_of_ascii_and_are_truncated);
    suite_add_tcase(suite, tests);
    return suite;
}
