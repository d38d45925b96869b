/* The rows of a CSV file, below its header.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_CSV_ROWS_H
#define MOONSWEEP_JOB_CSV_ROWS_H

#include "csv_field.h"
#include "csv_header.h"
#include "moonsweep/labels.h"
#include "moonsweep/stop_request.h"

/* A file that is being read. */
struct ms_csv_reading {
    struct ms_csv_cursor cursor;
    struct ms_csv_header header;
    struct ms_labels labels;     /* fixed before, or found in the rows */
    enum ms_precision precision; /* in which every value must be finite */
    const struct ms_stop_request *stop;
};

/* Reads all rows from the cursor on, which is below the header, into samples of n_x features; the caller frees data.
 * Errors: MS_BAD_INPUT, MS_NO_MEMORY, MS_WORK_LEFT if stop asked for an early end. */
enum ms_code ms_csv_rows_read(struct ms_csv_reading *reading, int32_t n_x, struct ms_data *data,
                              struct ms_error *err);

#endif
