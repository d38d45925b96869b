/* Which costs of a history are stored: those of the iterations that are multiples of its stride, or none with a stride of
 * 0. Entry j of the history is the cost of iteration j * stride.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_COST_STRIDE_H
#define MOONSWEEP_COST_STRIDE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The number of costs that are stored of the first `costs` >= 0 ones of a trajectory: costs / stride, rounded up. */
static inline int64_t ms_cost_stride_entries(int64_t stride, int64_t costs)
{
    return stride == 0 ? 0 : costs / stride + (costs % stride != 0);
}

#ifdef __cplusplus
}
#endif

#endif
