/* Finds the column that a user means: by its name in the result file, by its heading in the table, or by a beginning of
 * either that no other column has.
 *
 *     if (!column_key_find("--sort", "dev_acc", &column, err))
 *         return EINVAL;
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_COLUMN_KEY_H
#define MOONSWEEP_CLI_COLUMN_KEY_H

#include "column.h"

/* Sets *column and returns true. Otherwise fills err (MS_BAD_USAGE): it names the columns that begin with key, the
 * nearest name, or all names. where: the beginning of the message, such as "--sort". */
bool column_key_find(const char *where, const char *key, const struct column **column, struct ms_error *err);

/* The column that is called key in full, by its name or its heading; NULL: none. */
const struct column *column_key_exact(const char *key);

#endif
