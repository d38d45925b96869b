/* Divides the text of a CSV file into fields, of which none is copied: the cursor points into the text, and
 * the doubled quotes of a quoted field are replaced only by ms_csv_field_copy. The number of the line is that
 * of the next unread byte, which a line end within quotes raises as well.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_field.h"

#include "moonsweep/quote.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The length of the line end at the cursor; 0: there is none. */
static size_t line_end(const struct ms_csv_cursor *cursor)
{
    if (cursor->at < cursor->end && cursor->at[0] == '\n')
        return 1;
    return cursor->end - cursor->at >= 2 && cursor->at[0] == '\r' && cursor->at[1] == '\n' ? 2 : 0;
}

static void skip_blanks(struct ms_csv_cursor *cursor)
{
    while (cursor->at < cursor->end && is_blank(*cursor->at))
        cursor->at++;
}

bool ms_csv_next_line(struct ms_csv_cursor *cursor)
{
    while (cursor->at < cursor->end) {
        const char *start = cursor->at;
        size_t length;

        skip_blanks(cursor);
        length = line_end(cursor);
        if (length == 0 && cursor->at < cursor->end) {
            cursor->at = start;
            cursor->column = 0;
            return true;
        }
        cursor->at += length;
        cursor->line++;
    }
    return false;
}

/* Reads a quoted field. The cursor is after the opening quote before, and after the closing quote afterwards. */
static enum ms_code read_quoted(struct ms_csv_cursor *cursor, struct ms_error *err)
{
    size_t first_line = cursor->line;

    cursor->field = cursor->at;
    for (; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '\n')
            cursor->line++;
        if (*cursor->at != '"')
            continue;
        if (cursor->end - cursor->at < 2 || cursor->at[1] != '"') {
            cursor->length = (size_t)(cursor->at++ - cursor->field);
            return MS_OK;
        }
        cursor->at++; /* the first of two, which mean one quote */
    }
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu: column %lld: the opening quote has no closing quote",
                   cursor->path, first_line, (long long)cursor->column);
}

static enum ms_code read_plain(struct ms_csv_cursor *cursor, struct ms_error *err)
{
    cursor->field = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != ',' && line_end(cursor) == 0) {
        if (*cursor->at == '\r')
            return ms_fail(
                err, MS_BAD_INPUT,
                "%s:%zu: column %lld: carriage return without line feed; lines must end in LF or CRLF",
                cursor->path, cursor->line, (long long)cursor->column);
        cursor->at++;
    }
    cursor->length = (size_t)(cursor->at - cursor->field);
    while (cursor->length > 0 && is_blank(cursor->field[cursor->length - 1]))
        cursor->length--;
    return MS_OK;
}

enum ms_code ms_csv_next_field(struct ms_csv_cursor *cursor, struct ms_error *err)
{
    enum ms_code code;
    size_t length;

    cursor->column++;
    skip_blanks(cursor);
    cursor->is_quoted = cursor->at < cursor->end && *cursor->at == '"';
    if (cursor->is_quoted) {
        cursor->at++;
        code = read_quoted(cursor, err);
        skip_blanks(cursor);
    } else {
        code = read_plain(cursor, err);
    }
    if (code != MS_OK)
        return code;
    length = line_end(cursor);
    cursor->more = cursor->at < cursor->end && *cursor->at == ',';
    if (cursor->more) {
        cursor->at++;
    } else if (length > 0) {
        cursor->at += length;
        cursor->line++;
    } else if (cursor->at < cursor->end) {
        char quoted[MS_QUOTE_BYTES];

        return ms_fail(
            err, MS_BAD_INPUT,
            "%s:%zu: column %lld: %s follows a closing quote; only a comma or a line end may follow it",
            cursor->path, cursor->line, (long long)cursor->column, ms_quote(cursor->at, 1, quoted));
    }
    return MS_OK;
}

size_t ms_csv_field_copy(const struct ms_csv_cursor *cursor, char *to)
{
    size_t used = 0;

    for (size_t i = 0; i < cursor->length; i++) {
        to[used++] = cursor->field[i];
        i += cursor->is_quoted && cursor->field[i] == '"';
    }
    return used;
}
