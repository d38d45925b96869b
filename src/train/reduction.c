/* Combines the sums of segments as their number in binary tells: when a segment has ended, the last two sums,
 * which are of equal size, become one for each 0 at the end of the number of segments so far. The sums that
 * wait are adjacent in memory, the oldest and largest first; at the end, those that are left are combined
 * from the last one to the first.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "reduction.h"

#include <stdlib.h>

#include "moonsweep/plural.h"
#include "reals.h"

/* The number of reals that the lanes of all sums take. */
static int64_t lanes_of(const struct ms_pass *pass)
{
    return ms_pass_sums(pass) * ms_precision_lanes(pass->samples->precision);
}

enum ms_code ms_reduction_open(struct ms_reduction *reduction, const struct ms_kernel *kernel,
                               const struct ms_pass *pass, struct ms_error *err)
{
    const enum ms_precision precision = kernel->precision;
    const int64_t reals = lanes_of(pass);
    struct ms_reduction made = {
        .kernel = kernel,
        .pass = pass,
        .memory = ms_reals_alloc(precision, MS_REDUCTION_LEVELS * reals),
        .sums_bytes = ms_reals_bytes(precision, reals),
        .totals = malloc((size_t)ms_pass_sums(pass) * sizeof(double)),
    };

    if (!made.memory || !made.totals) {
        ms_reduction_close(&made);
        return ms_fail_memory(err, NULL, "for the sums of %d hidden %s", pass->n_h,
                              ms_plural(pass->n_h, "unit", "units"));
    }
    *reduction = made;
    return MS_OK;
}

int64_t ms_reduction_bytes(const struct ms_pass *pass)
{
    return (int64_t)ms_reals_bytes(pass->samples->precision, MS_REDUCTION_LEVELS * lanes_of(pass)) +
           ms_pass_sums(pass) * (int64_t)sizeof(double);
}

void ms_reduction_close(struct ms_reduction *reduction)
{
    free(reduction->memory);
    free(reduction->totals);
    *reduction = (struct ms_reduction){.memory = NULL};
}

void ms_reduction_reset(struct ms_reduction *reduction)
{
    reduction->waiting = 0;
    reduction->ended = 0;
}

static void *sums_at(const struct ms_reduction *reduction, int level)
{
    return reduction->memory + (size_t)level * reduction->sums_bytes;
}

void *ms_reduction_begin(struct ms_reduction *reduction)
{
    return sums_at(reduction, reduction->waiting);
}

static void combine_last_two(struct ms_reduction *reduction)
{
    reduction->waiting--;
    reduction->kernel->combine(reduction->pass, sums_at(reduction, reduction->waiting - 1),
                               sums_at(reduction, reduction->waiting));
}

void ms_reduction_end(struct ms_reduction *reduction)
{
    reduction->waiting++;
    reduction->ended++;
    for (uint64_t pairs = reduction->ended; pairs % 2 == 0; pairs /= 2)
        combine_last_two(reduction);
}

const double *ms_reduction_totals(struct ms_reduction *reduction)
{
    while (reduction->waiting > 1)
        combine_last_two(reduction);
    reduction->kernel->reduce(reduction->pass, sums_at(reduction, 0), reduction->totals);
    ms_reduction_reset(reduction);
    return reduction->totals;
}
