/* Kernels that are wrong on purpose, not in an operation (faults/) but in what they do with the caller's sums. */
#ifndef MOONSWEEP_TESTS_FAULTY_CALLS_H
#define MOONSWEEP_TESTS_FAULTY_CALLS_H

#include "moonsweep/kernel.h"

/* The i-th of them, its instruction set's name being the fault's; NULL behind the last. */
const struct ms_kernel *faulty_calls_at(int i);

#endif
