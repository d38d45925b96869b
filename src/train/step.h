/* From the totals of a pass to its cost and to the next parameters. */
#ifndef MOONSWEEP_TRAIN_STEP_H
#define MOONSWEEP_TRAIN_STEP_H

#include "moonsweep/network.h"
#include "moonsweep/samples.h"

/* The cost of the network that the totals (ms_kernel.reduce) were summed for, a value of the samples'
 * precision; not finite (a NaN: canonical) where its arguments overflow. */
double ms_step_cost(const struct ms_network *network, const struct ms_samples *samples, const double *totals);

/* next = network less learning_rate times the gradient of its cost. Returns whether all of next is finite. */
bool ms_step_update(const struct ms_network *network, const struct ms_samples *samples, const double *totals,
                    double learning_rate, struct ms_network *next);

#endif
