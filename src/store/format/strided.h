/* Copies the values of one variable between a column, where they are one after another, and records or structs, in each
 * of which there is one of them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_STRIDED_H
#define MOONSWEEP_STORE_STRIDED_H

#include <stddef.h>
#include <stdint.h>

/* Copies count values of width bytes. The distances from one value to the next are to_stride and from_stride, in bytes. */
void ms_strided_copy(int64_t count, size_t width, void *to, size_t to_stride, const void *from,
                     size_t from_stride);

#endif
