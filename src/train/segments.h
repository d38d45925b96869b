/* Adds segments of the samples to a reduction, and ticks meanwhile.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_SEGMENTS_H
#define MOONSWEEP_TRAIN_SEGMENTS_H

#include "reduction.h"
#include "tick_timer.h"

/* Adds the segments from the next one of the reduction up to end-1. Returns false if the tick stopped it: the reduction is
 * then to be restarted. */
bool ms_segments_add(struct ms_reduction *reduction, struct ms_tick_timer *timer, int32_t end);

#endif
