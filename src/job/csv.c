#include "moonsweep/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_field.h"
#include "csv_header.h"
#include "moonsweep/float_environment.h"
#include "number.h"
#include "quote.h"
#include "textfile.h"

/* The file is read as a whole; larger data need a binary format. */
static const size_t largest_file = (size_t)2 * 1024 * 1024 * 1024 - 1;

/* The largest possible number of rows from the cursor on: one for each line that is long enough for the cells of a row
 * (cells have no line ends in them; there may be many empty lines), and one that begins and is invalid. */
static int64_t count_rows(const struct ms_csv_cursor *cursor, const struct ms_csv_header *header)
{
    /* A cell has at least one byte, except that skipped ones may be empty; and there are commas between them. */
    int64_t cells = header->n_columns - header->skipped;
    int64_t shortest = cells + header->n_columns - 1;
    int64_t rows = 1;

    for (const char *at = cursor->at; at < cursor->end;) {
        const char *newline = memchr(at, '\n', (size_t)(cursor->end - at));
        const char *end = newline != NULL ? newline : cursor->end;

        rows += end - at >= shortest;
        at = newline != NULL ? newline + 1 : end;
    }
    return rows;
}

/* right: what would be right. */
static enum ms_code fail_cell(const struct ms_csv_cursor *cursor, size_t line,
                              const struct ms_csv_column *column, const char *fault, const char *right,
                              struct ms_error *err)
{
    char name[MS_QUOTE_BYTES], quoted[MS_QUOTE_BYTES];

    return ms_fail(err, MS_BAD_INPUT, "%s:%zu: column %lld (%s): %s %s; it must be %s", cursor->path, line,
                   (long long)cursor->column, ms_quote(column->name, column->length, name),
                   cursor->length == 0 ? "the cell" : ms_quote(cursor->field, cursor->length, quoted), fault,
                   right);
}

/* Says that a value is not finite in float32, the only precision that holds fewer values than float64. */
static enum ms_code fail_large(const struct ms_csv_cursor *cursor, size_t line,
                               const struct ms_csv_column *column, struct ms_error *err)
{
    return fail_cell(cursor, line, column, "is too large for float32, the precision of the result",
                     "from -3.4e38 to 3.4e38", err);
}

/* Reads the cell at the cursor, which is in this line and column, into row `row` of data. */
static enum ms_code read_cell(const struct ms_csv_cursor *cursor, size_t line,
                              const struct ms_csv_column *column, enum ms_precision precision,
                              struct ms_data *data, int64_t row, struct ms_error *err)
{
    bool is_label = column->role == MS_CSV_LABEL;
    const char *fault;
    double value = 0;

    if (column->role == MS_CSV_SKIPPED)
        return memchr(cursor->field, '\n', cursor->length) == NULL
                   ? MS_OK
                   : fail_cell(cursor, line, column, "contains a line break", "on one line", err);
    fault = ms_number_real(cursor->field, cursor->length, &value);
    if (fault != NULL)
        return fail_cell(cursor, line, column, fault, is_label ? "0 or 1" : "a number", err);
    if (is_label && value != 0 && value != 1)
        return fail_cell(cursor, line, column, "is not a label", "0 or 1", err);
    if (!isfinite(ms_precision_round(precision, value)))
        return fail_large(cursor, line, column, err);
    if (is_label)
        data->y[row] = value == 1;
    else
        data->X[row * data->n_x + column->feature] = value;
    return MS_OK;
}

/* Reads the line at the cursor into row `row` of data. */
static enum ms_code read_row(struct ms_csv_cursor *cursor, const struct ms_csv_header *header,
                             enum ms_precision precision, struct ms_data *data, int64_t row,
                             struct ms_error *err)
{
    size_t line = cursor->line;
    bool more = true;

    for (int64_t i = 0; more && i < header->n_columns; i++) {
        enum ms_code code = ms_csv_next_field(cursor, err);

        if (code == MS_OK)
            code = read_cell(cursor, line, &header->columns[i], precision, data, row, err);
        if (code != MS_OK)
            return code;
        more = cursor->more;
    }
    if (more || cursor->column < header->n_columns)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu: the row has %s fields than the header, which has %lld",
                       cursor->path, line, more ? "more" : "fewer", (long long)header->n_columns);
    return MS_OK;
}

static enum ms_code read_rows(struct ms_csv_cursor *cursor, const struct ms_csv_header *header,
                              const struct ms_csv_wanted *wanted, struct ms_data *data, struct ms_error *err)
{
    struct ms_data made = {0};
    int64_t rows = 0;
    enum ms_code code = ms_data_alloc(&made, count_rows(cursor, header), wanted->n_x, err);

    if (code != MS_OK)
        return code;
    while (code == MS_OK && ms_csv_next_line(cursor))
        code = read_row(cursor, header, wanted->precision, &made, rows++, err);
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

enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes,
                          const struct ms_csv_wanted *wanted, struct ms_data *data, bool *labelled,
                          struct ms_error *err)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t mark = bytes >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;
    struct ms_csv_cursor cursor = {.path = path, .at = text + mark, .end = text + bytes, .line = 1};
    struct ms_csv_header header = {0};
    fenv_t found;
    enum ms_code code;

    code = ms_textfile_check_marks(path, text, bytes, err);
    if (code == MS_OK)
        code = ms_csv_header_read(&cursor, wanted, &header, err);
    found = ms_float_environment_enter();
    if (code == MS_OK)
        code = read_rows(&cursor, &header, wanted, data, err);
    ms_float_environment_leave(&found);
    if (code == MS_OK)
        *labelled = header.has_label;
    ms_csv_header_free(&header);
    return code;
}

enum ms_code ms_csv_read(const char *path, const struct ms_csv_wanted *wanted, struct ms_data *data,
                         bool *labelled, struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = ms_csv_parse(path, text, bytes, wanted, data, labelled, err);
    free(text);
    return code;
}
