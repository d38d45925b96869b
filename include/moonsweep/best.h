/* The best configuration of a sweep: the one with the highest dev accuracy. Among several with the same accuracy it is
 * the one with the lowest index, so that the result does not depend on the order in which they were trained or read.
 *
 *     struct ms_best best = ms_best_none;
 *     for each configuration that is done: ms_best_take(&best, config, dev_accuracy);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BEST_H
#define MOONSWEEP_BEST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ms_best {
    int64_t config;      /* -1: none */
    double dev_accuracy; /* percent; NaN: none */
};

extern const struct ms_best ms_best_none;

/* Makes configuration config the best one if it is better. Ignores a config of -1 (no configuration) and an accuracy
 * that is NaN. */
void ms_best_take(struct ms_best *best, int64_t config, double dev_accuracy);

#ifdef __cplusplus
}
#endif

#endif
