/* Notes on settings of a job that most likely are mistakes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_NOTES_H
#define MOONSWEEP_CLI_PLAN_NOTES_H

#include <stdio.h>

#include "plan_rules.h"

/* Writes the notes on the job of rules, which is at path, and its data to file, one on each line, in the form in which
 * `moonsweep run` writes its own. Errors: MS_NO_MEMORY. */
enum ms_code plan_notes_write(FILE *file, const char *path, const struct plan_rules *rules,
                              const struct ms_dataset *dataset, struct ms_error *err);

/* Writes a note if the file system of the current folder has less space than a result of `bytes` bytes needs, of which
 * cost_bytes are costs. */
void plan_notes_space(FILE *file, const char *path, int64_t bytes, int64_t cost_bytes);

#endif
