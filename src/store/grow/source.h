/* The rows of /runs that say which older result, and which of its runs, rows were taken over from.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SOURCE_H
#define MOONSWEEP_STORE_SOURCE_H

#include "older_state.h"

/* Sets *row to the row of /runs for what run number `run` of the older result committed, and writes it unless it is there
 * already. If no row is free, it is that of the present run. Errors: MS_IO_ERROR, MS_BUSY, MS_NO_MEMORY. */
enum ms_code ms_source_row(const struct ms_older *older, const struct ms_older_use *use,
                           struct ms_writer *writer, int32_t run, int32_t *row, struct ms_error *err);

#endif
