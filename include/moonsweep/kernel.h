/* Kernels: the inner loops of training, compiled once per instruction set and precision. */
#ifndef MOONSWEEP_KERNEL_H
#define MOONSWEEP_KERNEL_H

#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/network.h"

struct ms_kernel {
    const char *isa; /* "portable", "portable-fma"; later "avx512", ... */
    enum ms_precision precision;
};

/* The best kernel of this precision for this processor, or the one named isa (NULL: the environment's
 * MOONSWEEP_ISA, or else the best). Errors: MS_BAD_USAGE when isa is unknown or the processor lacks it. */
enum ms_code ms_kernel_choose(enum ms_precision precision, const char *isa, const struct ms_kernel **kernel,
                              struct ms_error *err);

#endif
