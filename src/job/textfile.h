/* Reads a text file of the user as a whole. */
#ifndef MOONSWEEP_JOB_TEXTFILE_H
#define MOONSWEEP_JOB_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/error.h"

/* Reads path into *text, whose *bytes bytes are followed by a NUL; the caller frees it. Larger files than limit are
 * refused. Errors: MS_NO_INPUT (missing, or not a regular file), MS_NO_PERMISSION, MS_BAD_INPUT (too large),
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_textfile_read(const char *path, size_t limit, char **text, size_t *bytes,
                              struct ms_error *err);

/* Whether text begins with the byte order mark of UTF-16, which some Windows editors write. */
bool ms_textfile_is_utf16(const char *text, size_t bytes);

#endif
