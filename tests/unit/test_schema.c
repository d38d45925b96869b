/* The schema: its sizes, compared with ones computed by hand, and its description in docs/file-format.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "store/format/schema.h"
#include "unit.h"

static const char *const type_names[MS_TYPE_COUNT] = {
    [MS_TYPE_U8] = "u8",   [MS_TYPE_I32] = "i32",   [MS_TYPE_I64] = "i64",  [MS_TYPE_U64] = "u64",
    [MS_TYPE_F64] = "f64", [MS_TYPE_REAL] = "real", [MS_TYPE_CHAR] = "char"};

/* Writes the line that the document must have for a variable. */
static void line_of(enum ms_variable variable, size_t size, char *line)
{
    static const char *const initials[] = {[MS_INITIAL_ZERO] = "0",
                                           [MS_INITIAL_NAN] = "NaN",
                                           [MS_INITIAL_MINUS_ONE] = "-1",
                                           [MS_INITIAL_FINAL] = "its value"};
    static const char *const covers[] = {
        [MS_COVER_NONE] = "", [MS_COVER_RECORD] = "checksum", [MS_COVER_TIMES] = "times"};
    const struct ms_variable_schema *schema = &ms_schema[variable];
    char dimensions[96] = "", path[64];

    for (int d = 0; d < ms_schema_rank(variable); d++) {
        if (d > 0)
            strcat(dimensions, ", ");
        strcat(dimensions, ms_schema_dimensions[schema->dimensions[d]].name);
    }
    (void)snprintf(line, size, "| `%s` | %s | %s | %s | %s | %s | %s |\n",
                   ms_schema_path(schema->group, schema->name, sizeof path, path), dimensions,
                   type_names[schema->type], schema->units, initials[schema->initial], covers[schema->cover],
                   schema->long_name);
}

START_TEST(the_document_has_a_line_for_every_variable_in_the_order_of_the_schema)
{
    char *document = document_read("file-format.md");
    const char *after = document;

    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        char line[512];

        line_of((enum ms_variable)v, sizeof line, line);
        after = strstr(after, line);
        ck_assert_msg(after != NULL, "docs/file-format.md lacks, or has in the wrong place: %s", line);
        after += strlen(line);
    }
    free(document);
}
END_TEST

START_TEST(the_document_has_a_line_for_every_dimension)
{
    char *document = document_read("file-format.md");

    for (int d = 0; d < MS_DIM_COUNT; d++) {
        const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
        char line[256], path[64];

        (void)snprintf(line, sizeof line, "| `%s` | %s | %s |",
                       ms_schema_path(dimension->group, dimension->name, sizeof path, path),
                       dimension->bare ? "no" : "yes", dimension->long_name);
        ck_assert_msg(strstr(document, line) != NULL, "docs/file-format.md lacks: %s", line);
    }
    free(document);
}
END_TEST

START_TEST(every_variable_has_a_unique_name_units_and_a_description)
{
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        ck_assert_uint_gt(strlen(ms_schema[v].units), 0);
        ck_assert_uint_gt(strlen(ms_schema[v].long_name), 0);
        for (int other = 0; other < v; other++)
            ck_assert(strcmp(ms_schema[v].name, ms_schema[other].name) != 0 ||
                      strcmp(ms_schema[v].group, ms_schema[other].group) != 0);
    }
}
END_TEST

START_TEST(the_variables_along_config_come_first)
{
    for (int v = 0; v < MS_VARIABLE_COUNT; v++)
        ck_assert((ms_schema[v].dimensions[0] == MS_DIM_CONFIG) == (v < MS_CONFIG_VARIABLE_COUNT));
}
END_TEST

static int32_t n_h[] = {3, 7};
static enum ms_activation activation[] = {MS_TANH};
static double learning_rate[] = {1, 2, 3};
static uint32_t seed[] = {0};
static double init_scale[] = {0.01};
static int64_t iterations[] = {100, 10};
static struct ms_grid grid = {2,          2,    1,          3, 1,   1, 2, n_h, activation, learning_rate,
                              init_scale, seed, iterations, 1, NULL};

/* Returns the shape for 24 configurations in 12 trajectories, half of them for each of two data sets. */
static struct ms_shape shape_of(enum ms_precision precision, int32_t ranks)
{
    struct ms_dataset datasets[2] = {{.train = {.rows = 45, .n_x = 2}, .dev = {.rows = 15, .n_x = 2}},
                                     {.train = {.rows = 5, .n_x = 2}, .dev = {.rows = 6, .n_x = 2}}};
    struct ms_writer_spec spec = {
        .grid = &grid, .datasets = datasets, .precision = precision, .ranks = ranks};
    struct ms_shape shape;

    ms_schema_shape(&spec, &shape);
    return shape;
}

START_TEST(dimensions_follow_from_the_grid_and_the_data)
{
    static const int64_t expected[MS_DIM_COUNT] = {
        [MS_DIM_CONFIG] = 24,        [MS_DIM_TRAJECTORY] = 12,    [MS_DIM_DATASET] = 2,
        [MS_DIM_COST_SAMPLE] = 1200, [MS_DIM_UNIT] = 7,           [MS_DIM_FEATURE] = 2,
        [MS_DIM_TRAIN_SAMPLE] = 50,  [MS_DIM_DEV_SAMPLE] = 21,    [MS_DIM_OUTCOME] = 4,
        [MS_DIM_RUN] = 1024,         [MS_DIM_TEXT] = MS_RUN_TEXT, [MS_DIM_LEASE] = 2 * 12 + 4096,
        [MS_DIM_SLOT] = 2 * 12};
    struct ms_shape shape = shape_of(MS_FLOAT64, 4);

    for (int d = 0; d < MS_DIM_COUNT; d++)
        ck_assert_msg(shape.size[d] == expected[d], "%s", ms_schema_dimensions[d].name);
}
END_TEST

START_TEST(there_are_two_slots_per_trajectory_but_at_most_for_1024_or_four_per_rank)
{
    static double rates[5000];
    struct ms_grid wide = {1,          1,     1,          5000, 1,          1, 1,   n_h,
                           activation, rates, init_scale, seed, iterations, 1, NULL};
    struct ms_dataset dataset = {.train = {.rows = 4, .n_x = 2}, .dev = {.rows = 4, .n_x = 2}};
    struct ms_writer_spec spec = {.grid = &wide, .datasets = &dataset, .ranks = 8};
    struct ms_shape shape;

    ms_schema_shape(&spec, &shape);
    ck_assert_int_eq(shape.size[MS_DIM_SLOT], 2 * 1024);
    spec.ranks = 300;
    ms_schema_shape(&spec, &shape);
    ck_assert_int_eq(shape.size[MS_DIM_SLOT], 2 * 1200);
    spec.ranks = 2000;
    ms_schema_shape(&spec, &shape);
    ck_assert_int_eq(shape.size[MS_DIM_SLOT], 2 * 5000);
}
END_TEST

START_TEST(only_parameters_and_costs_are_smaller_in_float32)
{
    struct ms_shape wide = shape_of(MS_FLOAT64, 1), narrow = shape_of(MS_FLOAT32, 1);

    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        bool is_real = ms_schema[v].type == MS_TYPE_REAL;

        ck_assert_uint_eq(ms_schema_row_bytes(&wide, variable),
                          (is_real ? 2 : 1) * ms_schema_row_bytes(&narrow, variable));
    }
    ck_assert_uint_eq(ms_schema_row_bytes(&wide, MS_VAR_W1), 7 * 2 * 8);
}
END_TEST

START_TEST(sizes_that_overflow_saturate)
{
    struct ms_shape shape = shape_of(MS_FLOAT64, 1);
    int64_t writable, final;

    shape.size[MS_DIM_COST_SAMPLE] = INT64_MAX / 4;
    ms_schema_bytes(&shape, &writable, &final);
    ck_assert_int_eq(writable, INT64_MAX);
    ck_assert_int_lt(final, 1 << 20);
    shape.size[MS_DIM_TRAIN_SAMPLE] = INT64_MAX / 4;
    ms_schema_bytes(&shape, &writable, &final);
    ck_assert_int_eq(final, INT64_MAX);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("schema");
    TCase *tests = tcase_create("schema");

    tcase_add_test(tests, the_document_has_a_line_for_every_variable_in_the_order_of_the_schema);
    tcase_add_test(tests, the_document_has_a_line_for_every_dimension);
    tcase_add_test(tests, every_variable_has_a_unique_name_units_and_a_description);
    tcase_add_test(tests, the_variables_along_config_come_first);
    tcase_add_test(tests, dimensions_follow_from_the_grid_and_the_data);
    tcase_add_test(tests, there_are_two_slots_per_trajectory_but_at_most_for_1024_or_four_per_rank);
    tcase_add_test(tests, only_parameters_and_costs_are_smaller_in_float32);
    tcase_add_test(tests, sizes_that_overflow_saturate);
    suite_add_tcase(suite, tests);
    return suite;
}
