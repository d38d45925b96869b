/* Chooses the columns of a listing, and writes cells as a table, CSV or JSON. The table is as wide as its
 * contents, so every cell is formatted twice: to find the widths, and to be written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "listing.h"

#include <string.h>

#include "moonsweep/printable.h"
#include "value_text.h"

/* ---- the columns ----------------------------------------------------------------------------------------- */

static bool is_shown(const struct column *column, enum listing_format format, const struct entries *entries)
{
    if (column->place == IF_SEVERAL_FILES)
        return entries->files > 1;
    if (column->place == ONLY_IF_CHOSEN)
        return false;
    if (column->place == OF_THE_DATA && format != LISTING_TABLE)
        return column_varies(column_find("dataset"), entries);
    if (format != LISTING_TABLE || column->place == IN_TABLE)
        return true;
    return (column->place == IN_TABLE_IF_IT_VARIES || column->place == OF_THE_DATA) &&
           column_varies(column, entries);
}

void listing_default_columns(enum listing_format format, const struct entries *entries,
                             struct listing_columns *shown)
{
    shown->n = 0;
    for (int c = 0; c < column_count && shown->n < LISTING_MAX_COLUMNS; c++)
        if (is_shown(&columns[c], format, entries))
            shown->list[shown->n++] = &columns[c];
}

/* ---- for people ------------------------------------------------------------------------------------------ */

/* The number of characters on a terminal. */
static int text_width(const char *text)
{
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static int column_width(const struct column *column, const struct entries *entries, const int64_t *rows,
                        int64_t count)
{
    int width = text_width(column->heading);
    char text[COLUMN_TEXT_SIZE];

    for (int64_t i = 0; i < count; i++) {
        const struct entry entry = entries_at(entries, rows[i]);
        const struct value value = column_value(column, &entry);
        const int wide = text_width(column_human_text(column, value, text));
        if (wide > width)
            width = wide;
    }
    return width;
}

/* Writes text with a question mark in place of each byte that a terminal could not show. */
static void write_printable(FILE *file, const char *text)
{
    size_t left = strlen(text), bytes;

    for (; left > 0; text += bytes, left -= bytes) {
        bytes = ms_printable_bytes(text, left);
        if (bytes > 0) {
            (void)fwrite(text, 1, bytes, file);
            continue;
        }
        (void)fputc('?', file);
        bytes = 1;
    }
}

/* Writes one cell: text is left-aligned, numbers are right-aligned, with two spaces between cells and none at the
 * end. */
static void write_cell(FILE *file, const struct column *column, const char *text, int width, bool last)
{
    const int padding = width - text_width(text);

    if (!column_is_text(column))
        (void)fprintf(file, "%*s", padding, "");
    write_printable(file, text);
    if (column_is_text(column) && !last)
        (void)fprintf(file, "%*s", padding, "");
    (void)fputs(last ? "\n" : "  ", file);
}

static void write_table(FILE *file, const struct listing_columns *shown, const struct entries *entries,
                        const int64_t *rows, int64_t count)
{
    char text[COLUMN_TEXT_SIZE];
    int width[LISTING_MAX_COLUMNS];

    for (int c = 0; c < shown->n; c++)
        width[c] = column_width(shown->list[c], entries, rows, count);
    for (int c = 0; c < shown->n; c++)
        write_cell(file, shown->list[c], shown->list[c]->heading, width[c], c == shown->n - 1);
    for (int64_t i = 0; i < count; i++) {
        const struct entry entry = entries_at(entries, rows[i]);

        for (int c = 0; c < shown->n; c++) {
            const struct value value = column_value(shown->list[c], &entry);

            write_cell(file, shown->list[c], column_human_text(shown->list[c], value, text), width[c],
                       c == shown->n - 1);
        }
    }
}

/* ---- for programs ---------------------------------------------------------------------------------------- */

static void write_csv(FILE *file, const struct listing_columns *shown, const struct entries *entries,
                      const int64_t *rows, int64_t count)
{
    for (int c = 0; c < shown->n; c++)
        (void)fprintf(file, "%s%s", c ? "," : "", shown->list[c]->name);
    (void)fputc('\n', file);
    for (int64_t i = 0; i < count; i++) {
        const struct entry entry = entries_at(entries, rows[i]);

        for (int c = 0; c < shown->n; c++) {
            if (c > 0)
                (void)fputc(',', file);
            value_write_csv(file, column_value(shown->list[c], &entry));
        }
        (void)fputc('\n', file);
    }
}

static void write_json(FILE *file, const struct listing_columns *shown, const struct entries *entries,
                       const int64_t *rows, int64_t count)
{
    (void)fputc('[', file);
    for (int64_t i = 0; i < count; i++) {
        const struct entry entry = entries_at(entries, rows[i]);

        (void)fputs(i ? ",\n " : "\n ", file);
        for (int c = 0; c < shown->n; c++) {
            (void)fputs(c ? ", \"" : "{\"", file);
            (void)fputs(shown->list[c]->name, file);
            (void)fputs("\": ", file);
            value_write_json(file, column_value(shown->list[c], &entry));
        }
        (void)fputc('}', file);
    }
    (void)fputs(count ? "\n]\n" : "]\n", file);
}

const char *const listing_names[LISTING_FORMAT_COUNT] = {
    [LISTING_TABLE] = "table",
    [LISTING_CSV] = "csv",
    [LISTING_JSON] = "json",
};

listing_writer *const listing_writers[LISTING_FORMAT_COUNT] = {
    [LISTING_TABLE] = write_table,
    [LISTING_CSV] = write_csv,
    [LISTING_JSON] = write_json,
};
