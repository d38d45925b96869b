/* Reads and writes bytes at a place of a file: either all of them, or the reason for the failure is
 * returned. A short or interrupted transfer is continued.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_BYTES_H
#define MOONSWEEP_STORE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* The functions return 0, an errno, or this value: the file ends before the last byte. */
enum { MS_BYTES_END = -1 };

int ms_bytes_read(int descriptor, uint64_t offset, size_t count, void *to);
int ms_bytes_write(int descriptor, uint64_t offset, size_t count, const void *from);

/* Makes everything written durable (fdatasync). */
int ms_bytes_sync(int descriptor);

/* Returns a cause in words. */
const char *ms_bytes_reason(int cause);

#endif
