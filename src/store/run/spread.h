/* Writes rows of a variable that need not be consecutive: consecutive ones by one write (rule 2 of docs/file-format.md).
 * While no other process writes rows, those between rows that are close to each other are read first and written back as
 * they are, so that a sweep that takes over every other row does not need a write for each of them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SPREAD_H
#define MOONSWEEP_STORE_SPREAD_H

#include "writer_state.h"

enum {
    MS_SPREAD_GAP_BYTES = 4096,    /* the most bytes between two rows that are written together */
    MS_SPREAD_BYTES = 1024 * 1024, /* the most bytes of one write that contains other rows */
};

/* Whether rows of so many bytes are written together in spite of `gap` rows between them. */
static inline bool ms_spread_is_close(const struct ms_writer *writer, size_t width, int64_t gap)
{
    return writer->is_alone && gap <= (int64_t)(MS_SPREAD_GAP_BYTES / width);
}

/* Writes values[count] to the rows `rows`[count], which ascend. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_spread_write(const struct ms_writer *writer, enum ms_variable variable, int64_t count,
                             const int64_t *rows, const void *values, struct ms_error *err);

#endif
