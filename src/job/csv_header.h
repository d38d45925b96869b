/* The header of a CSV file: which of its columns holds what.
 *
 *     struct ms_csv_header header;
 *     if (ms_csv_header_read(&cursor, wanted, &header, err) == MS_OK) ...    // header.columns[i].role
 *     ms_csv_header_free(&header);                                           // also after an error
 */
#ifndef MOONSWEEP_JOB_CSV_HEADER_H
#define MOONSWEEP_JOB_CSV_HEADER_H

#include "csv_field.h"
#include "moonsweep/csv.h"

enum ms_csv_role {
    MS_CSV_UNKNOWN, /* of no column once the header has been read */
    MS_CSV_FEATURE,
    MS_CSV_LABEL,
    MS_CSV_SKIPPED /* its cells are not looked at */
};

struct ms_csv_column {
    char *name; /* owned; terminated, but may hold NUL bytes itself */
    size_t length;
    enum ms_csv_role role;
    int32_t feature; /* which one, for MS_CSV_FEATURE */
};

struct ms_csv_header {
    size_t line;
    struct ms_csv_column *columns; /* owned */
    int64_t n_columns, capacity;
    int64_t skipped; /* how many of them */
    bool has_label;
};

/* Reads the line at the cursor, which must be at the beginning of the text, and leaves the cursor behind it.
 * header->columns then has every feature of wanted once, at most one label, and columns to be skipped. Errors:
 * MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_csv_header_read(struct ms_csv_cursor *cursor, const struct ms_csv_wanted *wanted,
                                struct ms_csv_header *header, struct ms_error *err);

void ms_csv_header_free(struct ms_csv_header *header);

#endif
