/* Chooses the kernels of a sweep by measuring them: on each machine one rank measures, and the others take its word.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_NODE_KERNELS_H
#define MOONSWEEP_SWEEP_NODE_KERNELS_H

#include "moonsweep/kernels.h"
#include "moonsweep/sweep.h"

/* Collective: measures the kernels of every machine, unless so little is left to train that it is not worth it. sweep:
 * its grid, training sets, the largest of them, and ranks, and on rank 0 its scan. kernels: opened on every rank with
 * the same arguments, and set to what was measured. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_node_kernels_measure(const struct ms_sweep_spec *sweep, struct ms_kernels *kernels,
                                     struct ms_error *err);

#endif
