#include "kernels_here.h"

#include <check.h>

/* The build's instruction sets, best first: "avx512", "portable" and so on. */
static const char *const sets[] = {KERNEL_SETS};

enum { SETS = sizeof sets / sizeof *sets };

int kernels_here(enum ms_precision precision, const struct ms_kernel *kernels[MAX_KERNELS_HERE])
{
    struct ms_error err;
    int count = 0;

    ck_assert_int_le(SETS, MAX_KERNELS_HERE);
    for (int i = 0; i < SETS; i++)
        if (ms_kernel_choose(precision, sets[i], &kernels[count], &err) == MS_OK)
            count++;
    ck_assert_int_gt(count, 0);
    return count;
}
