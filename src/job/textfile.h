/* A user's text file, read whole. */
#ifndef MOONSWEEP_JOB_TEXTFILE_H
#define MOONSWEEP_JOB_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/error.h"

/* Reads path into *text (the caller frees it), whose *bytes bytes are followed by a NUL. limit: the size
 * above which it is refused. Errors: MS_NO_INPUT (missing, or not a regular file), MS_NO_PERMISSION,
 * MS_BAD_INPUT (too large), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_textfile_read(const char *path, size_t limit, char **text, size_t *bytes,
                              struct ms_error *err);

/* Whether text begins with UTF-16's byte order mark, as some Windows editors write it. */
bool ms_textfile_is_utf16(const char *text, size_t bytes);

#endif
