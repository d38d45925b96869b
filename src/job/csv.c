#include "moonsweep/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_field.h"
#include "moonsweep/plural.h"
#include "number.h"
#include "quote.h"
#include "textfile.h"

/* It is read whole; what is larger belongs into a binary format. */
static const size_t largest_file = (size_t)2 * 1024 * 1024 * 1024 - 1;

/* More than any table of samples has; a file of other kind is told by it. */
enum { MAX_COLUMNS = 100000 };

static const char label_name[] = "label";

struct column {
    const char *name; /* in the file's text, not terminated */
    size_t length;
};

struct table {
    struct column *columns; /* owned */
    int64_t n_columns, capacity;
    int64_t label; /* the position of `label` among them; -1: none */
};

/* ---- the header --------------------------------------------------------------------------------------- */

static bool is_number(const struct ms_csv_cursor *cursor)
{
    double value;

    return ms_number_real(cursor->field, cursor->length, &value) == NULL;
}

static int compare_columns(const void *left, const void *right)
{
    const struct column *a = left, *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->name, b->name, shorter);

    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* Two columns of one name: one of them is not what the reader takes it for. */
static enum ms_code check_names(const char *path, const struct table *table, struct ms_error *err)
{
    struct column *sorted = calloc((size_t)table->n_columns, sizeof *sorted);
    enum ms_code code = MS_OK;
    char quoted[MS_QUOTE_BYTES];

    if (sorted == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for its columns", path);
    for (int64_t i = 0; i < table->n_columns; i++)
        sorted[i] = table->columns[i];
    qsort(sorted, (size_t)table->n_columns, sizeof sorted[0], compare_columns);
    for (int64_t i = 1; code == MS_OK && i < table->n_columns; i++)
        if (compare_columns(&sorted[i - 1], &sorted[i]) == 0)
            code = ms_fail(err, MS_BAD_INPUT, "%s:1: two columns have the name %s; each needs its own", path,
                           ms_quote(sorted[i].name, sorted[i].length, quoted));
    free(sorted);
    return code;
}

/* Room for one column more, twice as much each time it runs out. */
static bool grow(struct table *table)
{
    int64_t capacity = table->capacity > 0 ? 2 * table->capacity : 16;
    struct column *columns;

    if (table->n_columns < table->capacity)
        return true;
    columns = realloc(table->columns, (size_t)capacity * sizeof *columns);
    if (columns == NULL)
        return false;
    table->columns = columns;
    table->capacity = capacity;
    return true;
}

static enum ms_code add_column(struct table *table, const struct ms_csv_cursor *cursor, size_t line,
                               struct ms_error *err)
{
    if (table->n_columns == MAX_COLUMNS)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu: there are more than %d columns", cursor->path, line,
                       MAX_COLUMNS);
    if (cursor->length == 0)
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s:%zu: column %lld has no name; name it, or leave it out if it only numbers the rows",
            cursor->path, line, (long long)cursor->column);
    if (!grow(table))
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for its columns", cursor->path);
    table->columns[table->n_columns] = (struct column){cursor->field, cursor->length};
    if (cursor->length == strlen(label_name) && memcmp(cursor->field, label_name, cursor->length) == 0)
        table->label = table->n_columns;
    table->n_columns++;
    return MS_OK;
}

static enum ms_code check_features(const char *path, const struct table *table, int32_t n_x,
                                   struct ms_error *err)
{
    int64_t features = table->n_columns - (table->label >= 0);
    const struct column *first = &table->columns[0];
    bool semicolons = table->n_columns == 1 && memchr(first->name, ';', first->length) != NULL;

    if (semicolons)
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s:1: fields are separated by semicolons; they must be by commas, with decimal points", path);
    if (features == n_x)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s:1: there %s %lld %s (columns other than label); there must be %d",
                   path, ms_plural(features, "is", "are"), (long long)features,
                   ms_plural(features, "feature", "features"), n_x);
}

static enum ms_code read_header(struct ms_csv_cursor *cursor, struct table *table, struct ms_error *err)
{
    size_t line;
    bool all_numbers = true;
    enum ms_code code;

    if (!ms_csv_next_line(cursor))
        return ms_fail(err, MS_BAD_INPUT, "%s: the file is empty; it must begin with a line of column names",
                       cursor->path);
    line = cursor->line;
    do {
        code = ms_csv_next_field(cursor, err);
        if (code == MS_OK)
            code = add_column(table, cursor, line, err);
        if (code != MS_OK)
            return code;
        all_numbers = all_numbers && is_number(cursor);
    } while (cursor->more);
    if (all_numbers)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s:%zu: numbers stand where the column names must, such as x1,x2,label", cursor->path,
                       line);
    return MS_OK;
}

/* ---- the rows ----------------------------------------------------------------------------------------- */

/* Room for the rows from the cursor on: one for each line that is long enough for its cells (numbers have no line ends
 * in them, empty lines may be many), and one that begins and is wrong. */
static int64_t count_rows(const struct ms_csv_cursor *cursor, const struct table *table)
{
    int64_t shortest = 2 * table->n_columns - 1; /* a byte a cell, and the commas between */
    int64_t rows = 1;

    for (const char *at = cursor->at; at < cursor->end;) {
        const char *newline = memchr(at, '\n', (size_t)(cursor->end - at));
        const char *end = newline != NULL ? newline : cursor->end;

        rows += end - at >= shortest;
        at = newline != NULL ? newline + 1 : end;
    }
    return rows;
}

static enum ms_code fail_cell(const struct ms_csv_cursor *cursor, size_t line, const struct table *table,
                              const char *fault, const char *right, struct ms_error *err)
{
    const struct column *column = &table->columns[cursor->column - 1];
    char name[MS_QUOTE_BYTES], quoted[MS_QUOTE_BYTES];

    return ms_fail(err, MS_BAD_INPUT, "%s:%zu: column %lld (%s): %s %s; it must be %s", cursor->path, line,
                   (long long)cursor->column, ms_quote(column->name, column->length, name),
                   cursor->length == 0 ? "the cell" : ms_quote(cursor->field, cursor->length, quoted), fault,
                   right);
}

/* Reads the line at the cursor into row `row` of data. */
static enum ms_code read_row(struct ms_csv_cursor *cursor, const struct table *table, struct ms_data *data,
                             int64_t row, struct ms_error *err)
{
    double *x = data->X + row * data->n_x;
    size_t line = cursor->line;
    bool more = true;

    for (int64_t i = 0; more && i < table->n_columns; i++) {
        bool is_label = i == table->label;
        enum ms_code code = ms_csv_next_field(cursor, err);
        const char *fault;
        double value = 0;

        if (code != MS_OK)
            return code;
        more = cursor->more;
        fault = ms_number_real(cursor->field, cursor->length, &value);
        if (fault != NULL)
            return fail_cell(cursor, line, table, fault, is_label ? "0 or 1" : "a number", err);
        if (is_label && value != 0 && value != 1)
            return fail_cell(cursor, line, table, "is no label", "0 or 1", err);
        if (is_label)
            data->y[row] = value == 1;
        else
            *x++ = value;
    }
    if (more || cursor->column < table->n_columns)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu: the row has %s fields than the header, which has %lld",
                       cursor->path, line, more ? "more" : "fewer", (long long)table->n_columns);
    return MS_OK;
}

static enum ms_code read_rows(struct ms_csv_cursor *cursor, const struct table *table, int32_t n_x,
                              struct ms_data *data, struct ms_error *err)
{
    struct ms_data made = {0};
    int64_t rows = 0;
    enum ms_code code = ms_data_alloc(&made, count_rows(cursor, table), n_x, err);

    if (code != MS_OK)
        return code;
    while (code == MS_OK && ms_csv_next_line(cursor))
        code = read_row(cursor, table, &made, rows++, err);
    if (code == MS_OK && rows == 0)
        code = ms_fail(err, MS_BAD_INPUT, "%s: there are no rows below the header", cursor->path);
    if (code != MS_OK) {
        ms_data_free(&made);
        return code;
    }
    made.rows = rows;
    *data = made;
    return MS_OK;
}

enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes, int32_t n_x, struct ms_data *data,
                          bool *labelled, struct ms_error *err)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t mark = bytes >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;
    struct ms_csv_cursor cursor = {.path = path, .at = text + mark, .end = text + bytes, .line = 1};
    struct table table = {.label = -1};
    enum ms_code code;

    if (ms_textfile_is_utf16(text, bytes))
        return ms_fail(err, MS_BAD_INPUT, "%s: the file is in UTF-16; save it as CSV in UTF-8", path);
    code = read_header(&cursor, &table, err);
    if (code == MS_OK)
        code = check_features(path, &table, n_x, err);
    if (code == MS_OK)
        code = check_names(path, &table, err);
    if (code == MS_OK)
        code = read_rows(&cursor, &table, n_x, data, err);
    if (code == MS_OK)
        *labelled = table.label >= 0;
    free(table.columns);
    return code;
}

enum ms_code ms_csv_read(const char *path, int32_t n_x, struct ms_data *data, bool *labelled,
                         struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = ms_csv_parse(path, text, bytes, n_x, data, labelled, err);
    free(text);
    return code;
}
