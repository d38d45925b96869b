/* The header of a CSV file: the roles of its columns.
 *
 *     struct ms_csv_header header;
 *     if (ms_csv_header_read(&cursor, wanted, &header, err) == MS_OK) ...    // header.columns[i].role
 *     ms_csv_header_free(&header);                                           // also after an error
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_CSV_HEADER_H
#define MOONSWEEP_JOB_CSV_HEADER_H

#include "csv_field.h"
#include "moonsweep/csv.h"

enum ms_csv_role {
    MS_CSV_UNKNOWN, /* only while the header is being read */
    MS_CSV_FEATURE,
    MS_CSV_LABEL,
    MS_CSV_SKIPPED /* its cells are ignored */
};

struct ms_csv_column {
    char *name; /* owned; NUL-terminated, but may contain NUL bytes itself */
    size_t length;
    enum ms_csv_role role;
    int32_t feature; /* index of the feature, for MS_CSV_FEATURE */
};

struct ms_csv_header {
    size_t line;
    struct ms_csv_column *columns; /* owned */
    int64_t n_columns, capacity;
    int64_t skipped; /* number of columns that are skipped */
    bool has_label;
    bool is_absent; /* the first line has samples already */
};

/* Reads the first line that is not empty (of a file without a header, if wanted allows that: looks at it), where the
 * cursor must be at the beginning of the text, and moves the cursor past it. header->columns then has every feature of
 * wanted once, at most one label, and columns to skip. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_csv_header_read(struct ms_csv_cursor *cursor, const struct ms_csv_wanted *wanted,
                                struct ms_csv_header *header, struct ms_error *err);

/* The same for a file whose columns are not known before: the label is the column of this name, or the last one if it is
 * NULL, and every other column is a feature. If all cells of the first line but the last are numbers, the file has no
 * header: the features are then x1, x2, ... and the column of labels is `label`. */
enum ms_code ms_csv_header_learn(struct ms_csv_cursor *cursor, const char *label,
                                 struct ms_csv_header *header, struct ms_error *err);

void ms_csv_header_free(struct ms_csv_header *header);

#endif
