#include "kernels_here.h"

#include <check.h>

int kernels_here(enum ms_precision precision, const struct ms_kernel *kernels[MAX_KERNELS_HERE])
{
    int count = 0;

    while (count < MAX_KERNELS_HERE && (kernels[count] = ms_kernel_available(precision, count)) != NULL)
        count++;
    ck_assert_int_lt(count, MAX_KERNELS_HERE);
    ck_assert_int_gt(count, 0);
    return count;
}
