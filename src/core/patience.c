/* Counts the costs since the last improvement, which is a cost that is below the best one by more than
 * min_delta. A cost that is NaN is none, because every comparison with it is false.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/patience.h"

#include <math.h>

struct ms_patience ms_patience_begin(const struct ms_end_rules *rules)
{
    return (struct ms_patience){.best = rules->patience > 0 ? (double)INFINITY : (double)NAN};
}

void ms_patience_note(struct ms_patience *patience, const struct ms_end_rules *rules, double cost)
{
    if (cost + rules->min_delta < patience->best)
        *patience = (struct ms_patience){.best = cost};
    else
        ms_patience_wait(patience, rules, 1);
}

void ms_patience_wait(struct ms_patience *patience, const struct ms_end_rules *rules, int64_t costs)
{
    if (rules->patience > 0)
        patience->waited += costs;
}

bool ms_patience_is_over(const struct ms_patience *patience, const struct ms_end_rules *rules)
{
    return rules->patience > 0 && patience->waited >= rules->patience;
}
