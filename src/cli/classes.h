/* A note about the classes in data sets.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_CLASSES_H
#define MOONSWEEP_CLI_CLASSES_H

#include <stdio.h>

#include "moonsweep/data.h"

/* Writes a note to file if all samples of the dev set of one of the `count` data sets of the job at path are of one class:
 * accuracies on it then say nothing about the other class. (A training set with one class is an error of ms_job_data.) */
void classes_note(FILE *file, const char *path, const struct ms_dataset *datasets, int32_t count);

#endif
