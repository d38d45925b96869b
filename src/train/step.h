/* Computes the cost and the next parameters from the totals of a pass. */
#ifndef MOONSWEEP_TRAIN_STEP_H
#define MOONSWEEP_TRAIN_STEP_H

#include "moonsweep/network.h"
#include "moonsweep/samples.h"

/* Returns the cost of the network whose pass gave these totals (ms_kernel.reduce), a value of the precision of the
 * samples; not finite (if NaN, then canonical) if its arguments overflow. */
double ms_step_cost(const struct ms_network *network, const struct ms_samples *samples, const double *totals);

/* Sets next to network less learning_rate times the gradient of the cost. Returns whether all of next is finite. */
bool ms_step_update(const struct ms_network *network, const struct ms_samples *samples, const double *totals,
                    double learning_rate, struct ms_network *next);

#endif
