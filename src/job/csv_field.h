/* Reads the fields of a CSV file one after another (RFC 4180; blanks around fields are ignored).
 *
 *     struct ms_csv_cursor cursor = {.path = path, .at = text, .end = text + bytes, .line = 1};
 *     while (ms_csv_next_line(&cursor)) {
 *         do
 *             ms_csv_next_field(&cursor, err);    // cursor.field, cursor.length
 *         while (cursor.more);
 *     }
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_CSV_FIELD_H
#define MOONSWEEP_JOB_CSV_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

struct ms_csv_cursor {
    const char *path;
    const char *at, *end; /* the text that has not been read yet */
    size_t line;          /* of `at`, counted from 1 */
    const char *field;    /* the last field, without its quotes; "" inside it is not yet replaced by \" */
    size_t length;
    bool is_quoted; /* the field was quoted */
    int64_t column; /* the number of the field in the line, counted from 1 */
    bool more;      /* another field follows on the line */
};

/* Moves to the next line that is not empty; returns false at the end of the file. */
bool ms_csv_next_line(struct ms_csv_cursor *cursor);

/* Reads the next field; after the last one of a line, also moves past the line end. Errors: MS_BAD_INPUT. */
enum ms_code ms_csv_next_field(struct ms_csv_cursor *cursor, struct ms_error *err);

/* Copies the last field to `to`, which has space for cursor->length bytes, and returns how many it has then: if the
 * field is quoted, each "" is replaced by one quote. */
size_t ms_csv_field_copy(const struct ms_csv_cursor *cursor, char *to);

#endif
