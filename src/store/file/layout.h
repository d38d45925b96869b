/* The structure of a new file: every group, scale, variable and attribute, without values. */
#ifndef MOONSWEEP_STORE_LAYOUT_H
#define MOONSWEEP_STORE_LAYOUT_H

#include "moonsweep/writer.h"
#include "schema.h"

/* Makes the new file path, which must not exist, by HDF5, and closes it. bytes: its size, at most. scale_place receives where the values of each
 * scale are; 0: it has none. Errors: MS_CANNOT_CREATE, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY; a part of the file
 * may then be left. */
enum ms_code ms_layout_write(const char *path, const struct ms_writer_spec *spec, int64_t bytes,
                             uint64_t scale_place[MS_DIM_COUNT], struct ms_error *err);

#endif
