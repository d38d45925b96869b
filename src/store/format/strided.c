/* Copies values with a distance between them. The usual widths are constants where the compiler sees them, so that a
 * value is copied by an instruction and not by a function.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "strided.h"

#include <string.h>

static inline void copy(int64_t count, size_t width, unsigned char *to, size_t to_stride,
                        const unsigned char *from, size_t from_stride)
{
    for (int64_t i = 0; i < count; i++)
        memcpy(to + (size_t)i * to_stride, from + (size_t)i * from_stride, width);
}

void ms_strided_copy(int64_t count, size_t width, void *to, size_t to_stride, const void *from,
                     size_t from_stride)
{
    switch (width) {
    case sizeof(uint8_t):
        copy(count, sizeof(uint8_t), to, to_stride, from, from_stride);
        break;
    case sizeof(uint32_t):
        copy(count, sizeof(uint32_t), to, to_stride, from, from_stride);
        break;
    case sizeof(uint64_t):
        copy(count, sizeof(uint64_t), to, to_stride, from, from_stride);
        break;
    default:
        copy(count, width, to, to_stride, from, from_stride);
    }
}
