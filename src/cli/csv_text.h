/* Texts in the CSV files that commands write.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_CSV_TEXT_H
#define MOONSWEEP_CLI_CSV_TEXT_H

#include <stdio.h>

/* Writes a name or a label, in quotes if it could not be read back without them. */
void csv_text_write(FILE *file, const char *text);

#endif
