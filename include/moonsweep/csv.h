/* Samples from CSV files: a header line that names the columns, then one line per sample.
 *
 *     const char *const features[] = {"x1", "x2"};
 *     const struct ms_csv_wanted wanted = {.n_x = 2, .features = features};
 *     struct ms_data data;
 *     bool labelled;
 *     if (ms_csv_read("points.csv", &wanted, &data, &labelled, err) == MS_OK) ... ms_data_free(&data);
 *
 * Columns are found by their names, in any order: each wanted feature, and optionally the label, whose cells are 0 or 1.
 * The columns `set`, `probability` and `prediction`, which `moonsweep data` and `predict` write, are skipped, unless a
 * feature has that name. Names must be equal byte for byte, including upper and lower case. Numbers are spelled as in
 * job files (docs/jobs.md), in every locale. A byte order mark, CRLF or LF, quoted fields, blanks around a field, empty
 * lines and a last line without a newline are accepted. Rows with more or fewer fields than the header, empty cells,
 * text, NaN and infinities, numbers that are too large for the precision, other labels, and columns that are missing,
 * unknown, duplicate or without a name are refused, with line and column.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CSV_H
#define MOONSWEEP_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/data.h"
#include "moonsweep/network.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The features that the file must have, in the order of data->X. */
struct ms_csv_wanted {
    int32_t n_x;
    const char *const *features;     /* [n_x] their names, all different */
    enum ms_precision precision;     /* in which every value must be finite; values are not rounded to it */
    const char *label;               /* the name of the column of labels; NULL: `label` */
    const char *const *label_values; /* [2] the values of the labels 0 and 1; NULL: 0 and 1 */
    bool may_lack_header; /* the columns may be the features in their order, and then the label, if known */
    const struct ms_stop_request *stop; /* NULL: none */
};

/* Reads path into data; the caller frees it. *labelled is set to whether there is a column `label`; without one,
 * data->y is all 0. Errors: MS_NO_INPUT, MS_BAD_INPUT, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY, MS_WORK_LEFT if stop
 * asked for an early end. */
enum ms_code ms_csv_read(const char *path, const struct ms_csv_wanted *wanted, struct ms_data *data,
                         bool *labelled, struct ms_error *err);

/* The same for text in memory; path is used only in messages. */
enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes,
                          const struct ms_csv_wanted *wanted, struct ms_data *data, bool *labelled,
                          struct ms_error *err);

/* Samples with the names of their columns. */
struct ms_csv_samples {
    struct ms_data data;   /* owned */
    struct ms_names names; /* owned */
    bool has_header;       /* otherwise the names are x1, x2, ... and label */
};

/* Reads a file to train on, whose columns are not known before; the caller frees samples. The labels are in the column
 * named `label`, or in the last one if that is NULL; every other column is a feature. If all cells of the first line but
 * the last are numbers and `label` is NULL, there is no header. There must be two labels, numbers or texts, of which
 * the smaller number, or the text that comes first in the order of bytes, becomes 0. Errors: as above. */
enum ms_code ms_csv_learn(const char *path, const char *label, enum ms_precision precision,
                          const struct ms_stop_request *stop, struct ms_csv_samples *samples,
                          struct ms_error *err);

/* The same for text in memory. */
enum ms_code ms_csv_learn_text(const char *path, const char *text, size_t bytes, const char *label,
                               enum ms_precision precision, struct ms_csv_samples *samples,
                               struct ms_error *err);

void ms_csv_samples_free(struct ms_csv_samples *samples);

#ifdef __cplusplus
}
#endif

#endif
