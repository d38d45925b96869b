/* Buffers that detect every access outside them, by inaccessible pages before and after and a canary in between.
 *
 *     struct guarded sums;
 *     guarded_open(&sums, "sums", bytes, GUARDED_HIGH);
 *     if (!guarded_call(call, context, &address))
 *         guarded_describe_access(&sums, 1, address, text, sizeof text);  // "accesses memory 8 bytes after ..."
 *     else if (guarded_overwritten(&sums))
 *         ... something outside sums was written
 *     guarded_close(&sums);
 *
 * A buffer ends where its pages end, or begins where they begin, so that an access one byte after it, or before it,
 * raises a signal. The rest of the pages and the new buffer are filled with the canary, which is NaN in both
 * precisions: a kernel that reads it computes with NaN.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_GUARDED_H
#define MOONSWEEP_TESTS_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

/* Which end of the buffer is at the end of its pages. */
enum guarded_end { GUARDED_LOW, GUARDED_HIGH, GUARDED_END_COUNT };

struct guarded {
    const char *name;
    void *begin; /* of the buffer; with GUARDED_HIGH its alignment is that of its size */
    size_t bytes;
    char *pages; /* the accessible pages that contain it */
    size_t pages_bytes;
};

/* Allocates a buffer. bytes is a positive multiple of 4; name is borrowed. */
void guarded_open(struct guarded *guarded, const char *name, size_t bytes, enum guarded_end end);

/* Makes the buffer read-only. */
void guarded_freeze(const struct guarded *guarded);

/* Returns whether the canary was overwritten. */
bool guarded_overwritten(const struct guarded *guarded);

void guarded_close(struct guarded *guarded);

/* Calls call(context). Returns false if it raised a signal by an invalid access; *address is the address that the
 * processor reported. Only one call at a time. */
bool guarded_call(void (*call)(void *context), void *context, const void **address);

/* Describes where an address is relative to buffers [count]. */
void guarded_describe_access(const struct guarded *buffers, int count, const void *address, char *text,
                             size_t size);

#endif
