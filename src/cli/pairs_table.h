/* What two ranks on one core gain, as a table, and what to set.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PAIRS_TABLE_H
#define MOONSWEEP_CLI_PAIRS_TABLE_H

#include <stdio.h>

#include "kernel_survey.h"

/* Write one row for each size of surveys[n], whose pairs were measured: as text, CSV or a list of JSON. has_work: there is
 * a job, whose work the sizes have. */
typedef void pairs_table_write(FILE *file, const struct kernel_survey *surveys, int n, bool has_work);
pairs_table_write pairs_table_write_text, pairs_table_write_csv, pairs_table_write_json;

/* Writes a line for each survey: what is gained on the whole, and whether to set MOONSWEEP_THREADS_PER_CORE. processors:
 * those on which it was measured. */
void pairs_table_advise(FILE *file, const struct kernel_survey *surveys, int n, const int processors[2]);

#endif
