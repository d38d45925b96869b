/* Reads the names of columns before their roles are known, and lists names in messages. A line that has
 * another separator and no comma is one long name, about which any error would mislead; then the separator is
 * reported instead.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_separator.h"
#include "moonsweep/quote.h"
#include "number.h"

/* More columns, and longer names, than any table of samples has; this detects files of another kind. */
enum { MAX_COLUMNS = 100000, MAX_NAME_BYTES = 4000 };

/* ---- reading them --------------------------------------------------------------------------------------- */

/* Returns a copy of the field at the cursor. */
static char *copy_field(const struct ms_csv_cursor *cursor, size_t *length)
{
    char *name = malloc(cursor->length + 1);

    if (name == NULL)
        return NULL;
    *length = ms_csv_field_copy(cursor, name);
    name[*length] = '\0';
    return name;
}

/* Makes space for one more column, twice as much as before each time it is used up. */
static bool grow(struct ms_csv_header *header)
{
    int64_t capacity = header->capacity > 0 ? 2 * header->capacity : 16;
    struct ms_csv_column *columns;

    if (header->n_columns < header->capacity)
        return true;
    columns = realloc(header->columns, (size_t)capacity * sizeof *columns);
    if (columns == NULL)
        return false;
    header->columns = columns;
    header->capacity = capacity;
    return true;
}

static enum ms_code add_column(struct ms_csv_header *header, const struct ms_csv_cursor *cursor,
                               struct ms_error *err)
{
    struct ms_csv_column column = {.role = MS_CSV_UNKNOWN};
    char quoted[MS_QUOTE_BYTES];

    if (header->n_columns == MAX_COLUMNS)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu: there are more than %d columns", cursor->path,
                       header->line, MAX_COLUMNS);
    if (cursor->length == 0)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s:%zu: column %lld has no name; name it, or remove it if it only numbers the rows",
                       cursor->path, header->line, (long long)cursor->column);
    if (cursor->length > MAX_NAME_BYTES)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s:%zu: the name of column %lld, %s, has %zu bytes; it may have at most %d",
                       cursor->path, header->line, (long long)cursor->column,
                       ms_quote(cursor->field, cursor->length, quoted), cursor->length, MAX_NAME_BYTES);
    if (grow(header))
        column.name = copy_field(cursor, &column.length);
    if (column.name == NULL)
        return ms_fail_memory(err, cursor->path, "for its columns");
    header->columns[header->n_columns++] = column;
    return MS_OK;
}

static enum ms_code read_names(struct ms_csv_cursor *cursor, struct ms_csv_header *header,
                               struct ms_error *err)
{
    enum ms_code code = MS_OK;

    do {
        code = ms_csv_next_field(cursor, err);
        if (code == MS_OK)
            code = add_column(header, cursor, err);
    } while (code == MS_OK && cursor->more);
    return code;
}

enum ms_code ms_csv_names_explain(enum ms_code code, const struct ms_csv_cursor *start,
                                  const struct ms_csv_header *header, struct ms_error *err)
{
    /* If the separator is another character, that is the cause of the error found so far. */
    const char *other = code == MS_BAD_INPUT ? ms_csv_separator_other(start->at, start->end) : NULL;

    if (other == NULL)
        return code;
    return ms_fail(err, code, "%s:%zu: columns must be separated by commas; line %zu has %s", start->path,
                   header->line, header->line, other);
}

enum ms_code ms_csv_names_read(struct ms_csv_cursor *cursor, struct ms_csv_header *header,
                               struct ms_csv_cursor *start, struct ms_error *err)
{
    *header = (struct ms_csv_header){0};
    if (!ms_csv_next_line(cursor))
        return ms_fail(err, MS_BAD_INPUT, "%s: the file is empty; it must begin with a line of column names",
                       cursor->path);
    header->line = cursor->line;
    *start = *cursor;
    return ms_csv_names_explain(read_names(cursor, header, err), start, header, err);
}

bool ms_csv_names_are_numbers(const struct ms_csv_header *header, int64_t count)
{
    double value;

    for (int64_t i = 0; i < count; i++)
        if (ms_number_real(header->columns[i].name, header->columns[i].length, &value) != NULL)
            return false;
    return true;
}

/* ---- showing them ---------------------------------------------------------------------------------------- */

enum { LIST_ENDING_BYTES = sizeof ", and 9223372036854775807 more" };

void ms_csv_list_add(struct ms_csv_list *list, const char *name, size_t length)
{
    char quoted[MS_QUOTE_BYTES];
    const char *comma = list->used > 0 ? ", " : "";

    (void)ms_quote(name, length, quoted);
    if (list->left_out > 0 ||
        list->used + strlen(comma) + strlen(quoted) + LIST_ENDING_BYTES > sizeof list->text) {
        list->left_out++;
        return;
    }
    list->used += (size_t)snprintf(list->text + list->used, sizeof list->text - list->used, "%s%s", comma,
                                   quoted);
}

const char *ms_csv_list_end(struct ms_csv_list *list)
{
    if (list->left_out > 0)
        (void)snprintf(list->text + list->used, sizeof list->text - list->used, ", and %lld more",
                       (long long)list->left_out);
    return list->text;
}
