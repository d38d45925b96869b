/* What show prints: tables, CSV and JSON.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/listing.h"
#include "sample_entries.h"
#include "unit.h"

/* Returns rows[count] of the sample in that format; the caller frees the text. */
static char *listing(enum listing_format format, const int64_t *rows, int64_t count)
{
    struct entries entries = sample_entries();
    struct listing_columns shown;
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);

    ck_assert_ptr_nonnull(file);
    listing_default_columns(format, &entries, &shown);
    listing_writers[format](file, &shown, &entries, rows, count);
    ck_assert_int_eq(fclose(file), 0);
    entries_free(&entries);
    return text;
}

static void expect(enum listing_format format, const int64_t *rows, int64_t count, const char *expected)
{
    char *text = listing(format, rows, count);

    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(the_table_is_aligned_and_rounded_and_has_empty_cells_for_missing_values)
{
    expect(LISTING_TABLE, (const int64_t[]){0, 2, 3, 4}, 4,
           "config  n_h  activation     rate        seed  iterations  train %  dev %  core-s  status\n"
           "     0    3  tanh            0.6           0         100    95.12  94.25  0.3750  done\n"
           "     2   50  relu        1000000           0         100    99.00  99.00  0.0005  diverged\n"
           "     3   50  relu        1000000           0        1000                          pending\n"
           "     4    1  sigmoid         0.1  3000000000         100    96.00  95.00  0.1250  done\n");
}
END_TEST

START_TEST(the_table_omits_a_seed_that_never_varies)
{
    for (int config = 0; config < SAMPLE_CONFIGS; config++)
        sample[config].seed = 7;
    expect(LISTING_TABLE, (const int64_t[]){0}, 1,
           "config  n_h  activation  rate  iterations  train %  dev %  core-s  status\n"
           "     0    3  tanh         0.6         100    95.12  94.25  0.3750  done\n");
}
END_TEST

START_TEST(integers_have_the_digits_that_printf_writes)
{
    static const int64_t integers[] = {0,   1,         -1,        9,         10,        -10,
                                       100, 123456789, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MAX / 10};
    char text[COLUMN_TEXT_SIZE], expected[COLUMN_TEXT_SIZE];

    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        const struct value value = {.kind = VALUE_INTEGER, .integer = integers[i]};

        (void)snprintf(expected, sizeof expected, "%lld", (long long)integers[i]);
        ck_assert_str_eq(column_exact_text(value, text), expected);
    }
}
END_TEST

/* Cells that are NaN are equal to each other, and to no other. */
START_TEST(a_column_varies_if_two_cells_differ)
{
    const struct column *const column = column_find("dev_accuracy");
    const struct {
        double first, others;
        bool varies;
    } cases[] = {{50, 50, false}, {50, 51, true}, {NAN, NAN, false}, {NAN, 50, true}, {50, NAN, true}};
    struct entries entries;

    sample[3].status = MS_DONE; /* it is pending: its cell would be empty */
    for (int config = 0; config < SAMPLE_CONFIGS; config++)
        sample[config].dev_accuracy = config == 0 ? cases[_i].first : cases[_i].others;
    entries = sample_entries();
    ck_assert_int_eq(column_varies(column, &entries), cases[_i].varies);
    entries_free(&entries);
}
END_TEST

START_TEST(an_empty_cell_differs_from_a_value)
{
    struct entries entries;

    for (int config = 0; config < SAMPLE_CONFIGS; config++)
        sample[config].rank = 0; /* of which the pending one shows nothing */
    entries = sample_entries();
    ck_assert(column_varies(column_find("rank"), &entries));
    entries.count = 3;
    ck_assert(!column_varies(column_find("rank"), &entries));
    entries_free(&entries);
}
END_TEST

START_TEST(csv_has_every_column_and_every_digit)
{
    sample[0].train_seconds = 0.1 + 0.2;
    memcpy(sample[0].train_outcomes, (const int32_t[]){2, 1, 3, 3}, sizeof sample[0].train_outcomes);
    memcpy(sample[0].dev_outcomes, (const int32_t[]){4, 0, 1, 0}, sizeof sample[0].dev_outcomes);
    expect(LISTING_CSV, (const int64_t[]){0, 2, 3}, 3,
           "config,n_h,activation,learning_rate,seed,init_scale,iterations,train_accuracy,dev_accuracy,"
           "train_precision,train_recall,train_f1,train_mcc,dev_precision,dev_recall,dev_f1,dev_mcc,"
           "final_cost,train_cost,dev_cost,train_seconds,train_cpu_seconds,status,iterations_done,ended_by,"
           "rank,run\n"
           "0,3,tanh,0.6,0,0.01,100,95.125,94.25,0.75,0.5,0.6,0.15811388300841897,nan,0,0,nan,0.125,0.125,0."
           "25,0."
           "30000000000000004,0.375,done,100,none,0,0\n"
           "2,50,relu,1000000,0,0.01,100,99,99,nan,nan,nan,nan,nan,nan,nan,nan,inf,nan,0.5,0.001,0.0005,"
           "diverged,34,none,1,0\n"
           "3,50,relu,1000000,0,0.01,1000,,,,,,,,,,,,,,,,pending,,,,\n");
}
END_TEST

START_TEST(json_has_null_for_missing_and_non_finite_values)
{
    expect(LISTING_JSON, (const int64_t[]){2, 3}, 2,
           "[\n"
           " {\"config\": 2, \"n_h\": 50, \"activation\": \"relu\", \"learning_rate\": 1000000, \"seed\": 0, "
           "\"init_scale\": 0.01, \"iterations\": 100, \"train_accuracy\": 99, \"dev_accuracy\": 99, "
           "\"train_precision\": null, \"train_recall\": null, \"train_f1\": null, \"train_mcc\": null, "
           "\"dev_precision\": null, \"dev_recall\": null, \"dev_f1\": null, \"dev_mcc\": null, "
           "\"final_cost\": null, \"train_cost\": null, \"dev_cost\": 0.5, \"train_seconds\": 0.001, "
           "\"train_cpu_seconds\": 0.0005, "
           "\"status\": \"diverged\", \"iterations_done\": 34, \"ended_by\": \"none\", \"rank\": 1, \"run\": "
           "0},\n"
           " {\"config\": 3, \"n_h\": 50, \"activation\": \"relu\", \"learning_rate\": 1000000, \"seed\": 0, "
           "\"init_scale\": 0.01, \"iterations\": 1000, \"train_accuracy\": null, \"dev_accuracy\": null, "
           "\"train_precision\": null, \"train_recall\": null, \"train_f1\": null, \"train_mcc\": null, "
           "\"dev_precision\": null, \"dev_recall\": null, \"dev_f1\": null, \"dev_mcc\": null, "
           "\"final_cost\": null, \"train_cost\": null, \"dev_cost\": null, \"train_seconds\": null, "
           "\"train_cpu_seconds\": null, "
           "\"status\": \"pending\", \"iterations_done\": null, \"ended_by\": null, \"rank\": null, \"run\": "
           "null}\n"
           "]\n");
}
END_TEST

START_TEST(the_listing_of_an_empty_selection_is_well_formed)
{
    char *csv = listing(LISTING_CSV, NULL, 0);

    expect(LISTING_JSON, NULL, 0, "[]\n");
    expect(LISTING_TABLE, NULL, 0,
           "config  n_h  activation  rate  seed  iterations  train %  dev %  core-s  status\n");
    ck_assert_ptr_eq(strchr(csv, '\n'), csv + strlen(csv) - 1);
    free(csv);
}
END_TEST

START_TEST(huge_values_do_not_overflow_their_cells)
{
    char *text;

    sample[0].train_cpu_seconds = 1e300;
    sample[0].learning_rate = -2.2250738585072014e-308;
    text = listing(LISTING_TABLE, (const int64_t[]){0}, 1);
    ck_assert_ptr_nonnull(strstr(text, "1e+300"));
    ck_assert_ptr_nonnull(strstr(text, "-2.2250738585072014e-308"));
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("listing");
    TCase *tests = tcase_create("listing");

    tcase_add_test(tests, the_table_is_aligned_and_rounded_and_has_empty_cells_for_missing_values);
    tcase_add_test(tests, the_table_omits_a_seed_that_never_varies);
    tcase_add_test(tests, integers_have_the_digits_that_printf_writes);
    tcase_add_loop_test(tests, a_column_varies_if_two_cells_differ, 0, 5);
    tcase_add_test(tests, an_empty_cell_differs_from_a_value);
    tcase_add_test(tests, csv_has_every_column_and_every_digit);
    tcase_add_test(tests, json_has_null_for_missing_and_non_finite_values);
    tcase_add_test(tests, the_listing_of_an_empty_selection_is_well_formed);
    tcase_add_test(tests, huge_values_do_not_overflow_their_cells);
    suite_add_tcase(suite, tests);
    return suite;
}
