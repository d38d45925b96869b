/* A result file in memory, and changes to its values, written as text:
 *
 *     # why                             a comment
 *     status 3 9                        sets status[3] to 9
 *     runs/id -1 18446744073709551615   sets the last element; elements are counted through all dimensions
 *     word -32 5                        sets eight bytes of integrity/pages, from 32 bytes before its end
 *     rehash 3                          sets both checksums of configuration 3 to match its values
 *     rehash-slot 1                     the same for a checkpoint, rehash-run for a run, rehash-lease for a lease
 *     pages 0                           sets integrity/pages to match the file
 *     footer 0                          makes its two footers and tables equal, with matching hashes
 *
 * A line that cannot be applied (an unknown name, an index beyond the end) is ignored.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_RESULT_PATCH_H
#define MOONSWEEP_TESTS_RESULT_PATCH_H

#include <stddef.h>

#include "store/format/schema.h"

/* The bytes of a result file, and the position of each variable in them. */
struct result_image {
    unsigned char *bytes; /* [count] owned */
    size_t count;
    size_t offset[MS_VARIABLE_COUNT];
    size_t elements[MS_VARIABLE_COUNT];
    size_t width[MS_VARIABLE_COUNT];    /* bytes of an element */
    uint64_t scale_place[MS_DIM_COUNT]; /* the offset of a scale's values; 0: it has none */
};

/* Reads the result file at path. */
void result_image_read(const char *path, struct result_image *image);

/* Replaces the contents of path, an existing file, by the bytes. */
void result_image_write(const char *path, const unsigned char *bytes, size_t count);

/* Applies the changes in text[count] to the image. path: an existing file that may be overwritten in doing so. */
void result_patch(struct result_image *image, const char *path, const char *text, size_t count);

#endif
