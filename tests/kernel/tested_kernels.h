/* The kernels that a harness looks at. */
#ifndef MOONSWEEP_TESTS_SUSPECTS_H
#define MOONSWEEP_TESTS_SUSPECTS_H

#include "moonsweep/kernel.h"

/* The i-th kernel of a precision to be compared with portable: those of this processor, best first, then their loop nests
 * with other numbers of vectors computed at once ("avx512/4"). NULL behind the last. */
const struct ms_kernel *suspects_at(enum ms_precision precision, int i);

#endif
