/* Tries one bit after another. Each attempt hashes everything that the checksum covers, so the effort is
 * computed in advance, and no bit is tried if it is too large.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "one_bit.h"

#include <stdint.h>

/* The number of bytes that can be hashed in about a second. */
static const uint64_t effort_bytes = UINT64_C(8) << 30;

bool ms_one_bit_find(unsigned char *bytes, size_t count, size_t covered, ms_one_bit_is_ok *is_ok,
                     const void *context, size_t *byte)
{
    if (covered > 0 && count > effort_bytes / 8 / covered)
        return false;
    for (size_t i = 0; i < count; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (unsigned char)(1U << bit);
            if (is_ok(context)) {
                *byte = i;
                return true;
            }
            bytes[i] ^= (unsigned char)(1U << bit);
        }
    }
    return false;
}
