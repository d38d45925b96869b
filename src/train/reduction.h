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
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_REDUCTION_H
#define MOONSWEEP_TRAIN_REDUCTION_H

#include <stddef.h>

#include "moonsweep/kernel.h"

enum { MS_REDUCTION_LEVELS = 8 }; /* 64 segments need 7 */

struct ms_reduction {
    const struct ms_kernel *kernel;
    const struct ms_pass *pass;
    char *memory; /* owned: MS_REDUCTION_LEVELS sums, of which `waiting` are to be combined */
    size_t sums_bytes;
    int waiting;
    uint64_t ended; /* segments */
    double *totals; /* owned: [ms_pass_sums(pass)] */
};

/* kernel and pass are borrowed. Errors: MS_NO_MEMORY. */
enum ms_code ms_reduction_open(struct ms_reduction *reduction, const struct ms_kernel *kernel,
                               const struct ms_pass *pass, struct ms_error *err);
void ms_reduction_close(struct ms_reduction *reduction);

/* The bytes that the reduction of a pass allocates. Only n_h, and the sizes of its samples, are read. */
int64_t ms_reduction_bytes(const struct ms_pass *pass);

/* Discards all sums. */
void ms_reduction_reset(struct ms_reduction *reduction);

/* Returns the sums of the next segment, whose contents are undefined: start them, then accumulate to them until
 * ms_reduction_end. */
void *ms_reduction_begin(struct ms_reduction *reduction);
void ms_reduction_end(struct ms_reduction *reduction);

/* Returns the totals of all segments and discards the sums. Valid until the next call. */
const double *ms_reduction_totals(struct ms_reduction *reduction);

#endif
