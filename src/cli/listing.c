#include "listing.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 32

/* ---- for people ------------------------------------------------------------------------------------------ */

/* Sets shown to the columns of the table for people; returns their number. */
static int table_columns(const struct ms_table *table, const struct column *shown[MAX_COLUMNS])
{
    int n = 0;

    for (int c = 0; c < column_count && n < MAX_COLUMNS; c++)
        if (columns[c].place == IN_TABLE ||
            (columns[c].place == IN_TABLE_IF_IT_VARIES && column_varies(&columns[c], table)))
            shown[n++] = &columns[c];
    return n;
}

static int column_width(const struct column *column, const struct ms_table *table, const int64_t *rows,
                        int64_t count)
{
    size_t width = strlen(column->heading);
    char text[COLUMN_TEXT_SIZE];

    for (int64_t i = 0; i < count; i++) {
        const size_t length = strlen(column_human_text(column, column_value(column, table, rows[i]), text));
        if (length > width)
            width = length;
    }
    return (int)width;
}

/* Writes one cell: text is left-aligned, numbers are right-aligned, with two spaces between cells and none at the
 * end. */
static void write_cell(FILE *file, const struct column *column, const char *text, int width, bool last)
{
    const bool left = column->source == FROM_ACTIVATION || column->source == FROM_STATUS;

    if (last && left)
        (void)fprintf(file, "%s\n", text);
    else
        (void)fprintf(file, "%*s%s", left ? -width : width, text, last ? "\n" : "  ");
}

static void write_table(FILE *file, const struct ms_table *table, const int64_t *rows, int64_t count)
{
    const struct column *shown[MAX_COLUMNS];
    const int n = table_columns(table, shown);
    char text[COLUMN_TEXT_SIZE];
    int width[MAX_COLUMNS];

    for (int c = 0; c < n; c++)
        width[c] = column_width(shown[c], table, rows, count);
    for (int c = 0; c < n; c++)
        write_cell(file, shown[c], shown[c]->heading, width[c], c == n - 1);
    for (int64_t i = 0; i < count; i++)
        for (int c = 0; c < n; c++) {
            const struct value value = column_value(shown[c], table, rows[i]);
            write_cell(file, shown[c], column_human_text(shown[c], value, text), width[c], c == n - 1);
        }
}

/* ---- for programs ---------------------------------------------------------------------------------------- */

/* No cell needs quotes: all are numbers or fixed words. */
static void write_csv(FILE *file, const struct ms_table *table, const int64_t *rows, int64_t count)
{
    char text[COLUMN_TEXT_SIZE];

    for (int c = 0; c < column_count; c++)
        (void)fprintf(file, "%s%s", c ? "," : "", columns[c].name);
    (void)fputc('\n', file);
    for (int64_t i = 0; i < count; i++) {
        for (int c = 0; c < column_count; c++)
            (void)fprintf(file, "%s%s", c ? "," : "",
                          column_exact_text(column_value(&columns[c], table, rows[i]), text));
        (void)fputc('\n', file);
    }
}

static void write_json_value(FILE *file, struct value value)
{
    char text[COLUMN_TEXT_SIZE];

    if (value.kind == VALUE_EMPTY || (value.kind == VALUE_REAL && !isfinite(value.real)))
        (void)fputs("null", file);
    else if (value.kind == VALUE_TEXT)
        (void)fprintf(file, "\"%s\"", value.text);
    else
        (void)fputs(column_exact_text(value, text), file);
}

static void write_json(FILE *file, const struct ms_table *table, const int64_t *rows, int64_t count)
{
    (void)fputc('[', file);
    for (int64_t i = 0; i < count; i++) {
        (void)fputs(i ? ",\n " : "\n ", file);
        for (int c = 0; c < column_count; c++) {
            (void)fprintf(file, "%s\"%s\": ", c ? ", " : "{", columns[c].name);
            write_json_value(file, column_value(&columns[c], table, rows[i]));
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
