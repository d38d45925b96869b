/* Reads a text file of the user as a whole.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_TEXTFILE_H
#define MOONSWEEP_JOB_TEXTFILE_H

#include <stddef.h>

#include "moonsweep/stop_request.h"

/* Reads path into *text, whose *bytes bytes are followed by a NUL; the caller frees it. Larger files than limit are
 * refused. Errors: MS_NO_INPUT (missing, or not a regular file), MS_NO_PERMISSION, MS_BAD_INPUT (too large),
 * MS_IO_ERROR, MS_NO_MEMORY, MS_WORK_LEFT if stop (may be NULL) asked for an early end. */
enum ms_code ms_textfile_read(const char *path, size_t limit, const struct ms_stop_request *stop, char **text,
                              size_t *bytes, struct ms_error *err);

/* Refuses what the start of a text tells: that it is in UTF-16 or UTF-32, as some Windows editors write, or has two byte
 * order marks, of which one would be part of the text, or that it is no text but a file of a known other kind, such as
 * HDF5. Errors: MS_BAD_INPUT. */
enum ms_code ms_textfile_check_start(const char *path, const char *text, size_t bytes, struct ms_error *err);

#endif
