/* Recognizes files that are given by mistake where text is needed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_FILE_KIND_H
#define MOONSWEEP_JOB_FILE_KIND_H

#include <stddef.h>

#include "moonsweep/error.h"

/* So many bytes at the start of a file tell of which kind it is. */
enum { MS_FILE_KIND_BYTES = 8 };

/* Refuses a file that begins with these bytes (as many as there are, or at least MS_FILE_KIND_BYTES) if no text does.
 * Other bytes that are no text are accepted: whoever reads them knows where the first one is. Errors: MS_BAD_INPUT. */
enum ms_code ms_file_kind_check(const char *path, const char *start, size_t bytes, struct ms_error *err);

#endif
