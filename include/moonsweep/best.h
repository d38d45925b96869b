/* The best configuration of a sweep: the one with the highest dev accuracy. Of several with the same accuracy it is the
 * one with the lowest index, so that the order in which they were trained or counted never shows.
 *
 *     struct ms_best best = ms_best_none;
 *     for each configuration that is done: ms_best_take(&best, config, dev_accuracy);
 */
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

/* Makes configuration config the best if it is better. A config of -1, the best of nothing, changes nothing, nor does an
 * accuracy that is NaN. */
void ms_best_take(struct ms_best *best, int64_t config, double dev_accuracy);

#ifdef __cplusplus
}
#endif

#endif
