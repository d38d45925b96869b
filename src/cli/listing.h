/* Rows of configurations as text: an aligned table for people, CSV (RFC 4180, but lines end in LF) and JSON
 * for programs. Write errors stay in the stream's error flag, for whoever closes it.
 *
 *     listing_writers[LISTING_CSV](stdout, &table, rows, count);
 */
#ifndef MOONSWEEP_CLI_LISTING_H
#define MOONSWEEP_CLI_LISTING_H

#include <stdio.h>

#include "column.h"

enum listing_format { LISTING_TABLE, LISTING_CSV, LISTING_JSON, LISTING_FORMAT_COUNT };

/* Writes configurations rows[count] of table to file. */
typedef void listing_writer(FILE *file, const struct ms_table *table, const int64_t *rows, int64_t count);

/* "table", "csv", "json". */
extern const char *const listing_names[LISTING_FORMAT_COUNT];

/* The table rounds for people and has the columns that fit a terminal. CSV has every column and every digit;
 * a cell without a result yet is empty, `nan` and `inf` are results. JSON is an array with one object a
 * configuration; what is empty or not finite is null there. */
extern listing_writer *const listing_writers[LISTING_FORMAT_COUNT];

#endif
