/* The fields of a CSV file, one after another (RFC 4180, with blanks around fields dropped).
 *
 *     struct ms_csv_cursor cursor = {.path = path, .at = text, .end = text + bytes, .line = 1};
 *     while (ms_csv_next_line(&cursor)) {
 *         do
 *             ms_csv_next_field(&cursor, err);    // cursor.field, cursor.length
 *         while (cursor.more);
 *     }
 */
#ifndef MOONSWEEP_JOB_CSV_FIELD_H
#define MOONSWEEP_JOB_CSV_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

struct ms_csv_cursor {
    const char *path;
    const char *at, *end; /* what is not read yet */
    size_t line;          /* of at, counted from 1 */
    const char *field;    /* the last field, without its quotes; inside, "" still stands for \" */
    size_t length;
    bool is_quoted; /* it stood in quotes */
    int64_t column; /* its number in the line, counted from 1 */
    bool more;      /* another field follows in the line */
};

/* Goes to the next line that is not empty; false at the end of the file. */
bool ms_csv_next_line(struct ms_csv_cursor *cursor);

/* Reads the next field and, after the last of a line, goes past the line's end. Errors: MS_BAD_INPUT. */
enum ms_code ms_csv_next_field(struct ms_csv_cursor *cursor, struct ms_error *err);

#endif
