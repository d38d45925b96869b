/* Arrays of reals (double or float, depending on the precision), aligned for every kernel.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_REALS_H
#define MOONSWEEP_TRAIN_REALS_H

#include <stddef.h>
#include <stdint.h>

#include "moonsweep/network.h"

/* Bytes of n reals. */
size_t ms_reals_bytes(enum ms_precision precision, int64_t n);

/* Allocates n >= 1 reals, to be freed with free; returns NULL if there is no memory. */
void *ms_reals_alloc(enum ms_precision precision, int64_t n);

/* The same for several arrays in one block (arena.h) of so many bytes. */
void *ms_reals_alloc_bytes(size_t bytes);

#endif
