/* Reads the text of a CSV file cell by cell into samples, which are allocated at once: the lines that are
 * long enough for a row are counted before. Files to train on and files for known features differ in how the
 * header is read, and in whether the labels are fixed before or found in the rows.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_field.h"
#include "csv_header.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/labels.h"
#include "moonsweep/quote.h"
#include "number.h"
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

/* A file that is being read. */
struct reading {
    struct ms_csv_cursor cursor;
    struct ms_csv_header header;
    struct ms_labels labels;
    enum ms_precision precision;
    const struct ms_stop_request *stop;
};

/* Says that there are three labels, and where. */
static enum ms_code fail_third(const struct reading *reading, const struct ms_csv_column *column,
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

static enum ms_code read_label(struct reading *reading, size_t line, const struct ms_csv_column *column,
                               uint8_t *y, struct ms_error *err)
{
    char right[MS_LABELS_DESCRIPTION] = "a number or a text", unquoted[MS_LABEL_BYTES];
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
static enum ms_code read_cell(struct reading *reading, size_t line, const struct ms_csv_column *column,
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
static enum ms_code check_width(const struct reading *reading, size_t line, int64_t fields,
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
static enum ms_code explain_cell(const struct reading *reading, const struct ms_csv_cursor *start,
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
static enum ms_code read_row(struct reading *reading, struct ms_data *data, int64_t row, struct ms_error *err)
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

static enum ms_code read_rows(struct reading *reading, int32_t n_x, struct ms_data *data,
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

/* Begins to read a text. */
static enum ms_code begin(struct reading *reading, const char *path, const char *text, size_t bytes,
                          enum ms_precision precision, struct ms_error *err)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t mark = bytes >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;

    *reading = (struct reading){.cursor = {.path = path, .at = text + mark, .end = text + bytes, .line = 1},
                                .precision = precision};
    return ms_textfile_check_start(path, text, bytes, err);
}

enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes,
                          const struct ms_csv_wanted *wanted, struct ms_data *data, bool *labelled,
                          struct ms_error *err)
{
    static const char *const zero_and_one[] = {"0", "1"};
    const fenv_t found = ms_float_environment_enter();
    struct reading reading;
    enum ms_code code = begin(&reading, path, text, bytes, wanted->precision, err);

    reading.stop = wanted->stop;
    ms_labels_fix(&reading.labels, wanted->label_values != NULL ? wanted->label_values : zero_and_one);
    if (code == MS_OK)
        code = ms_csv_header_read(&reading.cursor, wanted, &reading.header, err);
    if (code == MS_OK)
        code = read_rows(&reading, wanted->n_x, data, err);
    ms_float_environment_leave(&found);
    if (code == MS_OK)
        *labelled = reading.header.has_label;
    ms_csv_header_free(&reading.header);
    return code;
}

/* ---- files to train on ------------------------------------------------------------------------------------ */

static enum ms_code copy_names(const struct ms_csv_header *header, const char *const label_values[2],
                               struct ms_names *names, struct ms_error *err)
{
    const char **features = malloc((size_t)header->n_columns * sizeof(char *));
    const char *label = NULL;
    enum ms_code code;

    if (features == NULL)
        return ms_fail_memory(err, NULL, "for the names of the columns");
    for (int64_t i = 0; i < header->n_columns; i++)
        if (header->columns[i].role == MS_CSV_LABEL)
            label = header->columns[i].name;
        else
            features[header->columns[i].feature] = header->columns[i].name;
    code = ms_names_make(names, label, label_values, (int32_t)header->n_columns - 1, features, err);
    free(features);
    return code;
}

static enum ms_code learn_text(const char *path, const char *text, size_t bytes, const char *label,
                               enum ms_precision precision, const struct ms_stop_request *stop,
                               struct ms_csv_samples *samples, struct ms_error *err)
{
    const fenv_t found = ms_float_environment_enter();
    struct ms_csv_samples made = {0};
    struct reading reading;
    const char *label_values[2];
    enum ms_code code = begin(&reading, path, text, bytes, precision, err);

    reading.stop = stop;
    if (code == MS_OK)
        code = ms_csv_header_learn(&reading.cursor, label, &reading.header, err);
    if (code == MS_OK)
        code = read_rows(&reading, (int32_t)reading.header.n_columns - 1, &made.data, err);
    if (code == MS_OK)
        code = ms_labels_order(path, &reading.labels, &made.data, label_values, err);
    if (code == MS_OK)
        code = copy_names(&reading.header, label_values, &made.names, err);
    ms_float_environment_leave(&found);
    made.has_header = !reading.header.is_absent;
    ms_csv_header_free(&reading.header);
    if (code == MS_OK)
        *samples = made;
    else
        ms_csv_samples_free(&made);
    return code;
}

enum ms_code ms_csv_learn_text(const char *path, const char *text, size_t bytes, const char *label,
                               enum ms_precision precision, struct ms_csv_samples *samples,
                               struct ms_error *err)
{
    return learn_text(path, text, bytes, label, precision, NULL, samples, err);
}

void ms_csv_samples_free(struct ms_csv_samples *samples)
{
    ms_data_free(&samples->data);
    ms_names_free(&samples->names);
}

/* ---- files ---------------------------------------------------------------------------------------------- */

enum ms_code ms_csv_read(const char *path, const struct ms_csv_wanted *wanted, struct ms_data *data,
                         bool *labelled, struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, wanted->stop, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = ms_csv_parse(path, text, bytes, wanted, data, labelled, err);
    free(text);
    return code;
}

enum ms_code ms_csv_learn(const char *path, const char *label, enum ms_precision precision,
                          const struct ms_stop_request *stop, struct ms_csv_samples *samples,
                          struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, stop, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = learn_text(path, text, bytes, label, precision, stop, samples, err);
    free(text);
    return code;
}
