/* Evaluates a network in memory that the caller has, as ms_evaluate (moonsweep/train.h) does in its own.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_EVALUATE_H
#define MOONSWEEP_TRAIN_EVALUATE_H

#include <stddef.h>

#include "moonsweep/train.h"

/* The bytes that an evaluation needs. Only the sizes of samples are read. */
size_t ms_evaluate_bytes(const struct ms_network *shape, const struct ms_samples *samples);

/* memory: ms_evaluate_bytes, aligned as ms_reals_alloc does; its contents are overwritten. Errors: MS_WORK_LEFT if the tick
 * stopped it. */
enum ms_code ms_evaluate_in(void *memory, const struct ms_kernel *kernel, const struct ms_network *network,
                            const struct ms_samples *samples, ms_tick *tick, void *context,
                            struct ms_evaluation *evaluation, struct ms_error *err);

#endif
