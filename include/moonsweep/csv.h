/* Samples from and to CSV files: a header line with the features' names and, where there are labels, `label`.
 *
 * Reading takes a byte order mark, CRLF or LF, quoted fields, a last line without newline; it refuses ragged
 * rows, empty cells, text, NaN and infinities, labels other than 0 and 1, naming line and column. */
#ifndef MOONSWEEP_CSV_H
#define MOONSWEEP_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/data.h"

/* Reads path into data (the caller frees it). n_x: the features there must be. *labelled says whether there
 * was a column `label` (anywhere); without it data->y is all 0. Errors: MS_NO_INPUT, MS_BAD_INPUT,
 * MS_NO_PERMISSION, MS_NO_MEMORY. */
enum ms_code ms_csv_read(const char *path, int32_t n_x, struct ms_data *data, bool *labelled,
                         struct ms_error *err);

#endif
