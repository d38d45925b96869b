/* Rules that end a trajectory before its last iteration: the section `stop` of a job. They depend only on costs and on
 * accuracies at fixed iterations, so that a trajectory ends at the same iteration wherever and however it is trained. */
#ifndef MOONSWEEP_END_RULES_H
#define MOONSWEEP_END_RULES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A rule with a value of 0 does not apply. */
struct ms_end_rules {
    int64_t patience;           /* costs in a row that are no improvement, after which the trajectory ends */
    double min_delta;           /* a cost is an improvement if cost + min_delta is below the best one */
    double target_dev_accuracy; /* percent; the trajectory ends where an evaluation finds at least as much */
    int64_t every; /* it is evaluated at multiples of this iteration count, and at those of the grid */
};

/* What the rule about costs knows. It follows from the costs alone. */
struct ms_patience {
    double best;    /* the last cost that was an improvement; the first one always is */
    int64_t waited; /* costs since then */
};

static const struct ms_patience ms_patience_none = {.best = 1.0 / 0.0};

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

#ifdef __cplusplus
}
#endif

#endif
