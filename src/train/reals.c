/* Allocates arrays at multiples of a virtual vector, and large ones at multiples of a huge page, which the
 * system is asked to use for them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* madvise */
#include "reals.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "arena.h"

enum { HUGE_PAGE = 2 << 20, LARGE = 4 * HUGE_PAGE };

size_t ms_reals_bytes(enum ms_precision precision, int64_t n)
{
    return (size_t)n * (precision == MS_FLOAT64 ? sizeof(double) : sizeof(float));
}

void *ms_reals_alloc(enum ms_precision precision, int64_t n)
{
    return ms_reals_alloc_bytes(ms_reals_bytes(precision, n));
}

void *ms_reals_alloc_bytes(size_t bytes)
{
    const size_t alignment = bytes < LARGE ? MS_ARENA_ALIGNMENT : HUGE_PAGE;
    void *reals = aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);

#ifdef MADV_HUGEPAGE
    /* Millions of samples are read from memory in every iteration, and processors prefetch only within a page. If the
     * system has no huge pages, this only costs time. */
    if (reals && alignment == HUGE_PAGE)
        (void)madvise(reals, bytes, MADV_HUGEPAGE);
#endif
    return reals;
}
