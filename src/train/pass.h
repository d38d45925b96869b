/* Folds a network for the kernels: multiplies constant factors into its parameters, and determines the range of
 * arguments.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_PASS_H
#define MOONSWEEP_TRAIN_PASS_H

#include "arena.h"
#include "moonsweep/kernel.h"

/* Makes a pass for a network of this shape on these samples (borrowed), with memory of the arena. Only the sizes of samples
 * are read. is_forward: without what only the backward half needs, for a kernel's evaluate and predict. */
void ms_pass_place(struct ms_pass *pass, struct ms_arena *arena, const struct ms_samples *samples,
                   const struct ms_network *shape, bool is_forward);

/* The same with both halves, in memory that ms_pass_free frees. Errors: MS_NO_MEMORY. */
enum ms_code ms_pass_alloc(struct ms_pass *pass, const struct ms_samples *samples,
                           const struct ms_network *shape, struct ms_error *err);
void ms_pass_free(struct ms_pass *pass);

/* Copies the parameters of network into pass, folded, and bounds the arguments of the exponentials over all samples. */
void ms_pass_fold(struct ms_pass *pass, const struct ms_network *network);

/* The number of chunks to begin with between two looks at the clock (tick_timer.h), before anything was measured: about
 * as much work as there is between two looks within a wide network, or less. */
int64_t ms_pass_stride(const struct ms_pass *pass);

#endif
