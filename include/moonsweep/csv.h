/* Samples from CSV files: a header line that names the columns, then a line a sample.
 *
 *     struct ms_data data;
 *     bool labelled;
 *     if (ms_csv_read("points.csv", 2, &data, &labelled, err) == MS_OK) ... ms_data_free(&data);
 *
 * The column `label`, wherever it stands, holds the labels, 0 or 1; every other column is a feature, in the
 * file's order. Numbers are spelled as in job files (docs/jobs.md) in every locale. Taken are a byte order
 * mark, CRLF or LF, quoted fields, blanks around a field, empty lines, a last line without newline. Refused,
 * naming line and column, are rows with more or fewer fields than the header, empty cells, text, NaN and
 * infinities, other labels, columns without a name or with the same one. */
#ifndef MOONSWEEP_CSV_H
#define MOONSWEEP_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/data.h"

/* Reads path into data (the caller frees it). n_x: the features there must be. *labelled says whether there
 * was a column `label`; without it data->y is all 0. Errors: MS_NO_INPUT, MS_BAD_INPUT, MS_NO_PERMISSION,
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_csv_read(const char *path, int32_t n_x, struct ms_data *data, bool *labelled,
                         struct ms_error *err);

/* The same for text in memory; path only names it in messages. */
enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes, int32_t n_x, struct ms_data *data,
                          bool *labelled, struct ms_error *err);

#endif
