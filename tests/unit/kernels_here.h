/* All kernels of a precision that this processor has: tests of one run with each. */
#ifndef MOONSWEEP_TESTS_KERNELS_HERE_H
#define MOONSWEEP_TESTS_KERNELS_HERE_H

#include "moonsweep/kernel.h"

enum { MAX_KERNELS_HERE = 16 };

/* Fills kernels, best first (the last one is "portable"), and returns how many there are. */
int kernels_here(enum ms_precision precision, const struct ms_kernel *kernels[MAX_KERNELS_HERE]);

#endif
