/* Keeps and compares parameters by the number of equal costs in a row alone: it keeps them at each multiple
 * of MS_CYCLE_COSTS, and compares them two iterations later. Any other cost sets the number back to 0, so a
 * comparison is always with the parameters of two iterations before.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cycle.h"

#include <math.h>
#include <string.h>

void ms_cycle_begin(struct ms_cycle *cycle, const struct ms_network *kept)
{
    *cycle = (struct ms_cycle){.costs = {(double)NAN, (double)NAN}, .kept = *kept}; /* NaN equals no cost */
}

void ms_cycle_compare(struct ms_cycle *cycle, const struct ms_network *network)
{
    const int64_t after = cycle->equal % MS_CYCLE_COSTS; /* iterations after the parameters were kept */

    if (after == 0)
        ms_network_copy(&cycle->kept, network);
    else if (after == 2)
        cycle->is_found = ms_network_has_same_bits(&cycle->kept, network);
}

void ms_cycle_forget(struct ms_cycle *cycle)
{
    cycle->equal = 0;
}
