/* Reads the rows of a CSV file cell by cell into samples, which are allocated at once: the lines that are long
 * enough for a row are counted before. What is wrong with a cell is told only if its row is as wide as the
 * header; otherwise its values may be in the wrong columns.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_rows.h"

#include <math.h>
#include <string.h>

#include "moonsweep/quote.h"
#include "number.h"

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

/* Says that there are three labels, and where. */
static enum ms_code fail_third(const struct ms_csv_reading *reading, const struct ms_csv_column *column,
                               struct ms_error *err)
{
    const struct ms_label *all[] = {&reading->labels.values[0], &reading->labels.values[1],
                                    &reading->labels.third};
    char name[MS_QUOTE_BYTES], quoted[3][MS_QUOTE_BYTES];

    for (int i = 0; i < 3; i++)
        (void)ms_quote(all[i]->text, strlen(all[i]->text), quoted[i]);
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s:%zu: column %lld (%s): there are three labels: %s (line %zu), %s (line %zu) and %s (line %zu); "
        "there must be two",
        reading->cursor.path, all[2]->place, (long long)reading->cursor.column,
        ms_quote(column->name, column->length, name), quoted[0], all[0]->place, quoted[1], all[1]->place,
        quoted[2], all[2]->place);
}

static enum ms_code read_label(struct ms_csv_reading *reading, size_t line,
                               const struct ms_csv_column *column, uint8_t *y, struct ms_error *err)
{
    char right[MS_LABELS_DESCRIPTION] = "a number or a text";
    char unquoted[2 * MS_LABEL_BYTES]; /* in the file, each quote of a quoted label is doubled */
    const char *text = reading->cursor.field, *fault;
    size_t length = reading->cursor.length;

    if (length < sizeof unquoted) { /* longer ones are no labels */
        length = ms_csv_field_copy(&reading->cursor, unquoted);
        text = unquoted;
    }
    fault = ms_labels_find(&reading->labels, text, length, line, y);

    if (fault == NULL)
        return MS_OK;
    if (ms_labels_are_three(&reading->labels))
        return fail_third(reading, column, err);
    if (reading->labels.are_fixed)
        ms_labels_describe(&reading->labels, right);
    return fail_cell(&reading->cursor, line, column, fault, right, err);
}

/* Reads the cell at the cursor, which is in this line and column, into row `row` of data. */
static enum ms_code read_cell(struct ms_csv_reading *reading, size_t line, const struct ms_csv_column *column,
                              struct ms_data *data, int64_t row, struct ms_error *err)
{
    const struct ms_csv_cursor *cursor = &reading->cursor;
    const char *fault;
    double value = 0;

    if (column->role == MS_CSV_SKIPPED)
        return memchr(cursor->field, '\n', cursor->length) == NULL
                   ? MS_OK
                   : fail_cell(cursor, line, column, "contains a line break", "on one line", err);
    if (column->role == MS_CSV_LABEL)
        return read_label(reading, line, column, &data->y[row], err);
    fault = ms_number_real(cursor->field, cursor->length, &value);
    if (fault != NULL)
        return fail_cell(cursor, line, column, fault, "a number", err);
    if (!isfinite(ms_precision_round(reading->precision, value)))
        return fail_large(cursor, line, column, err);
    data->X[row * data->n_x + column->feature] = value;
    return MS_OK;
}

/* Says that the row has another number of fields than the header, unless it is right. */
static enum ms_code check_width(const struct ms_csv_reading *reading, size_t line, int64_t fields,
                                struct ms_error *err)
{
    const int64_t right = reading->header.n_columns;

    if (fields == right)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu: the row has %s fields than the %s, which has %lld",
                   reading->cursor.path, line, fields > right ? "more" : "fewer",
                   reading->header.is_absent ? "first line" : "header", (long long)right);
}

/* Returns the error of a cell in the row that begins at start, or another one if the row is of another width than the
 * header: then its values may be in the wrong columns. A line of one field may be no row at all, and its text says more. */
static enum ms_code explain_cell(const struct ms_csv_reading *reading, const struct ms_csv_cursor *start,
                                 enum ms_code code, struct ms_error *err)
{
    struct ms_csv_cursor cursor = *start;
    struct ms_error ignored;

    do {
        if (ms_csv_next_field(&cursor, &ignored) != MS_OK)
            return code;
    } while (cursor.more);
    if (cursor.column == 1)
        return code;
    return check_width(reading, start->line, cursor.column, err) != MS_OK ? MS_BAD_INPUT : code;
}

/* Reads the line at the cursor into row `row` of data. */
static enum ms_code read_row(struct ms_csv_reading *reading, struct ms_data *data, int64_t row,
                             struct ms_error *err)
{
    struct ms_csv_cursor *cursor = &reading->cursor;
    const struct ms_csv_cursor start = *cursor;
    const struct ms_csv_header *header = &reading->header;
    bool more = true;

    for (int64_t i = 0; more && i < header->n_columns; i++) {
        enum ms_code code = ms_csv_next_field(cursor, err);

        if (code != MS_OK)
            return code;
        code = read_cell(reading, start.line, &header->columns[i], data, row, err);
        if (code != MS_OK)
            return explain_cell(reading, &start, code, err);
        more = cursor->more;
    }
    return check_width(reading, start.line, cursor->column + more, err);
}

enum ms_code ms_csv_rows_read(struct ms_csv_reading *reading, int32_t n_x, struct ms_data *data,
                              struct ms_error *err)
{
    struct ms_data made = {0};
    /* Rows may be long: about as many cells are read between two looks as samples elsewhere. */
    const int64_t pause = 1 + MS_STOP_REQUEST_INTERVAL / reading->header.n_columns;
    int64_t rows = 0;
    enum ms_code code = ms_data_alloc(&made, count_rows(&reading->cursor, &reading->header), n_x, err);

    if (code != MS_OK)
        return code;
    while (code == MS_OK && ms_csv_next_line(&reading->cursor)) {
        if (rows % pause == 0 && ms_stop_request_at(reading->stop, 0))
            code = ms_stop_request_error(err, "reading the data");
        else
            code = read_row(reading, &made, rows++, err);
    }
    if (code == MS_OK && rows == 0)
        code = ms_fail(err, MS_BAD_INPUT, "%s: there are no rows below the header", reading->cursor.path);
    if (code != MS_OK) {
        ms_data_free(&made);
        return code;
    }
    made.rows = rows;
    *data = made;
    return MS_OK;
}
