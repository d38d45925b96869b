/* What the rule about costs knows of a trajectory (moonsweep/end_rules.h). It follows from the costs alone. */
#ifndef MOONSWEEP_TRAIN_PATIENCE_H
#define MOONSWEEP_TRAIN_PATIENCE_H

#include <math.h>
#include <stdbool.h>

#include "moonsweep/end_rules.h"

struct ms_patience {
    double best;    /* the last cost that was an improvement */
    int64_t waited; /* costs since then */
};

/* Before the first cost, which is an improvement. */
static inline struct ms_patience ms_patience_begin(void)
{
    return (struct ms_patience){.best = (double)INFINITY};
}

/* Notes the cost of the next iteration. The arithmetic is that of float64 in either precision. */
static inline void ms_patience_note(struct ms_patience *patience, const struct ms_end_rules *rules,
                                    double cost)
{
    if (cost + rules->min_delta < patience->best)
        *patience = (struct ms_patience){.best = cost};
    else
        patience->waited++;
}

static inline bool ms_patience_is_over(const struct ms_patience *patience, const struct ms_end_rules *rules)
{
    return rules->patience > 0 && patience->waited >= rules->patience;
}

#endif
