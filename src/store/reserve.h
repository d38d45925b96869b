/* Room on the file system: asked for before anything is made, and reserved once the size is known. */
#ifndef MOONSWEEP_STORE_RESERVE_H
#define MOONSWEEP_STORE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* Errors: MS_CANNOT_CREATE, with both sizes, when the file system of path has less than bytes free, or no file of that
 * size may be written (ulimit -f). */
enum ms_code ms_reserve_check(const char *path, int64_t bytes, struct ms_error *err);

/* Makes the file system set the whole file fd aside (path is for messages). *reserved is false where it
 * cannot do that; whether there is room now is then all that is known. Errors: MS_CANNOT_CREATE, MS_IO_ERROR.
 */
enum ms_code ms_reserve_file(const char *path, int fd, bool *reserved, struct ms_error *err);

#endif
