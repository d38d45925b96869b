/* The pair that was freed last is taken first, since it is in memory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "slot_pairs.h"

#include <stdlib.h>

/* Puts the pairs without a checkpoint on the stack, the first one on top. */
static void list_free(struct ms_slot_pairs *pairs, const struct ms_plan_spec *spec, bool *owned)
{
    for (int64_t t = 0; spec->pair != NULL && t < spec->trajectories; t++)
        if (spec->pair[t] >= 0)
            owned[spec->pair[t]] = true;
    for (int32_t p = spec->pairs - 1; p >= 0; p--)
        if (!owned[p])
            pairs->free[pairs->free_count++] = p;
}

bool ms_slot_pairs_open(struct ms_slot_pairs *pairs, const struct ms_plan_spec *spec)
{
    bool *owned = calloc((size_t)spec->pairs + 1, sizeof *owned);
    bool is_open;

    *pairs = (struct ms_slot_pairs){.free = calloc((size_t)spec->pairs + 1, sizeof *pairs->free)};
    is_open = owned != NULL && pairs->free != NULL;
    if (is_open)
        list_free(pairs, spec, owned);
    free(owned);
    return is_open;
}

void ms_slot_pairs_close(struct ms_slot_pairs *pairs)
{
    free(pairs->free);
}

int32_t ms_slot_pairs_take(struct ms_slot_pairs *pairs)
{
    return pairs->free_count > 0 ? pairs->free[--pairs->free_count] : -1;
}

void ms_slot_pairs_free(struct ms_slot_pairs *pairs, int32_t pair)
{
    if (pair >= 0)
        pairs->free[pairs->free_count++] = pair;
}
