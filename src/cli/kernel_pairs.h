/* What two ranks on the two hyperthreads of a core gain over one: their kernels share its arithmetic units, but fill each
 * other's waiting times.
 *
 *     int processors[2];
 *     struct kernel_pair pairs[MS_KERNEL_SIZES_MOST];
 *     code = processors_find_pair("", processors, err);
 *     code = kernel_pairs_measure(&kernels, &samples, processors, pairs, err);
 *     ... kernel_pairs_gain(&kernels, pairs) ...
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_KERNEL_PAIRS_H
#define MOONSWEEP_CLI_KERNEL_PAIRS_H

#include "moonsweep/kernels.h"

/* What was measured of one size, with its quickest kernel. */
struct kernel_pair {
    double alone_ns; /* for one hidden unit and one sample, with one thread on the first processor */
    /* The same while another thread trains the same network on the second: the mean of both */
    double both_ns;
    double gain; /* what both train in a time, divided by what one alone trains in it, less 1 */
};

/* Measures all points of kernels, in turns with one thread and with two, each bound to its processor. samples: of the
 * precision. pairs[n_points] is set. Takes less than half a second for a point, unless its samples are so many that a few
 * iterations take longer. Errors: MS_NO_MEMORY; MS_BUSY if a thread cannot be bound to its processor. */
enum ms_code kernel_pairs_measure(const struct ms_kernels *kernels, const struct ms_samples *samples,
                                  const int processors[2], struct kernel_pair *pairs, struct ms_error *err);

/* The gain for all points together, which have as much work as they say. NaN if there are none. */
double kernel_pairs_gain(const struct ms_kernels *kernels, const struct kernel_pair *pairs);

#endif
