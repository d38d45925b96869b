#include "moonsweep/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comma_locale.h"
#include "unit.h"

/* Reads a text whose two features and three rows are these, and checks that they are. */
static const double expected_X[] = {1, 2.5, -3, 0.125, 500, 0};
static const uint8_t expected_y[] = {0, 1, 1};

static void check_same(const char *text, size_t bytes)
{
    struct ms_data data;
    struct ms_error err;
    bool labelled = false;
    enum ms_code code = ms_csv_parse("x.csv", text, bytes, 2, &data, &labelled, &err);

    ck_assert_msg(code == MS_OK, "%s\nin\n%s", err.text, text);
    ck_assert(labelled);
    ck_assert_int_eq(data.rows, 3);
    ck_assert_int_eq(data.n_x, 2);
    ck_assert_mem_eq(data.X, expected_X, sizeof expected_X);
    ck_assert_mem_eq(data.y, expected_y, sizeof expected_y);
    ms_data_free(&data);
}

static const char *const same[] = {
    "x1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n",
    "x1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1",               /* the last line without newline */
    "\xEF\xBB\xBFx1,x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n", /* a byte order mark */
    "x1,x2,label\r\n1,2.5,0\r\n-3,0.125,1\r\n500,0,1\r\n",     /* CRLF */
    "x1,x2,label\r\n1,2.5,0\n-3,0.125,1\r\n500,0,1",           /* both, and none at the end */
    "label,x1,x2\n0,1,2.5\n1,-3,0.125\n1,500,0\n",             /* the label first */
    "\xEF\xBB\xBFlabel,x1,x2\n0,1,2.5\n1,-3,0.125\n1,500,0\n", /* with the mark in front of it */
    "x1,label,x2\n1,0,2.5\n-3,1,0.125\n500,1,0\n",             /* in the middle */
    "\"x1\",\"x2\",\"label\"\n\"1\",\"2.5\",\"0\"\n-3,0.125,1\n500,0,\"1\"", /* quotes, also at the end */
    "\xEF\xBB\xBF\"x1\",x2,label\n1,2.5,0\n-3,0.125,1\n500,0,1\n",           /* behind the mark */
    "x1 , x2, label\n 1,\t2.5 ,0 \n -3, 0.125, 1\n500, 0, 1\n",              /* blanks around */
    "x1,x2,label\n\n1,2.5,0\n  \n-3,0.125,1\n500,0,1\n\n\n",                 /* empty lines */
    "x1,x2,label\n1e0,25E-1,0.0\n-3.,.125,1.0\n5e+2,-0,1e0\n",               /* other spellings */
    "\"x,\"\"1\"\"\",\"x\n2\",label\n1,2.5,0\n-3,0.125,1\n500,0,1\n", /* commas, quotes, lines in a name */
};

START_TEST(marks_line_ends_quotes_blanks_and_order_do_not_matter)
{
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        check_same(same[i], strlen(same[i]));
}
END_TEST

START_TEST(numbers_are_the_same_where_the_decimal_sign_is_a_comma)
{
    comma_locale_enter();
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        check_same(same[i], strlen(same[i]));
}
END_TEST

START_TEST(without_a_label_column_the_labels_are_0)
{
    static const char text[] = "a,b\n1,2\n3,4\n";
    struct ms_data data;
    struct ms_error err;
    bool labelled = true;

    ck_assert_int_eq(ms_csv_parse("x.csv", text, sizeof text - 1, 2, &data, &labelled, &err), MS_OK);
    ck_assert(!labelled);
    ck_assert_int_eq(data.rows, 2);
    ck_assert_int_eq(ms_data_positives(&data), 0);
    ms_data_free(&data);
}
END_TEST

/* Texts and a part of the message they are refused with. */
static const struct {
    const char *text;
    size_t bytes; /* 0: up to the NUL */
    const char *message;
} refused[] = {
    {"", 0, "x.csv: the file is empty"},
    {"\n\n", 0, "x.csv: the file is empty"},
    {"\xEF\xBB\xBF", 0, "x.csv: the file is empty"},
    {"x1,x2,label\n", 0, "x.csv: there are no rows"},
    {"1,2,0\n3,4,1\n", 0, "x.csv:1: numbers stand where the column names must"},
    {"x1,x2,x3,label\n1,2,3,0\n", 0,
     "x.csv:1: there are 3 features (columns other than label); there must be 2"},
    {"x1,label\n1,0\n", 0, "x.csv:1: there is 1 feature (columns"},
    {"x1,x2,Label\n1,2,0\n", 0, "there are 3 features"},
    {"x1;x2;label\n1,5;2;0\n", 0, "separated by semicolons"},
    {",x1,label\n0,1,0\n", 0, "x.csv:1: column 1 has no name"},
    {"x1,x2,\n0,1,0\n", 0, "x.csv:1: column 3 has no name"},
    {"x1,x1,label\n0,1,0\n", 0, "x.csv:1: two columns have the name 'x1'"},
    {"x1,label,label\n0,1,0\n", 0, "two columns have the name 'label'"},
    {"x1,x2,label\n1,2,0\n1,2\n", 0, "x.csv:3: the row has fewer fields than the header, which has 3"},
    {"x1,x2,label\n1,2,0,\n", 0, "x.csv:2: the row has more fields"},
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
    {"x1,x2,label\n1,2,2\n", 0, "x.csv:2: column 3 ('label'): '2' is no label; it must be 0 or 1"},
    {"x1,x2,label\n1,2,-1\n", 0, "'-1' is no label"},
    {"x1,x2,label\n1,2,0.5\n", 0, "'0.5' is no label"},
    {"x1,x2,label\n1,2,yes\n", 0, "'yes' is a truth value; it must be 0 or 1"},
    {"x1,x2,label\n1,\"2,0\n3,4,1\n", 0, "x.csv:2: column 2: the quote that opens here is never closed"},
    {"x1,x2,label\n1,\"2\"3,0\n", 0, "x.csv:2: column 2: '3' stands behind a closing quote"},
    {"x1,x2,label\n1,\"2\n\",0\n1,x,0\n", 0, "x.csv:2: column 2 ('x2'): '2\\x0A' is not a number"},
    {"\"x\n1\",x2,label\n1,x,0\n", 0, "x.csv:3: column 2 ('x2'): 'x' is not a number"},
    {"x1,x2,label\r1,2,0\r", 0, "x.csv:1: column 3: a carriage return stands alone"},
    {"x1,x2,label\n1,2\0,0\n", sizeof "x1,x2,label\n1,2\0,0\n" - 1, "'2\\x00' is not a number"},
    {"x1,x2,label\n1,2,0\n\0", sizeof "x1,x2,label\n1,2,0\n\0" - 1,
     "x.csv:3: column 1 ('x1'): '\\x00' is not"},
    {"x1,x\xE4,label\n1,\xE4,0\n", 0, "x.csv:2: column 2 ('x\\xE4'): '\\xE4' is not a number"},
    {"\xFF\xFEx\0", 4, "the file is in UTF-16"},
};

START_TEST(what_is_wrong_is_refused_with_line_and_column)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        size_t bytes = refused[i].bytes > 0 ? refused[i].bytes : strlen(refused[i].text);
        char *exact = malloc(bytes + 1); /* so that the sanitizer sees a step too far; +1: never size 0 */
        struct ms_data data = {.rows = 42};
        struct ms_error err;
        bool labelled;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact + 1, refused[i].text, bytes);
        ck_assert_msg(ms_csv_parse("x.csv", exact + 1, bytes, 2, &data, &labelled, &err) == MS_BAD_INPUT,
                      "%s", refused[i].text);
        ck_assert_msg(strstr(err.text, refused[i].message) != NULL, "%s\nis not in\n%s", refused[i].message,
                      err.text);
        ck_assert_int_eq(data.rows, 42);
        free(exact);
    }
}
END_TEST

START_TEST(a_line_of_any_length_is_read)
{
    enum { COLUMNS = 20000 };
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    struct ms_data data;
    struct ms_error err;
    bool labelled;

    for (int i = 0; i < COLUMNS; i++)
        (void)fprintf(out, "feature%d,", i);
    (void)fputs("label\n", out);
    for (int i = 0; i < COLUMNS; i++)
        (void)fprintf(out, "%d,", i);
    (void)fputs("1\n", out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_int_eq(ms_csv_parse("x.csv", text, bytes, COLUMNS, &data, &labelled, &err), MS_OK);
    ck_assert_int_eq(data.rows, 1);
    for (int i = 0; i < COLUMNS; i++)
        ck_assert_double_eq(data.X[i], i);
    ck_assert_int_eq(data.y[0], 1);
    ms_data_free(&data);
    free(text);
}
END_TEST

START_TEST(a_file_is_read_and_what_is_none_is_named)
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
    ck_assert_int_eq(ms_csv_read(path, 2, &data, &labelled, &err), MS_OK);
    ck_assert_mem_eq(data.X, expected_X, sizeof expected_X);
    ms_data_free(&data);
    ck_assert_int_eq(unlink(path), 0);

    ck_assert_int_eq(ms_csv_read(path, 2, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "there is no such file"));
    ck_assert_int_eq(ms_csv_read(folder, 2, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "a directory"));
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ck_assert_int_eq(ms_csv_read(pipe, 2, &data, &labelled, &err), MS_NO_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "a pipe"));
    ck_assert_int_eq(unlink(pipe), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");

    tcase_add_test(tests, marks_line_ends_quotes_blanks_and_order_do_not_matter);
    tcase_add_test(tests, numbers_are_the_same_where_the_decimal_sign_is_a_comma);
    tcase_add_test(tests, without_a_label_column_the_labels_are_0);
    tcase_add_test(tests, what_is_wrong_is_refused_with_line_and_column);
    tcase_add_test(tests, a_line_of_any_length_is_read);
    tcase_add_test(tests, a_file_is_read_and_what_is_none_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
