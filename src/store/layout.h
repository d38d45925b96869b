/* The file as it stands before the first run: every group, scale, variable and attribute, the tuples, the
 * data and the initial values. */
#ifndef MOONSWEEP_STORE_LAYOUT_H
#define MOONSWEEP_STORE_LAYOUT_H

#include "moonsweep/store.h"

/* Writes the new file path, which must not exist, with the serial driver, and closes it. Errors:
 * MS_CANNOT_CREATE, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY; a part of the file may then be left. */
enum ms_code ms_layout_write(const char *path, const struct ms_store_spec *spec, struct ms_error *err);

#endif
