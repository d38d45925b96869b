/* Rows of configurations as text: an aligned table for people, CSV (RFC 4180, but lines end in LF) and JSON
 * for programs. Write errors are left in the stream's error flag, which the caller checks.
 *
 *     listing_default_columns(LISTING_CSV, &entries, &shown);
 *     listing_writers[LISTING_CSV](stdout, &shown, &entries, rows, count);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_LISTING_H
#define MOONSWEEP_CLI_LISTING_H

#include <stdio.h>

#include "column.h"

enum listing_format { LISTING_TABLE, LISTING_CSV, LISTING_JSON, LISTING_FORMAT_COUNT };

#define LISTING_MAX_COLUMNS 64

/* The columns to write, from left to right. */
struct listing_columns {
    int n;
    const struct column *list[LISTING_MAX_COLUMNS];
};

/* Sets shown to the columns of a listing for which none were chosen. */
void listing_default_columns(enum listing_format format, const struct entries *entries,
                             struct listing_columns *shown);

/* Writes these columns of entries rows[count] to file. */
typedef void listing_writer(FILE *file, const struct listing_columns *shown, const struct entries *entries,
                            const int64_t *rows, int64_t count);

/* "table", "csv", "json". */
extern const char *const listing_names[LISTING_FORMAT_COUNT];

/* The table has rounded numbers, and by default the columns that fit on a terminal. CSV has every digit; a cell
 * without a result is empty, and `nan` and `inf` are results. JSON is an array with one object per configuration, in
 * which empty and non-finite values are null. */
extern listing_writer *const listing_writers[LISTING_FORMAT_COUNT];

#endif
