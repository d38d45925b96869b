/* CSV files to train on: their columns, their labels, and what is refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct ms_error err;

static struct ms_csv_samples learn(const char *text, const char *label)
{
    struct ms_csv_samples samples;

    ck_assert_msg(ms_csv_learn_text("x.csv", text, strlen(text), label, MS_FLOAT64, &samples, &err) == MS_OK,
                  "%s\nin\n%s", err.text, text);
    return samples;
}

/* The same two features and labels in several spellings. */
static const struct {
    const char *text, *label;
} same[] = {
    {"a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n", NULL},
    {"a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat", "kind"},
    {"kind,a,b\ncat,1,2\ndog,3,4\ncat,5,6\n", "kind"},
    {"a,kind,b\r\n1,cat,2\r\n3,dog,4\r\n5,cat,6\r\n", "kind"},
    {"\xEF\xBB\xBF\"a\",\"b\",\"kind\"\n1,2,\"cat\"\n3,4,\"dog\"\n\n5,6, cat \n", NULL},
};

START_TEST(the_column_of_labels_is_found_by_its_name_or_is_the_last)
{
    static const double X[] = {1, 2, 3, 4, 5, 6};
    static const uint8_t y[] = {0, 1, 0};

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct ms_csv_samples samples = learn(same[i].text, same[i].label);

        ck_assert_int_eq(samples.data.rows, 3);
        ck_assert_int_eq(samples.data.n_x, 2);
        ck_assert_mem_eq(samples.data.X, X, sizeof X);
        ck_assert_mem_eq(samples.data.y, y, sizeof y);
        ck_assert(samples.has_header);
        ck_assert_str_eq(samples.names.label, "kind");
        ck_assert_str_eq(samples.names.label_values[0], "cat");
        ck_assert_str_eq(samples.names.label_values[1], "dog");
        ck_assert_str_eq(samples.names.features[0], "a");
        ck_assert_str_eq(samples.names.features[1], "b");
        ms_csv_samples_free(&samples);
    }
}
END_TEST

START_TEST(a_first_line_of_numbers_is_a_sample)
{
    struct ms_csv_samples samples = learn("1,2,yes\n3,4,no\n", NULL);

    ck_assert(!samples.has_header);
    ck_assert_int_eq(samples.data.rows, 2);
    ck_assert_double_eq(samples.data.X[0], 1);
    ck_assert_str_eq(samples.names.features[1], "x2");
    ck_assert_str_eq(samples.names.label, "label");
    ms_csv_samples_free(&samples);
}
END_TEST

/* Two labels in the order of the file, and the one that is 0, as it is stored. */
static const struct {
    const char *first, *second, *zero, *one;
} orders[] = {
    {"0", "1", "0", "1"},
    {"1", "0", "0", "1"},
    {"10", "9", "9", "10"},
    {"+1", "-1", "-1", "1"},
    {"2.50", "1e1", "2.5", "10"},
    {"dog", "cat", "cat", "dog"},
    {"b", "B", "B", "b"},
    {"yes", "no", "no", "yes"},
    {"10", "9a", "10", "9a"},
    {"\"a\"\"b\"", "a", "a", "a\"b"},
    {"\xC3\xA9", "z", "z", "\xC3\xA9"},
};

START_TEST(the_smaller_number_or_the_first_text_is_label_0)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        char text[200];
        struct ms_csv_samples samples;

        (void)snprintf(text, sizeof text, "a,y\n1,%s\n2,%s\n3,%s\n", orders[i].first, orders[i].second,
                       orders[i].first);
        samples = learn(text, NULL);
        ck_assert_str_eq(samples.names.label_values[0], orders[i].zero);
        ck_assert_str_eq(samples.names.label_values[1], orders[i].one);
        ck_assert_int_ne(samples.data.y[0], samples.data.y[1]);
        ck_assert_int_eq(samples.data.y[0], samples.data.y[2]);
        ms_csv_samples_free(&samples);
    }
}
END_TEST

START_TEST(equal_numbers_are_the_same_label)
{
    struct ms_csv_samples samples = learn("a,y\n1,1.0\n2,2\n3,1\n4,0.2e1\n", NULL);

    ck_assert_str_eq(samples.names.label_values[0], "1");
    ck_assert_mem_eq(samples.data.y, ((const uint8_t[]){0, 1, 0, 1}), 4);
    ms_csv_samples_free(&samples);
}
END_TEST

static const struct {
    const char *text, *label, *message;
} invalid[] = {
    {"", NULL, "x.csv: the file is empty"},
    {"a,b,y\n", NULL, "x.csv: there are no rows below the header"},
    {"a,b,y\n1,2,p\n1,2,q\n3,4,r\n", NULL,
     "x.csv:4: column 3 ('y'): there are three labels: 'p' (line 2), 'q' (line 3) and 'r' (line 4); there "
     "must "
     "be two"},
    {"1,2,0\n1,2,1\n3,4,2\n", NULL,
     "x.csv:3: column 3 ('label'): there are three labels: '0' (line 1), '1' (line 2) and '2' (line 3)"},
    {"a,y\n1,p\n2,p\n", NULL, "x.csv: all rows (2) have the label 'p'; there must be two different labels"},
    {"a,y\n1,p\n2,\n", NULL, "x.csv:3: column 2 ('y'): the cell is empty; it must be a number or a text"},
    {"a,y\n1,p\nNaN,q\n", NULL, "x.csv:3: column 1 ('a'): 'NaN' is not finite; it must be a number"},
    {"a,y\n1,p\n2,NaN\n", NULL,
     "x.csv:3: column 2 ('y'): 'NaN' means no value; it must be a number or a text"},
    {"a,y\n1,p\n,q\n", NULL, "x.csv:3: column 1 ('a'): the cell is empty; it must be a number"},
    {"a,y\n1,p\nred,q\n", NULL, "x.csv:3: column 1 ('a'): 'red' is not a number"},
    {"a,y\n1,p\n1,q,3\n", NULL, "x.csv:3: the row has more fields than the header, which has 2"},
    {"a,y\n1,p\n1,q\n3,4,p\n", NULL, "x.csv:4: the row has more fields than the header, which has 2"},
    {"1,2,p\n1,2\n", NULL, "x.csv:2: the row has fewer fields than the first line, which has 3"},
    {"a,b,y\n1,2,p\n", "kind",
     "x.csv:1: there is no column 'kind'; data.label must be the name of the column of labels; this line has "
     "'a', 'b', 'y'"},
    {"1,2,0\n", "y", "x.csv:1: there is no column 'y'; data.label must be"},
    {"y\n1\n", NULL, "x.csv:1: there is only one column; there must be one for each feature and one"},
    {"a,a,y\n1,2,0\n", NULL, "x.csv:1: columns 1 and 2 have the same name, 'a'; names must be unique"},
    {"a,,y\n1,2,0\n", NULL, "x.csv:1: column 2 has no name"},
    {"\"a\nb\",y\n1,0\n", NULL, "x.csv:1: the name of column 1, 'a\\x0Ab', must be one line of UTF-8"},
    {"a;b;y\n1;2;0\n", NULL, "x.csv:1: columns must be separated by commas; line 1 has semicolons"},
    {"1;2;0\n1;2;1\n", NULL, "x.csv:1: columns must be separated by commas; line 1 has semicolons"},
    {"a,y\n1,\"p\nq\"\n", NULL,
     "x.csv:2: column 2 ('y'): 'p\\x0Aq' contains a line break or another control"},
    {"a,y\n1,\"p\x7F\"\n", NULL,
     "x.csv:2: column 2 ('y'): 'p\\x7F' contains a line break or another control"},
    {"a,y\n1,p\xC2\x9B\n", NULL, "'p\\xC2\\x9B' contains a line break or another control character"},
    {"a,y\n1,j\xE4\n", NULL,
     "x.csv:2: column 2 ('y'): 'j\\xE4' is not in UTF-8; it must be a number or a text"},
    {"a,y\n1,j\xC2\n", NULL, "'j\\xC2' is not in UTF-8"},
    {"\x1F\x8B\b;;\n", NULL,
     "x.csv: the file is compressed by gzip; it must be plain text: decompress it first"},
    {"\xFD"
     "7zXZ",
     NULL, "compressed by xz"},
    {"\x28\xB5\x2F\xFD", NULL, "compressed by zstd"},
    {"PK\x03\x04", NULL, "a ZIP archive, as .xlsx and .npz files are"},
    {"\x93NUMPY\x01", NULL, "an array of NumPy"},
    {"PAR1\x15", NULL, "a Parquet file"},
    {"\x89HDF\r\n\x1A\n", NULL, "an HDF5 file"},
    {"\x89HDF\r\n\x1A", NULL, "x.csv:1: "}, /* not all of a signature */
    {"\xFF\xFEx", NULL, "x.csv:1:1: the file is in UTF-16; save it as UTF-8"},
};

START_TEST(errors_are_reported_with_line_and_column)
{
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        struct ms_csv_samples samples = {.data.rows = 42};

        ck_assert_msg(ms_csv_learn_text("x.csv", invalid[i].text, strlen(invalid[i].text), invalid[i].label,
                                        MS_FLOAT64, &samples, &err) == MS_BAD_INPUT,
                      "%s", invalid[i].text);
        ck_assert_msg(strstr(err.text, invalid[i].message) != NULL, "%s\nis not in\n%s", invalid[i].message,
                      err.text);
        ck_assert_int_eq(samples.data.rows, 42);
    }
}
END_TEST

START_TEST(what_was_learned_finds_the_columns_and_labels_of_other_files)
{
    static const char other[] = "b,kind,a\n2,dog,1\n4,cat,3\n", wrong[] = "a,b,kind\n1,2,cow\n";
    struct ms_csv_samples samples = learn(same[0].text, NULL);
    struct ms_csv_wanted wanted = {.n_x = 2,
                                   .features = samples.names.features,
                                   .label = samples.names.label,
                                   .label_values = samples.names.label_values};
    struct ms_data data;
    bool labelled;

    ck_assert_int_eq(ms_csv_parse("o.csv", other, sizeof other - 1, &wanted, &data, &labelled, &err), MS_OK);
    ck_assert(labelled);
    ck_assert_mem_eq(data.X, ((const double[]){1, 2, 3, 4}), 4 * sizeof(double));
    ck_assert_mem_eq(data.y, ((const uint8_t[]){1, 0}), 2);
    ms_data_free(&data);
    ck_assert_int_eq(ms_csv_parse("o.csv", wrong, sizeof wrong - 1, &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_ptr_nonnull(
        strstr(err.text, "o.csv:2: column 3 ('kind'): 'cow' is not a label; it must be 'cat' or 'dog'"));
    ms_csv_samples_free(&samples);
}
END_TEST

START_TEST(another_file_may_lack_a_header_only_if_that_is_wanted)
{
    static const char text[] = "1,2,no\n3,4,yes\n";
    struct ms_csv_samples samples = learn(text, NULL);
    struct ms_csv_wanted wanted = {.n_x = 2,
                                   .features = samples.names.features,
                                   .label_values = samples.names.label_values,
                                   .may_lack_header = true};
    struct ms_data data;
    bool labelled;

    ck_assert_int_eq(ms_csv_parse("o.csv", text, sizeof text - 1, &wanted, &data, &labelled, &err), MS_OK);
    ck_assert_int_eq(data.rows, 2);
    ck_assert_mem_eq(data.y, ((const uint8_t[]){0, 1}), 2);
    ck_assert(labelled);
    ms_data_free(&data);
    ck_assert_int_eq(ms_csv_parse("o.csv", "5,6\n7,8", 7, &wanted, &data, &labelled, &err), MS_OK);
    ck_assert_mem_eq(data.X, ((const double[]){5, 6, 7, 8}), 4 * sizeof(double));
    ck_assert(!labelled);
    ms_data_free(&data);
    ck_assert_int_eq(ms_csv_parse("o.csv", "5,6,no,1\n", 9, &wanted, &data, &labelled, &err), MS_BAD_INPUT);
    ck_assert_int_eq(ms_csv_parse("o.csv", "5\n", 2, &wanted, &data, &labelled, &err), MS_BAD_INPUT);
    ck_assert_int_eq(ms_csv_parse("o.csv", "5,6,no\n7,-,no\n", 14, &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_str_eq(err.text, "o.csv:2: column 2 ('x2'): '-' is not a number; it must be a number");
    wanted.may_lack_header = false;
    ck_assert_int_eq(ms_csv_parse("o.csv", text, sizeof text - 1, &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ms_csv_samples_free(&samples);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("csv_learn");
    TCase *tests = tcase_create("csv_learn");

    tcase_add_test(tests, the_column_of_labels_is_found_by_its_name_or_is_the_last);
    tcase_add_test(tests, a_first_line_of_numbers_is_a_sample);
    tcase_add_test(tests, the_smaller_number_or_the_first_text_is_label_0);
    tcase_add_test(tests, equal_numbers_are_the_same_label);
    tcase_add_test(tests, errors_are_reported_with_line_and_column);
    tcase_add_test(tests, what_was_learned_finds_the_columns_and_labels_of_other_files);
    tcase_add_test(tests, another_file_may_lack_a_header_only_if_that_is_wanted);
    suite_add_tcase(suite, tests);
    return suite;
}
