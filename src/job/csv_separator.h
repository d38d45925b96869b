/* Detects a wrong field separator in the first line of a table.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_CSV_SEPARATOR_H
#define MOONSWEEP_JOB_CSV_SEPARATOR_H

/* Returns the character that seems to separate fields in the line that begins at text, in words such as "tabs"; NULL
 * if it is the comma, or if no known separator is found. Quoted characters do not count. */
const char *ms_csv_separator_other(const char *text, const char *end);

#endif
