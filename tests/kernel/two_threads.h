/* A trajectory whose passes are shared by two threads, every second segment each, with activations and sums of their
 * own; the sums are combined in the order that docs/numerics.md states, spelt out here a second time. */
#ifndef MOONSWEEP_TESTS_TWO_THREADS_H
#define MOONSWEEP_TESTS_TWO_THREADS_H

#include "kernel_inputs.h"
#include "record.h"

/* Records every iteration as trained_record does. */
void two_threads_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                        struct record *record);

#endif
