/* Values as CSV and as JSON, with every digit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_VALUE_TEXT_H
#define MOONSWEEP_CLI_VALUE_TEXT_H

#include <stdio.h>

#include "column.h"

/* Writes a field of CSV: nothing if the value is empty. */
void value_write_csv(FILE *file, struct value value);

/* Writes a value of JSON: null if the value is empty or not finite. */
void value_write_json(FILE *file, struct value value);

#endif
