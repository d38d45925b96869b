/* Lists the kernels that the processor can execute, and those of other numbers of vectors.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "tested_kernels.h"

#include <string.h>

/* The list made by the build: BLOCK(kernel, isa). */
#define BLOCK(kernel, isa) extern const struct ms_kernel kernel;
#include "block_list.h"
#undef BLOCK

static const struct {
    const struct ms_kernel *kernel;
    const char *isa; /* that the processor must have */
} blocks[] = {
#define BLOCK(kernel, isa) {&kernel, isa},
#include "block_list.h"
#undef BLOCK
    {NULL, NULL},
};

static bool processor_has(enum ms_precision precision, const char *isa)
{
    const struct ms_kernel *kernel;

    for (int i = 0; (kernel = ms_kernel_available(precision, i)) != NULL; i++)
        if (strcmp(kernel->isa, isa) == 0)
            return true;
    return false;
}

const struct ms_kernel *tested_kernels_at(enum ms_precision precision, int i)
{
    int available = 0;

    for (; ms_kernel_available(precision, available) != NULL; available++)
        if (available == i)
            return ms_kernel_available(precision, i);
    i -= available;
    for (int k = 0; blocks[k].kernel != NULL; k++)
        if (blocks[k].kernel->precision == precision && processor_has(precision, blocks[k].isa) && i-- == 0)
            return blocks[k].kernel;
    return NULL;
}
