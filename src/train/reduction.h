/* The reduction of the sums of all segments of a pass, in an order that does not depend on who computes them.
 *
 *     for (g = 0; g < segments; g++) {
 *         kernel->start(pass, first chunk of g, ..., ms_reduction_begin(&reduction));
 *         ms_reduction_end(&reduction);
 *     }
 *     totals = ms_reduction_totals(&reduction);
 *
 * For k = 0, 1, ...: every segment g that is divisible by 2^(k+1), with g + 2^k < G, takes in segment g + 2^k. When
 * segments are computed in order, this needs only as many sums at a time as G has binary digits: two neighbours of equal
 * size are combined as soon as both are complete.
 *
 * Someone else may compute a range of segments, combine its sums as far as they are neighbours, and leave the rest:
 *
 *     ms_reduction_use(&theirs, kernel, pass, memory);
 *     ms_reduction_restart(&theirs, first);
 *     ... begin and end for segments first .. end-1 ...
 *     ms_reduction_take(&reduction, memory, end);      // in the place of the same segments
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_REDUCTION_H
#define MOONSWEEP_TRAIN_REDUCTION_H

#include <stddef.h>

#include "arena.h"
#include "moonsweep/kernel.h"

enum {
    MS_REDUCTION_LEVELS = 8,        /* sums of segments from the first one: 64 segments need 7 */
    MS_REDUCTION_RANGE_LEVELS = 12, /* of any range of 64 segments */
};

struct ms_reduction {
    const struct ms_kernel *kernel;
    const struct ms_pass *pass;
    char *memory; /* the sums of this reduction */
    size_t sums_bytes;
    void *sums[MS_REDUCTION_RANGE_LEVELS]; /* [waiting] those that are to be combined, in memory or taken */
    int waiting;
    int32_t first, ended; /* segments first .. ended-1 are in them */
    double *totals;       /* [ms_pass_sums(pass)]; NULL: they are not wanted */
};

/* Makes a reduction with memory of the arena. kernel and pass are borrowed; of the pass only n_h, and the sizes of its
 * samples, are read. */
void ms_reduction_place(struct ms_reduction *reduction, struct ms_arena *arena,
                        const struct ms_kernel *kernel, const struct ms_pass *pass);

/* Makes one of a range of segments, in borrowed memory: MS_REDUCTION_RANGE_LEVELS sums at most, fewer if there are fewer
 * segments (ms_reduction_range_bytes). It has no totals. */
void ms_reduction_use(struct ms_reduction *reduction, const struct ms_kernel *kernel,
                      const struct ms_pass *pass, void *memory);
int64_t ms_reduction_range_bytes(const struct ms_pass *pass);

/* Discards all sums. The next one is that of this segment. */
void ms_reduction_restart(struct ms_reduction *reduction, int32_t first);

/* Returns the sums of the next segment, whose contents are undefined: start them, then accumulate to them until
 * ms_reduction_end. */
void *ms_reduction_begin(struct ms_reduction *reduction);
void ms_reduction_end(struct ms_reduction *reduction);

/* Takes in the sums of the next segments up to end-1, which another reduction of exactly these has left in its memory.
 * They may be overwritten until the totals are known. */
void ms_reduction_take(struct ms_reduction *reduction, void *memory, int32_t end);

/* Returns the totals of all segments and discards the sums. Valid until the next call. */
const double *ms_reduction_totals(struct ms_reduction *reduction);

#endif
