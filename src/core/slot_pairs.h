/* The pairs of checkpoint slots that no trajectory has: a stack.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_SLOT_PAIRS_H
#define MOONSWEEP_CORE_SLOT_PAIRS_H

#include "moonsweep/plan.h"

struct ms_slot_pairs {
    int32_t *free; /* [pairs] owned: the first free_count are free */
    int32_t free_count;
};

/* Returns false if there is not enough memory; ms_slot_pairs_close is needed then, too. */
bool ms_slot_pairs_open(struct ms_slot_pairs *pairs, const struct ms_plan_spec *spec);
void ms_slot_pairs_close(struct ms_slot_pairs *pairs);

/* Returns a free pair; -1: there is none. */
int32_t ms_slot_pairs_take(struct ms_slot_pairs *pairs);

/* Makes a pair free (I10); -1: does nothing. */
void ms_slot_pairs_free(struct ms_slot_pairs *pairs, int32_t pair);

#endif
