/* Samples from CSV files: a header line that names the columns, then one line per sample.
 *
 *     const char *const features[] = {"x1", "x2"};
 *     const struct ms_csv_wanted wanted = {.n_x = 2, .features = features};
 *     struct ms_data data;
 *     bool labelled;
 *     if (ms_csv_read("points.csv", &wanted, &data, &labelled, err) == MS_OK) ... ms_data_free(&data);
 *
 * Columns are found by their names, in any order: each wanted feature, and optionally `label`, whose cells are 0 or 1.
 * The columns `set`, `probability` and `prediction`, which `moonsweep data` and `predict` write, are skipped, unless a
 * feature has that name. Names must be equal byte for byte, including upper and lower case. Numbers are spelled as in
 * job files (docs/jobs.md), in every locale. A byte order mark, CRLF or LF, quoted fields, blanks around a field, empty
 * lines and a last line without a newline are accepted. Rows with more or fewer fields than the header, empty cells,
 * text, NaN and infinities, numbers that are too large for the precision, other labels, and columns that are missing,
 * unknown, duplicate or without a name are refused, with line and column. */
#ifndef MOONSWEEP_CSV_H
#define MOONSWEEP_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/data.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The features that the file must have, in the order of data->X. */
struct ms_csv_wanted {
    int32_t n_x;
    const char *const *features; /* [n_x] their names, all different */
    enum ms_precision precision; /* in which every value must be finite; values are not rounded to it */
};

/* Reads path into data; the caller frees it. *labelled is set to whether there is a column `label`; without one,
 * data->y is all 0. Errors: MS_NO_INPUT, MS_BAD_INPUT, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_csv_read(const char *path, const struct ms_csv_wanted *wanted, struct ms_data *data,
                         bool *labelled, struct ms_error *err);

/* The same for text in memory; path is used only in messages. */
enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes,
                          const struct ms_csv_wanted *wanted, struct ms_data *data, bool *labelled,
                          struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
