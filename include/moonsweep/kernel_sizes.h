/* The sizes of networks that carry most of a job's work.
 *
 *     struct ms_kernel_sizes sizes = {.work = 0};
 *     for (each trajectory)
 *         ms_kernel_sizes_add(&sizes, activation, n_h, work);
 *     n = ms_kernel_sizes_heaviest(&sizes, heaviest);
 *
 * Every number of hidden units up to 16 counts for itself; beyond that, numbers within a fifth of each other count
 * together, because the same kernel is the quickest for them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_KERNEL_SIZES_H
#define MOONSWEEP_KERNEL_SIZES_H

#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_kernel_size {
    enum ms_activation activation;
    int32_t n_h; /* of the network that was added first */
    double work; /* of all networks that were added, in any unit */
};

enum {
    MS_KERNEL_SIZES_BINS = 128, /* of each activation: 16, and 4 for each further doubling */
    MS_KERNEL_SIZES_MOST = 24   /* that are worth to be measured */
};

struct ms_kernel_sizes {
    struct ms_kernel_size bins[MS_ACTIVATION_COUNT][MS_KERNEL_SIZES_BINS]; /* those with n_h 0 are empty */
    double work;                                                           /* in all of them */
};

void ms_kernel_sizes_add(struct ms_kernel_sizes *sizes, enum ms_activation activation, int32_t n_h,
                         double work);

/* Sets heaviest[] to the sizes with the most work, the heaviest first, until what is left out is less than a hundredth of
 * the work. Returns their number. */
int32_t ms_kernel_sizes_heaviest(const struct ms_kernel_sizes *sizes,
                                 struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST]);

#ifdef __cplusplus
}
#endif

#endif
