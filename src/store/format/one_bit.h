/* Finds a single flipped bit. A checksum mismatch says only that something is wrong. If flipping one bit
 * back makes the checksum match, that bit is the corrupt one; a half-written value never looks like that.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ONE_BIT_H
#define MOONSWEEP_STORE_ONE_BIT_H

#include <stdbool.h>
#include <stddef.h>

/* Returns whether the bytes, which context knows, match their checksum. */
typedef bool ms_one_bit_is_ok(const void *context);

/* Flips one bit of bytes[count] after another until is_ok returns true. Then that bit stays flipped, *byte
 * is its index, and the function returns true. It returns false, with bytes unchanged, if there is no such
 * bit or if the search would take longer than about a second; the checksum covers `covered` bytes. */
bool ms_one_bit_find(unsigned char *bytes, size_t count, size_t covered, ms_one_bit_is_ok *is_ok,
                     const void *context, size_t *byte);

#endif
