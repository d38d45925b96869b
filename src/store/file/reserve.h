/* Space on the file system. It is checked before anything is created, reserved before anything is written,
 * and reserved to the byte once the size is known.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_RESERVE_H
#define MOONSWEEP_STORE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* Sets *bytes to the free space for ordinary users on the file system of path's folder; false, with errno, if it is
 * unknown. */
bool ms_reserve_free(const char *path, int64_t *bytes);

/* Checks that there is space for a file of that size. Errors: MS_CANNOT_CREATE, with both sizes, if the
 * file system of path has less space free, or if no file of that size may be written (ulimit -f);
 * MS_NO_PERMISSION, MS_IO_ERROR if the free space is unknown. */
enum ms_code ms_reserve_check(const char *path, int64_t bytes, struct ms_error *err);

/* Makes the file system reserve bytes for the file fd, which is still going to grow; path is for messages. A
 * quota shows only here. Does nothing if the file system cannot reserve space. Errors: MS_IO_ERROR. */
enum ms_code ms_reserve_ahead(const char *path, int fd, int64_t bytes, struct ms_error *err);

/* Makes the file system reserve the space of the whole file fd. path is for messages, and for its folder.
 * If the file system cannot do that, *reserved is false, and the function only checks the free space.
 * Errors: MS_CANNOT_CREATE (with both sizes), MS_IO_ERROR. */
enum ms_code ms_reserve_file(const char *path, int fd, bool *reserved, struct ms_error *err);

/* Extends the message of err after writing a file of that size has failed: adds the size and the free
 * space, which tell a full disk from a broken one. Sets the code to MS_CANNOT_CREATE and returns it. */
enum ms_code ms_reserve_explain(const char *path, int64_t bytes, struct ms_error *err);

#endif
