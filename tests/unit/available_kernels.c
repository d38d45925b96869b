/* Asks for one kernel after another until there is none left.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "available_kernels.h"

#include <check.h>

int available_kernels(enum ms_precision precision, const struct ms_kernel *kernels[MAX_KERNELS])
{
    int count = 0;

    while (count < MAX_KERNELS && (kernels[count] = ms_kernel_available(precision, count)) != NULL)
        count++;
    ck_assert_int_lt(count, MAX_KERNELS);
    ck_assert_int_gt(count, 0);
    return count;
}
