/* What is worth knowing about samples from a file before networks are trained on them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_DATA_NOTES_H
#define MOONSWEEP_CLI_DATA_NOTES_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/data.h"

/* Writes notes that begin with the path of the job: which labels are 0 and 1, which features are
 * constant if the job standardizes them, and otherwise that they are of very different size, in the first of the `count`
 * data sets in which that is so. Writes nothing for samples that were made. */
void data_notes_write(FILE *file, const char *path, const struct ms_dataset *datasets, int32_t count,
                      bool is_standardized);

#endif
