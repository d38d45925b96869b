/* Notices when the parameters of a training recur: a fixed point, or a cycle of two iterations. An iteration depends on
 * nothing but the parameters, so that all further ones are then known, costs included.
 *
 *     ms_cycle_note(&cycle, iteration, cost)       // every cost
 *     ms_cycle_look(&cycle, &network)              // after every update, network being its result
 *     if (cycle.is_found) ... ms_cycle_cost(&cycle, iteration)
 *
 * A cost that equals the one two iterations earlier proves nothing, but costs nothing to compare. Only after many such
 * costs in a row the parameters are kept, and compared bit by bit (0 and -0 differ) two iterations later.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_CYCLE_H
#define MOONSWEEP_TRAIN_CYCLE_H

#include <stdbool.h>

#include "moonsweep/network.h"

/* The number of equal costs in a row after which the parameters are kept, and again after as many more. Copying and
 * comparing them once in so many iterations takes no time in comparison with training. */
enum { MS_CYCLE_COSTS = 64 };

struct ms_cycle {
    double costs[2];        /* the last cost of an even and of an odd iteration */
    int64_t equal;          /* costs in a row that equalled the one two iterations earlier */
    struct ms_network kept; /* parameters to compare with, in borrowed memory */
    bool is_found;          /* all parameters are those of two iterations earlier */
};

/* kept: a network of the same shape, whose parameters are overwritten when some are to be kept. */
void ms_cycle_begin(struct ms_cycle *cycle, const struct ms_network *kept);

/* Notes the cost of an iteration. */
static inline void ms_cycle_note(struct ms_cycle *cycle, int64_t iteration, double cost)
{
    double *before = &cycle->costs[iteration & 1];

    cycle->equal = cost == *before ? cycle->equal + 1 : 0;
    *before = cost;
}

/* For ms_cycle_look: keeps the parameters or compares them. */
void ms_cycle_compare(struct ms_cycle *cycle, const struct ms_network *network);

/* Sets cycle->is_found if the parameters recur. */
static inline void ms_cycle_look(struct ms_cycle *cycle, const struct ms_network *network)
{
    if (cycle->equal >= MS_CYCLE_COSTS)
        ms_cycle_compare(cycle, network);
}

/* Forgets the costs in a row: the next cost is that of an iteration that was computed before. */
void ms_cycle_forget(struct ms_cycle *cycle);

/* The cost of any further iteration, after the parameters have recurred. */
static inline double ms_cycle_cost(const struct ms_cycle *cycle, int64_t iteration)
{
    return cycle->costs[iteration & 1];
}

#endif
