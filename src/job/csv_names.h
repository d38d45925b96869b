/* The names in the first line of a CSV file, before their columns have roles.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_CSV_NAMES_H
#define MOONSWEEP_JOB_CSV_NAMES_H

#include "csv_header.h"

/* Reads the first line that is not empty and moves the cursor past it; *start is the cursor at its beginning. The
 * caller frees header, also after an error. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_csv_names_read(struct ms_csv_cursor *cursor, struct ms_csv_header *header,
                               struct ms_csv_cursor *start, struct ms_error *err);

/* Replaces an error in the names, or in their roles, by one about the separator if that is the cause. */
enum ms_code ms_csv_names_explain(enum ms_code code, const struct ms_csv_cursor *start,
                                  const struct ms_csv_header *header, struct ms_error *err);

/* Whether the first `count` names are numbers. */
bool ms_csv_names_are_numbers(const struct ms_csv_header *header, int64_t count);

/* A list of as many quoted names as fit. */
struct ms_csv_list {
    char text[256];
    size_t used;
    int64_t left_out;
};

void ms_csv_list_add(struct ms_csv_list *list, const char *name, size_t length);

/* Returns the text of the list, which ends with the number of names that do not fit. */
const char *ms_csv_list_end(struct ms_csv_list *list);

#endif
