/* Holds the first iteration of a recorded trajectory to the textbook's bounds, and its gradients to the slopes of the
 * textbook's cost: two computations that share nothing with the kernels. */
#ifndef MOONSWEEP_TESTS_BOUNDED_H
#define MOONSWEEP_TESTS_BOUNDED_H

#include "kernel_inputs.h"
#include "record.h"

enum { BOUNDED_TEXT = 256 };

/* What was seen over all cases. */
struct bounded {
    int64_t iterations;               /* held to the textbook */
    int64_t values, slopes;           /* costs and parameters compared; gradients compared with slopes */
    double worst[MS_PRECISION_COUNT]; /* the largest part of its bound that a value was off */
};

/* false where the record is out of bounds; fault says what. Cases that this says nothing about (not finite, too near to
 * overflow, no trajectory) are not counted. */
bool bounded_check(struct bounded *bounded, const struct kernel_inputs *inputs, const struct record *trained,
                   char *fault);

#endif
