/* Combines the sums of segments as their number in binary tells: when a segment has ended, the last two sums,
 * which are of equal size, become one for each 0 at the end of the number of segments so far. The sums that
 * wait are adjacent in memory, the oldest and largest first; at the end, those that are left are combined
 * from the last one to the first. In a range of segments that does not begin with the first one, sums are
 * only combined with sums of the range.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "reduction.h"

#include "reals.h"

/* The number of reals that the lanes of all sums take. */
static int64_t lanes_of(const struct ms_pass *pass)
{
    return ms_pass_sums(pass) * ms_precision_lanes(pass->samples->precision);
}

static size_t sums_bytes(const struct ms_pass *pass)
{
    return ms_reals_bytes(pass->samples->precision, lanes_of(pass));
}

void ms_reduction_place(struct ms_reduction *reduction, struct ms_arena *arena,
                        const struct ms_kernel *kernel, const struct ms_pass *pass)
{
    ms_reduction_use(reduction, kernel, pass, ms_arena_take(arena, MS_REDUCTION_LEVELS * sums_bytes(pass)));
    reduction->totals = ms_arena_take(arena, (size_t)ms_pass_sums(pass) * sizeof(double));
}

void ms_reduction_use(struct ms_reduction *reduction, const struct ms_kernel *kernel,
                      const struct ms_pass *pass, void *memory)
{
    *reduction = (struct ms_reduction){
        .kernel = kernel, .pass = pass, .memory = memory, .sums_bytes = sums_bytes(pass)};
}

/* The sums that wait have sizes that first rise and then fall, each a power of 2 below the number of segments. */
int64_t ms_reduction_range_bytes(const struct ms_pass *pass)
{
    int64_t levels = 2;

    for (int32_t size = 2; size < pass->samples->segments; size *= 2)
        levels += 2;
    return levels * (int64_t)sums_bytes(pass);
}

void ms_reduction_restart(struct ms_reduction *reduction, int32_t first)
{
    reduction->waiting = 0;
    reduction->first = reduction->ended = first;
}

void *ms_reduction_begin(struct ms_reduction *reduction)
{
    void *sums = reduction->memory + (size_t)reduction->waiting * reduction->sums_bytes;

    reduction->sums[reduction->waiting] = sums;
    return sums;
}

static void combine_last_two(struct ms_reduction *reduction)
{
    void *const *last = &reduction->sums[--reduction->waiting];

    reduction->kernel->combine(reduction->pass, last[-1], last[0]);
}

/* Whether so many segments, which end with the last one, are half of a larger sum of this reduction. */
static bool has_neighbour(const struct ms_reduction *reduction, int32_t segments)
{
    return reduction->ended % (2 * segments) == 0 && reduction->ended - 2 * segments >= reduction->first;
}

/* Counts the last sum, which is that of the next `segments` segments. */
static void add_last(struct ms_reduction *reduction, int32_t segments)
{
    reduction->waiting++;
    reduction->ended += segments;
    for (; has_neighbour(reduction, segments); segments *= 2)
        combine_last_two(reduction);
}

void ms_reduction_end(struct ms_reduction *reduction)
{
    add_last(reduction, 1);
}

/* The number of segments in the largest sum of a range that begins with this segment. */
static int32_t size_at(int32_t segment, int32_t end)
{
    int32_t size = 1;

    while (segment % (2 * size) == 0 && segment + 2 * size <= end)
        size *= 2;
    return size;
}

void ms_reduction_take(struct ms_reduction *reduction, void *memory, int32_t end)
{
    for (char *sums = memory; reduction->ended < end; sums += reduction->sums_bytes) {
        reduction->sums[reduction->waiting] = sums;
        add_last(reduction, size_at(reduction->ended, end));
    }
}

const double *ms_reduction_totals(struct ms_reduction *reduction)
{
    while (reduction->waiting > 1)
        combine_last_two(reduction);
    reduction->kernel->reduce(reduction->pass, reduction->sums[0], reduction->totals);
    ms_reduction_restart(reduction, 0);
    return reduction->totals;
}
