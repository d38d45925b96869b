/* Room on the file system: asked for before anything is made, reserved before anything is written, and reserved to the
 * byte once the size is known. */
#ifndef MOONSWEEP_STORE_RESERVE_H
#define MOONSWEEP_STORE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* Errors: MS_CANNOT_CREATE, with both sizes, when the file system of path has less than bytes free, or no file of that
 * size may be written (ulimit -f); MS_NO_PERMISSION, MS_IO_ERROR when it does not say. */
enum ms_code ms_reserve_check(const char *path, int64_t bytes, struct ms_error *err);

/* Makes the file system set bytes aside for the file path, which is still to grow; a quota shows only here. Where that
 * is not possible nothing happens. Errors: MS_IO_ERROR. */
enum ms_code ms_reserve_ahead(const char *path, int64_t bytes, struct ms_error *err);

/* Makes the file system set the whole file fd aside (path is for messages, and for its folder). *reserved is false
 * where it cannot do that; whether there is room now is then all that is known. Errors: MS_CANNOT_CREATE (with both
 * sizes), MS_IO_ERROR. */
enum ms_code ms_reserve_file(const char *path, int fd, bool *reserved, struct ms_error *err);

/* After a failure on the way to a file of so many bytes: adds that size and what is free to err's sentence, which tell
 * a disk that is full from one that is broken, and makes it MS_CANNOT_CREATE. Returns that. */
enum ms_code ms_reserve_explain(const char *path, int64_t bytes, struct ms_error *err);

#endif
