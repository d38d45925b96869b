/* Samples from a file of arrays, X (samples x features) and y (samples). This module does not know the format of such
 * files: a struct ms_array_reader reads them, as moonsweep/hdf5_arrays.h does for HDF5. What it found is checked and
 * becomes samples here, as the columns of a CSV file do in moonsweep/csv.h.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_ARRAYS_H
#define MOONSWEEP_ARRAYS_H

#include "moonsweep/csv.h"
#include "moonsweep/labels.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be read. */
struct ms_arrays_wanted {
    const char *X, *y;       /* the names of the arrays; y NULL: labels are not read */
    bool y_may_be_missing;   /* the file may have no such labels */
    struct ms_labels labels; /* fixed, if they are known */
};

/* What was read. */
struct ms_arrays {
    struct ms_data data;     /* owned; the labels are positions in labels, and 0 if there are none */
    bool has_labels;         /* y is not missing */
    struct ms_labels labels; /* those that were found */
    char *names; /* owned: the names of the n_x features, each with its NUL; NULL: they have none */
    size_t names_bytes;
};

struct ms_array_reader {
    /* Whether path is such a file, whatever its name is. */
    bool (*is_one)(const char *path);

    /* Reads the arrays; the caller frees them. There is at least one row and one feature; values need not be finite.
     * Errors: MS_NO_INPUT, MS_BAD_INPUT, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY, MS_WORK_LEFT if stop (may be
     * NULL) asked for an early end. */
    enum ms_code (*read)(const char *path, const struct ms_arrays_wanted *wanted,
                         const struct ms_stop_request *stop, struct ms_arrays *arrays, struct ms_error *err);
};

void ms_arrays_free(struct ms_arrays *arrays);

/* Makes samples to train on, as ms_csv_learn does; the label is named as the last part of wanted->y. Takes over the data
 * of arrays; the caller frees samples. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_arrays_learn(const char *path, const struct ms_arrays_wanted *wanted,
                             enum ms_precision precision, struct ms_arrays *arrays,
                             struct ms_csv_samples *samples, struct ms_error *err);

/* Makes samples with these features, in their order: features with names are found by them, others are in that order
 * already. Takes over the data of arrays; the caller frees data. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_arrays_match(const char *path, const struct ms_arrays_wanted *wanted,
                             const struct ms_csv_wanted *columns, struct ms_arrays *arrays,
                             struct ms_data *data, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
