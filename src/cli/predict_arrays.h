/* The samples of an HDF5 file that `moonsweep predict` reads.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PREDICT_ARRAYS_H
#define MOONSWEEP_CLI_PREDICT_ARRAYS_H

#include "moonsweep/csv.h"
#include "moonsweep/reader.h"

struct predict_arrays {
    const char *path; /* of the file */
    /* The paths of the datasets; NULL: X as in the stored job, and y, which may be missing, likewise if X is NULL, too */
    const char *X, *y;
};

/* Whether the file is an HDF5 file. */
bool predict_arrays_are(const char *path);

/* Reads the features that columns names; the caller frees data. info: of the result. *labelled is set to whether there
 * are labels. Errors: those of struct ms_array_reader and ms_arrays_match. */
enum ms_code predict_arrays_read(const struct predict_arrays *arrays, const struct ms_reader_info *info,
                                 const struct ms_csv_wanted *columns, struct ms_data *data, bool *labelled,
                                 struct ms_error *err);

#endif
