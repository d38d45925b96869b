/* Collects the work of networks by activation and size, in bins that become wider with the size.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/kernel_sizes.h"

#include <math.h>
#include <stdlib.h>

enum { EXACT = 16 /* sizes that have a bin for themselves */, BINS_PER_DOUBLING = 4 };

/* The share of the work for which no size is measured. */
static const double least_share = 0.01;

static int32_t bin_of(int32_t n_h)
{
    return n_h <= EXACT ? n_h - 1 : EXACT + (int32_t)(BINS_PER_DOUBLING * log2((double)n_h / EXACT));
}

void ms_kernel_sizes_add(struct ms_kernel_sizes *sizes, enum ms_activation activation, int32_t n_h,
                         double work)
{
    struct ms_kernel_size *bin = &sizes->bins[activation][bin_of(n_h)];

    if (bin->n_h == 0)
        *bin = (struct ms_kernel_size){.activation = activation, .n_h = n_h};
    bin->work += work;
    sizes->work += work;
}

/* The most work first; equal ones by activation and size, so that the order is the same everywhere. */
static int compare(const void *a_void, const void *b_void)
{
    const struct ms_kernel_size *a = a_void, *b = b_void;

    if (a->work != b->work)
        return a->work > b->work ? -1 : 1;
    if (a->activation != b->activation)
        return a->activation < b->activation ? -1 : 1;
    return (a->n_h > b->n_h) - (a->n_h < b->n_h);
}

int32_t ms_kernel_sizes_heaviest(const struct ms_kernel_sizes *sizes,
                                 struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST])
{
    struct ms_kernel_size sorted[MS_ACTIVATION_COUNT * MS_KERNEL_SIZES_BINS];
    const struct ms_kernel_size *bins = &sizes->bins[0][0];
    double left = sizes->work;
    int32_t used = 0, n = 0;

    for (int i = 0; i < MS_ACTIVATION_COUNT * MS_KERNEL_SIZES_BINS; i++)
        if (bins[i].work > 0)
            sorted[used++] = bins[i];
    qsort(sorted, (size_t)used, sizeof *sorted, compare);
    for (; n < used && n < MS_KERNEL_SIZES_MOST && left > least_share * sizes->work; n++) {
        heaviest[n] = sorted[n];
        left -= sorted[n].work;
    }
    return n;
}
