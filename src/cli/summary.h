/* The summary of a sweep: what it took, what came out, and the best configurations.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_SUMMARY_H
#define MOONSWEEP_CLI_SUMMARY_H

#include <stdio.h>

#include "moonsweep/sweep.h"

enum { SUMMARY_ENDED_EARLY_BYTES = 80 };

/* Writes ", N stopped, M dropped" to text, without what is 0. Returns text. */
const char *summary_ended_early(const struct ms_sweep_summary *summary, char text[SUMMARY_ENDED_EARLY_BYTES]);

/* Writes the summary to file. path: the result file, from which the best configurations are read; ranks: cores used.
 * Errors: those of reading the result. */
enum ms_code summary_write(FILE *file, const char *path, int ranks, const struct ms_sweep_summary *summary,
                           struct ms_error *err);

#endif
