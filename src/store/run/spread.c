/* Divides the rows into spans, and each span into stretches of consecutive rows. A span of several stretches is read,
 * its stretches are replaced, and it is written as a whole.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "spread.h"

#include <stdlib.h>
#include <string.h>

/* What is written. */
struct spread {
    const struct ms_writer *writer;
    enum ms_variable variable;
    size_t width; /* bytes of a row */
    const int64_t *rows;
    const unsigned char *values;
};

/* Returns the end of the stretch that begins at position `first` of count rows. */
static int64_t stretch_end(const struct spread *spread, int64_t first, int64_t count)
{
    int64_t end = first + 1;

    while (end < count && spread->rows[end] == spread->rows[end - 1] + 1)
        end++;
    return end;
}

/* Whether the row at position `next` is written together with those from position `first` on. */
static bool is_close(const struct spread *spread, int64_t first, int64_t next)
{
    const int64_t gap = spread->rows[next] - spread->rows[next - 1] - 1;
    const int64_t all = spread->rows[next] - spread->rows[first] + 1;

    return ms_spread_is_close(spread->writer, spread->width, gap) &&
           all <= (int64_t)(MS_SPREAD_BYTES / spread->width);
}

/* Returns the end of the span that begins at position `first`. */
static int64_t span_end(const struct spread *spread, int64_t first, int64_t count)
{
    int64_t end = stretch_end(spread, first, count);

    while (end < count && is_close(spread, first, end))
        end++;
    return end;
}

/* Writes the rows at positions first .. end - 1 with those between them. */
static enum ms_code write_span(const struct spread *spread, int64_t first, int64_t end, struct ms_error *err)
{
    const struct ms_file *file = &spread->writer->file;
    const int64_t from = spread->rows[first], rows = spread->rows[end - 1] - from + 1;
    unsigned char *span = malloc((size_t)rows * spread->width);
    enum ms_code code;

    if (span == NULL)
        return ms_fail_memory(err, file->path, "to write rows that are close to each other");
    code = ms_file_read(file, spread->variable, from, rows, span, err);
    for (int64_t i = first; i < end; i++)
        memcpy(span + (size_t)(spread->rows[i] - from) * spread->width,
               spread->values + (size_t)i * spread->width, spread->width);
    if (code == MS_OK)
        code = ms_file_write(file, spread->variable, from, rows, span, err);
    free(span);
    return code;
}

enum ms_code ms_spread_write(const struct ms_writer *writer, enum ms_variable variable, int64_t count,
                             const int64_t *rows, const void *values, struct ms_error *err)
{
    const struct spread spread = {.writer = writer,
                                  .variable = variable,
                                  .width = ms_schema_row_bytes(&writer->file.shape, variable),
                                  .rows = rows,
                                  .values = values};
    enum ms_code code = MS_OK;

    for (int64_t i = 0, end; code == MS_OK && i < count; i = end) {
        end = span_end(&spread, i, count);
        code = end == stretch_end(&spread, i, count)
                   ? ms_file_write(&writer->file, variable, rows[i], end - i,
                                   spread.values + (size_t)i * spread.width, err)
                   : write_span(&spread, i, end, err);
    }
    return code;
}
