/* Calls a tick often enough without reading the clock often: work is counted in chunks, and the clock is read after as
 * many chunks as were last done in half a millisecond.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TICK_TIMER_H
#define MOONSWEEP_TRAIN_TICK_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/suspension.h"
#include "moonsweep/train.h"

struct ms_tick_timer {
    ms_tick *tick; /* may be NULL */
    void *context;
    int64_t stride; /* chunks between two looks at the clock: at least 1 */
    int64_t credit; /* chunks left until the next look */
    double started_s, looked_s, ticked_s;
    double away_s;        /* spent in ticks since started_s */
    bool is_timed;        /* seconds are wanted: those of the following fields are only counted then */
    double started_cpu_s; /* the thread's processor time at started_s */
    double away_cpu_s;    /* processor time that was spent in ticks */
    double suspended_s;   /* time for which the process was suspended since started_s, outside ticks */
    bool is_over;         /* a tick has asked to stop */
    struct ms_suspension suspension;
};

/* Starts to count time and work. Before the first one, the struct must be all zero but for the stride,
 * which is reused afterwards, and is_timed. */
void ms_tick_timer_start(struct ms_tick_timer *timer, ms_tick *tick, void *context);

/* Seconds since the start, without ticks and suspension. */
double ms_tick_timer_seconds(struct ms_tick_timer *timer);

/* Processor seconds of the thread since the start, without ticks. */
double ms_tick_timer_cpu_seconds(const struct ms_tick_timer *timer);

/* For ms_tick_timer_spend: reads the clock, adapts the stride, and calls the tick if it is due. Returns true to stop.
 */
bool ms_tick_timer_look(struct ms_tick_timer *timer);

/* Calls the tick if it is due, without counting work: within a chunk, if that takes long. Returns true if this tick or an
 * earlier one has asked to stop; ms_tick_timer_spend then does so, too. context: a struct ms_tick_timer. */
bool ms_tick_timer_look_within(void *context);

/* Calls the tick, due or not, for work that is not counted. Returns true if it asks to stop. */
bool ms_tick_timer_tick(struct ms_tick_timer *timer);

/* Returns how many of `chunks` chunks may be done before the next look. */
static inline int64_t ms_tick_timer_slice(const struct ms_tick_timer *timer, int64_t chunks)
{
    return chunks < timer->credit ? chunks : timer->credit;
}

/* Counts chunks that were done. Returns true if the tick asks to stop. */
static inline bool ms_tick_timer_spend(struct ms_tick_timer *timer, int64_t chunks)
{
    timer->credit -= chunks;
    return timer->credit <= 0 && ms_tick_timer_look(timer);
}

#endif
