/* Opens a result that another program has rewritten: chunked, compressed, or without some groups, which count as empty.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_REWRITTEN_H
#define MOONSWEEP_STORE_REWRITTEN_H

#include "moonsweep/stop_request.h"
#include "reader_state.h"

/* Opens the result at path for reading, from a contiguous copy of its values in a file without a name in the folder of
 * `beside`; closing the reader frees the space. Rows, costs and samples must be compared with their checksums, as
 * always. A stop request (NULL: none) ends the copying. Errors: those of ms_reader_open, MS_CANNOT_CREATE,
 * MS_NO_PERMISSION, MS_WORK_LEFT (stopped). */
enum ms_code ms_rewritten_open(const char *path, const char *beside, const struct ms_stop_request *stop,
                               struct ms_reader **reader, struct ms_error *err);

#endif
