/* The rows of all configurations, a block at a time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ROW_BLOCKS_H
#define MOONSWEEP_STORE_ROW_BLOCKS_H

#include <stdbool.h>

#include "file.h"
#include "moonsweep/row.h"

/* Takes rows[count], of which the first is that of configuration first. They are valid until it returns. */
typedef void ms_row_blocks_take(void *context, int64_t first, int64_t count, const struct ms_row *rows);

/* Reads the status and the variables for which is_read returns true, of all configurations; the other fields of the rows are
 * meaningless. Final rows are consistent; the results of pending rows are NaN and -1. Errors: MS_BAD_INPUT, MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_row_blocks_read(const struct ms_file *file, bool (*is_read)(enum ms_variable),
                                ms_row_blocks_take *take, void *context, struct ms_error *err);

#endif
