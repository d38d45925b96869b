#include "reals.h"

#include <stdlib.h>

enum { ALIGNMENT = 64 }; /* a virtual vector's bytes, in either precision */

size_t ms_reals_bytes(enum ms_precision precision, int64_t n)
{
    return (size_t)n * (precision == MS_FLOAT64 ? sizeof(double) : sizeof(float));
}

void *ms_reals_alloc(enum ms_precision precision, int64_t n)
{
    const size_t bytes = ms_reals_bytes(precision, n);

    return aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}
