/* Files of samples: what is read from each spelling, and what is said of each error.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/csv.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comma_locale.h"
#include "unit.h"

static const char *const x1_x2[] = {"x1", "x2"};
static const struct ms_csv_wanted wanted = {.n_x = 2, .features = x1_x2, .precision = MS_FLOAT64};

/* The features and labels of every text in `same`. */
static const double expected_X[] = {1, 2.5, -3, 0.125, 500, 0};
static const uint8_t expected_y[] = {0, 1, 1};

/* Reads a text and checks that it has the expected rows. */
static void check_same_features(const char *text, size_t bytes, const char *const *features)
{
    const struct ms_csv_wanted these = {.n_x = 2, .features = features};
    struct ms_data data;
    struct ms_error err;
    bool labelled = false;
    enum ms_code code = ms_csv_parse("x.csv", text, bytes, &these, &data, &labelled, &err);

    ck_assert_msg(code == MS_OK, "%s\nin\n%s", err.text, text);
    ck_assert(labelled);
    ck_assert_int_eq(data.rows, 3);
    ck_assert_int_eq(data.n_x, 2);
    ck_assert_mem_eq(data.X, expected_X, sizeof expected_X);
    ck_assert_mem_eq(data.y, expected_y, sizeof expected_y);
    ms_data_free(&data);
}

static void check_same(const char *text, size_t bytes)
{
    check_same_features(text, bytes, x1_x2);
}

static const char *const same[] = {
    "x1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n",
    "x1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1",               /* no newline at the end */
    "\xEF\xBB\xBFx1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n", /* a byte order mark */
    "x1,x2,label\r\n1,2.5,0\r\n-3,0.125,1\r\n500,0,1\r\n",     /* CRLF */
    "x1,x2,label\r\n1,2.5,0\n-3,0.125,1\r\n500,0,1",           /* both, and no newline at the end */
    "label,x1,x2\n0,1,2.5\n1,-3,0.125\n1,500,0\n",             /* the label first */
    "\xEF\xBB\xBFlabel,x1,x2\n0,1,2.5\n1,-3,0.125\n1,500,0\n", /* after a byte order mark */
    "x1,label,x2\n1,0,2.5\n-3,1,0.125\n500,1,0\n",             /* the label in the middle */
    "\"x1\",\"x2\",\"label\"\n\"1\",\"2.5\",\"0\"\n-3,0.125,1\n500,0,\"1\"", /* quotes, also at the end */
    "\xEF\xBB\xBF\"x1\",x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n",     /* quotes after a byte order mark */
    "x1 , x2, label\n 1,\t2.5 ,0 \n -3, 0.125, 1\n500, 0, 1\n",        /* blanks around fields */
    "x1,x2,label\n\n1,2.5,0\n  \n-3,0.125,1\n500,0,1\n\n\n",           /* empty lines */
    "x1,x2,label\n1e0,25E-1,0.0\n-3.,.125,1.0\n5e+2,-0,1e0\n",         /* other spellings */
    "x2,x1,label\n2.5,1,0\n0.125,-3,1\n0,500,1\n",                     /* the features in another order */
    "label,x2,x1\n0,2.5,1\n1,0.125,-3\n1,0,500\n",                     /* and the label first */
    "\n\nx2,x1,label\n2.5,1,0\n0.125,-3,1\n0,500,1",                   /* after empty lines */
    "x1,x2,label,set\n1,2.5,0,train\n-3,0.125,1,train\n500,0,1,dev\n", /* as `moonsweep data` writes it */
    "set,label,x2,x1\n,0,2.5,1\n\"a,\"\"b\",1,0.125,-3\n?,1,0,500\n",  /* `set` may contain anything */
    "x1,x2,probability,prediction,label\n1,2.5,0.1,0,0\n-3,0.125,1e-9,0,1\n500,0,1,1,1\n", /* as `predict` does */
    "prediction,x2,set,label,probability,x1\n,2.5,,0,,1\n,0.125,,1,,-3\n,0,,1,,500\n", /* they may be empty */
};

START_TEST(byte_order_marks_line_ends_quotes_blanks_and_column_order_do_not_matter)
{
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        check_same(same[i], strlen(same[i]));
}
END_TEST

START_TEST(numbers_are_read_the_same_in_a_locale_with_a_decimal_comma)
{
    comma_locale_enter();
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        check_same(same[i], strlen(same[i]));
}
END_TEST

START_TEST(a_name_may_contain_commas_quotes_and_line_breaks)
{
    static const char text[] = "\"x\n2\",\"x,\"\"1\"\"\",label\n2.5,1,0\n0.125,-3,1\n0,500,1\n";
    static const char *const features[] = {"x,\"1\"", "x\n2"};

    check_same_features(text, sizeof text - 1, features);
}
END_TEST

START_TEST(a_feature_may_have_the_name_of_a_skipped_column)
{
    static const char text[] = "prediction,label,set\n0,0,1\n0,1,-3\n0,1,500\n";
    static const char *const features[] = {"set", "probability"};
    static const char both[] = "set,label,probability\n1,0,2.5\n-3,1,0.125\n500,1,0\n";
    const struct ms_csv_wanted these = {.n_x = 2, .features = features};
    struct ms_data data;
    struct ms_error err;
    bool labelled;

    check_same_features(both, sizeof both - 1, features);
    ck_assert_int_eq(ms_csv_parse("x.csv", text, sizeof text - 1, &these, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "there is no column 'probability'"));
}
END_TEST

START_TEST(without_a_label_column_the_labels_are_0)
{
    static const char text[] = "x2,x1\n1,2\n3,4\n";
    struct ms_data data;
    struct ms_error err;
    bool labelled = true;

    ck_assert_int_eq(ms_csv_parse("x.csv", text, sizeof text - 1, &wanted, &data, &labelled, &err), MS_OK);
    ck_assert(!labelled);
    ck_assert_int_eq(data.rows, 2);
    ck_assert_double_eq(data.X[0], 2);
    ck_assert_int_eq(ms_data_positives(&data), 0);
    ms_data_free(&data);
}
END_TEST

START_TEST(a_number_that_the_precision_cannot_hold_is_refused)
{
    static const char large[] = "x1,x2,label\n3.4e38,1,0\n1,-1e39,0\n", huge[] = "x1,x2\n1e309,1\n";
    struct ms_csv_wanted these = wanted;
    struct ms_data data;
    struct ms_error err;
    bool labelled;

    ck_assert_int_eq(ms_csv_parse("x.csv", large, sizeof large - 1, &these, &data, &labelled, &err), MS_OK);
    ck_assert_double_eq(data.X[3], -1e39);
    ms_data_free(&data);
    these.precision = MS_FLOAT32;
    ck_assert_int_eq(ms_csv_parse("x.csv", large, sizeof large - 1, &these, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "x.csv:3: "));
    ck_assert_ptr_nonnull(strstr(err.text, "x2"));
    ck_assert_ptr_nonnull(strstr(err.text, "is too large for float32"));
    ck_assert_int_eq(ms_csv_parse("x.csv", huge, sizeof huge - 1, &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
}
END_TEST

/* Invalid texts, and a part of the error message for each. */
static const struct {
    const char *text;
    size_t bytes; /* 0: up to the NUL */
    const char *message;
} invalid[] = {
    {"", 0, "x.csv: the file is empty"},
    {"\n\n", 0, "x.csv: the file is empty"},
    {"\xEF\xBB\xBF", 0, "x.csv: the file is empty"},
    {"x1,x2,label\n", 0, "x.csv: there are no rows"},
    {"1,2,0\n3,4,1\n", 0, "x.csv:1: there are numbers instead of column names"},
    {"2,1\n3,4\n", 0,
     "x.csv:1: there are numbers instead of column names; the columns must be 'x1', 'x2' and"},
    {"x1,x2,x3,label\n1,2,3,0\n", 0,
     "x.csv:1: column 3 ('x3') is not a feature of the network; the columns must be 'x1', 'x2' and, where "
     "the labels are known, 'label', in any order; this line has 'x1', 'x2', 'x3', 'label'"},
    {"a,b,label\n1,2,0\n", 0, "x.csv:1: there is no column 'x1'; the columns must be 'x1', 'x2' and"},
    {"x1,label\n1,0\n", 0, "x.csv:1: there is no column 'x2'"},
    {"label\n1\n", 0, "x.csv:1: there is no column 'x1'"},
    {"x2,label,y\n1,0,3\n", 0, "x.csv:1: there is no column 'x1'"},
    {"x1,probability\n1,0\n", 0, "x.csv:1: there is no column 'x2'"},
    {"x1 x2 label\n1 2 0\n", 0, "there is no column 'x1'"},
    {"\n\nx1,label\n1,0\n", 0, "x.csv:3: there is no column 'x2'"},
    {"x1,x2,Label\n1,2,0\n", 0,
     "x.csv:1: column 3 is named 'Label' but must be named 'label'; the columns must be"},
    {"X2,x1,label\n1,2,0\n", 0, "x.csv:1: column 1 is named 'X2' but must be named 'x2'"},
    {"x1,\" x2\t\",label\n1,2,0\n", 0, "x.csv:1: column 2 is named ' x2\\x09' but must be named 'x2'"},
    {"x1,x2,label,LABEL\n1,2,0,0\n", 0, "x.csv:1: column 4 ('LABEL') is not a feature of the network"},
    {"x1,x2,Set\n1,2,dev\n", 0, "x.csv:1: column 3 ('Set') is not a feature of the network"},
    {"x1,x2\0,label\n1,2,0\n", sizeof "x1,x2\0,label\n1,2,0\n" - 1, "x.csv:1: there is no column 'x2'"},
    {"x1,x2,id,id\n1,2,3,3\n", 0, "x.csv:1: column 3 ('id') is not a feature of the network"},
    {"x1;x2;label\n1,5;2;0\n", 0,
     "x.csv:1: columns must be separated by commas; line 1 has semicolons (decimals"},
    {"\n\"x1\";\"x2\"\n1;2\n", 0, "x.csv:2: columns must be separated by commas; line 2 has semicolons"},
    {"x1\tx2\tlabel\n1\t2\t0\n", 0, "x.csv:1: columns must be separated by commas; line 1 has tabs"},
    {"\"x1\"\t\"x2\"\tlabel\n1\t2\t0\n", 0, "line 1 has tabs"},
    {"x1|x2|label\n1|2|0\n", 0, "line 1 has vertical bars"},
    {"\"x;1\",x2\n1,2\n", 0, "there is no column 'x1'"},
    {"\"x;1\"\n1,2\n", 0, "there is no column 'x1'"},
    {"x1\t\n1\n", 0, "there is no column 'x2'"},
    {"x1;\n1;\n", 0, "there is no column 'x1'"},
    {",x1,label\n0,1,0\n", 0, "x.csv:1: column 1 has no name"},
    {"x1,x2,\n0,1,0\n", 0, "x.csv:1: column 3 has no name"},
    {"x1,x1,label\n0,1,0\n", 0, "x.csv:1: columns 1 and 2 have the same name, 'x1'; names must be unique"},
    {"x1,label,label\n0,1,0\n", 0, "columns 2 and 3 have the same name, 'label'"},
    {"\n\nx1,\"x1\"\n0,1\n", 0, "x.csv:3: columns 1 and 2 have the same name, 'x1'"},
    {"x1,x2,set,set\n0,1,,\n", 0, "columns 3 and 4 have the same name, 'set'"},
    {"x1,x2,label\n1,2,0\n1,2\n", 0, "x.csv:3: the row has fewer fields than the header, which has 3"},
    {"x1,x2,label\n1,2,0,\n", 0, "x.csv:2: the row has more fields"},
    {"x1,x2,label\n1,2,3,0\n", 0, "x.csv:2: the row has more fields than the header, which has 3"},
    {"x1,x2,label\n1,a\n", 0, "x.csv:2: the row has fewer fields than the header, which has 3"},
    {"x1,x2,label\n1,2,3,\"0\n", 0, "x.csv:2: column 3 ('label'): '3' "},
    {"x1,x2,label\n1,2,0\n\n1,2,0,5\n", 0, "x.csv:4: the row has more fields"},
    {"x1,x2,label\n1,,0\n", 0, "x.csv:2: column 2 ('x2'): the cell is empty; it must be a number"},
    {"x1,x2,label\n1,\"\",0\n", 0, "x.csv:2: column 2 ('x2'): the cell is empty"},
    {"x1,x2,label\n1,2,\n", 0, "x.csv:2: column 3 ('label'): the cell is empty; it must be 0 or 1"},
    {"x1,x2,label\n1,2,0\nabc,2,0\n", 0, "x.csv:3: column 1 ('x1'): 'abc' is not a number"},
    {"x1,x2,label\n1,NaN,0\n", 0, "'NaN' is not finite"},
    {"x1,x2,label\n1,-inf,0\n", 0, "'-inf' is not finite"},
    {"x1,x2,label\n1,1e999,0\n", 0, "'1e999' is too large"},
    {"x1,x2,label\n1,0x10,0\n", 0, "'0x10' is not decimal"},
    {"x1,x2,label\n1,2 3,0\n", 0, "'2 3' is not a number"},
    {"x1,x2,label\n1,\"2,5\",0\n", 0, "'2,5' has a comma"},
    {"x1,x2,label\n1,2,2\n", 0, "x.csv:2: column 3 ('label'): '2' is not a label; it must be 0 or 1"},
    {"x1,x2,label\n1,2,-1\n", 0, "'-1' is not a label"},
    {"x1,x2,label\n1,2,0.5\n", 0, "'0.5' is not a label"},
    {"x1,x2,label\n1,2,yes\n", 0, "'yes' is a boolean; it must be 0 or 1"},
    {"x1,x2,label\n1,\"2,0\n3,4,1\n", 0, "x.csv:2: column 2: the opening quote has no closing quote"},
    {"x1,x2,label\n1,\"2\"3,0\n", 0, "x.csv:2: column 2: '3' follows a closing quote"},
    {"x1,x2,label\n1,\"2\n\",0\n1,x,0\n", 0, "x.csv:2: column 2 ('x2'): '2\\x0A' is not a number"},
    {"\"x1\",x2,set\n1,2,\"\n\"\n", 0,
     "x.csv:2: column 3 ('set'): '\\x0A' contains a line break; it must be on one line"},
    {"x1,x2,set\n1,2,\"a\"b\n", 0, "x.csv:2: column 3: 'b' follows a closing quote"},
    {"x1,x2,set\n1,2\n", 0, "x.csv:2: the row has fewer fields than the header, which has 3"},
    {"\"x\n1\",x2,label\n1,x,0\n", 0, "x.csv:1: there is no column 'x1'"},
    {"x1,x2,label\r1,2,0\r", 0, "x.csv:1: column 3: carriage return without line feed"},
    {"x1,x2,label\n1,2\0,0\n", sizeof "x1,x2,label\n1,2\0,0\n" - 1, "'2\\x00' is not a number"},
    {"x1,x2,label\n1,2,0\n\0", sizeof "x1,x2,label\n1,2,0\n\0" - 1,
     "x.csv:3: column 1 ('x1'): '\\x00' is not"},
    {"x1,x\xE4,label\n1,\xE4,0\n", 0, "this line has 'x1', 'x\\xE4', 'label'"},
    {"x1,x2,label\n1,\xE4,0\n", 0, "x.csv:2: column 2 ('x2'): '\\xE4' is not a number"},
    {"\xFF\xFEx\0", 4, "x.csv:1:1: the file is in UTF-16; save it as UTF-8"},
    {"\xFF\xFE\0\0x\0\0\0", 8, "x.csv:1:1: the file is in UTF-32; save it as UTF-8"},
    {"\0\0\xFE\xFF\0\0\0x", 8, "x.csv:1:1: the file is in UTF-32; save it as UTF-8"},
    {"\xEF\xBB\xBF\xEF\xBB\xBFx1,x2,label\n1,2,0\n", 0,
     "x.csv:1:1: the file begins with two byte order marks"},
};

START_TEST(errors_are_reported_with_line_and_column)
{
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        size_t bytes = invalid[i].bytes > 0 ? invalid[i].bytes : strlen(invalid[i].text);
        char *exact = malloc(bytes + 1); /* the sanitizer sees reads past the end; +1: never of size 0 */
        struct ms_data data = {.rows = 42};
        struct ms_error err;
        bool labelled;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact + 1, invalid[i].text, bytes);
        ck_assert_msg(ms_csv_parse("x.csv", exact + 1, bytes, &wanted, &data, &labelled, &err) ==
                          MS_BAD_INPUT,
                      "%s", invalid[i].text);
        ck_assert_msg(strstr(err.text, invalid[i].message) != NULL, "%s\nis not in\n%s", invalid[i].message,
                      err.text);
        ck_assert_int_eq(data.rows, 42);
        free(exact);
    }
}
END_TEST

/* Makes the names feature0, feature1, ... */
static const char **make_names(int count, char (*names)[16])
{
    const char **pointers = calloc((size_t)count, sizeof *pointers);

    ck_assert_ptr_nonnull(pointers);
    for (int i = 0; i < count; i++) {
        (void)snprintf(names[i], sizeof names[i], "feature%d", i);
        pointers[i] = names[i];
    }
    return pointers;
}

START_TEST(a_name_has_at_most_4000_bytes)
{
    enum { MOST = 4000 };
    static char text[MOST + 8] = "x1,x2,";
    struct ms_data data;
    struct ms_error err;
    bool labelled;

    memset(text + strlen(text), 'n', MOST);
    ck_assert_int_eq(ms_csv_parse("x.csv", text, strlen(text), &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "is not a feature of the network"));
    text[strlen(text)] = 'n';
    ck_assert_int_eq(ms_csv_parse("x.csv", text, strlen(text), &wanted, &data, &labelled, &err),
                     MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "x.csv:1: the name of column 3, 'nnn"));
    ck_assert_ptr_nonnull(strstr(err.text, "has 4001 bytes; it may have at most 4000"));
}
END_TEST

START_TEST(long_lines_are_read_with_columns_in_any_order)
{
    enum { COLUMNS = 20000 };
    static char names[COLUMNS][16];
    const char **features = make_names(COLUMNS, names);
    const struct ms_csv_wanted many = {.n_x = COLUMNS, .features = features};
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    struct ms_data data;
    struct ms_error err;
    bool labelled;

    for (int i = COLUMNS - 1; i >= 0; i--)
        (void)fprintf(out, "feature%d,", i);
    (void)fputs("label\n", out);
    for (int i = COLUMNS - 1; i >= 0; i--)
        (void)fprintf(out, "%d,", i);
    (void)fputs("1\n", out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_int_eq(ms_csv_parse("x.csv", text, bytes, &many, &data, &labelled, &err), MS_OK);
    ck_assert_int_eq(data.rows, 1);
    for (int i = 0; i < COLUMNS; i++)
        ck_assert_double_eq(data.X[i], i);
    ck_assert_int_eq(data.y[0], 1);
    ms_data_free(&data);
    ck_assert_int_eq(ms_csv_parse("x.csv", "x1,x2\n1,2\n", 10, &many, &data, &labelled, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "'feature1', "));
    ck_assert_ptr_nonnull(strstr(err.text, " more and, where the labels are known, 'label'"));
    ck_assert_ptr_nonnull(strstr(err.text, "this line has 'x1', 'x2'"));
    free(text);
    free(features);
}
END_TEST

START_TEST(a_file_is_read_and_other_paths_are_refused_by_their_kind)
{
    char folder[] = "/tmp/moonsweep-csv-XXXXXX", path[64], pipe[64];
    struct ms_data data;
    struct ms_error err;
    bool labelled;
    FILE *file;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x.csv", folder);
    (void)snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs(same[0], file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(ms_csv_read(path, &wanted, &data, &labelled, &err), MS_OK);
    ck_assert_mem_eq(data.X, expected_X, sizeof expected_X);
    ms_data_free(&data);
    ck_assert_int_eq(unlink(path), 0);

    ck_assert_int_eq(ms_csv_read(path, &wanted, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "there is no such file"));
    ck_assert_int_eq(ms_csv_read(folder, &wanted, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "a directory"));
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ck_assert_int_eq(ms_csv_read(pipe, &wanted, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "a pipe"));
    ck_assert_int_eq(unlink(pipe), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* An is_asked that asks at the call to which *context counts down. */
static bool count_down(void *context)
{
    int *left = context;

    return --*left <= 0;
}

START_TEST(reading_ends_when_it_is_asked_to)
{
    enum { LINES = 60000 };
    char path[] = "/tmp/moonsweep-csv-XXXXXX";
    int left = INT_MAX;
    const struct ms_stop_request stop = {count_down, &left};
    const struct ms_csv_wanted these = {.n_x = 2, .features = wanted.features, .stop = &stop};
    struct ms_data data = {.rows = 0};
    struct ms_csv_samples samples = {.has_header = false};
    struct ms_error err;
    bool labelled;
    FILE *file = fdopen(mkstemp(path), "w");
    int looks;

    (void)fputs("x1,x2,label\n", file);
    for (int i = 0; i < LINES; i++)
        (void)fprintf(file, "%d,1,%d\n", i, i % 2);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(ms_csv_read(path, &these, &data, &labelled, &err), MS_OK);
    ms_data_free(&data);
    looks = INT_MAX - left;
    ck_assert_int_gt(looks, 4);
    for (int at = 1; at <= looks; at++) {
        left = at;
        ck_assert_int_eq(ms_csv_read(path, &these, &data, &labelled, &err), MS_WORK_LEFT);
        ck_assert_ptr_null(data.X);
        left = at;
        ck_assert_int_eq(ms_csv_learn(path, NULL, MS_FLOAT64, &stop, &samples, &err), MS_WORK_LEFT);
        ck_assert_ptr_null(samples.data.X);
    }
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");

    tcase_add_test(tests, byte_order_marks_line_ends_quotes_blanks_and_column_order_do_not_matter);
    tcase_add_test(tests, numbers_are_read_the_same_in_a_locale_with_a_decimal_comma);
    tcase_add_test(tests, without_a_label_column_the_labels_are_0);
    tcase_add_test(tests, a_number_that_the_precision_cannot_hold_is_refused);
    tcase_add_test(tests, errors_are_reported_with_line_and_column);
    tcase_add_test(tests, a_name_has_at_most_4000_bytes);
    tcase_add_test(tests, long_lines_are_read_with_columns_in_any_order);
    tcase_add_test(tests, a_name_may_contain_commas_quotes_and_line_breaks);
    tcase_add_test(tests, a_feature_may_have_the_name_of_a_skipped_column);
    tcase_add_test(tests, reading_ends_when_it_is_asked_to);
    tcase_add_test(tests, a_file_is_read_and_other_paths_are_refused_by_their_kind);
    suite_add_tcase(suite, tests);
    return suite;
}
