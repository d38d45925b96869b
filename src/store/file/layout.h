/* Creates the structure of a new file: every group, scale, variable and attribute, without values.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_LAYOUT_H
#define MOONSWEEP_STORE_LAYOUT_H

#include "moonsweep/writer.h"
#include "schema.h"

/* Creates the file path, which must not exist, with HDF5, which then closes it. bytes is an upper bound of
 * its size. *descriptor receives the new file, open for reading and writing, even if it is incomplete after
 * an error; -1 if no file was created. scale_place receives the place of the values of each scale in the
 * file; 0 if it has none. Errors: MS_CANNOT_CREATE, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_layout_write(const char *path, const struct ms_writer_spec *spec, int64_t bytes,
                             uint64_t scale_place[MS_DIM_COUNT], int *descriptor, struct ms_error *err);

#endif
