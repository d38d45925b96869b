/* The kernels that a harness looks at. */
#ifndef MOONSWEEP_TESTS_SUSPECTS_H
#define MOONSWEEP_TESTS_SUSPECTS_H

#include "moonsweep/kernel.h"

/* The i-th kernel of a precision to be compared with portable; NULL behind the last. Those of this processor come first,
 * then each that there is with every number of vectors computed at once. */
const struct ms_kernel *suspects_at(enum ms_precision precision, int i);

#endif
