/* Calls a tick often enough without reading the clock often: work is counted in chunks, and the clock is read
 * when as many are done as took the last quarter of a millisecond. */
#ifndef MOONSWEEP_TRAIN_PACE_H
#define MOONSWEEP_TRAIN_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/suspension.h"
#include "moonsweep/train.h"

struct ms_pace {
    ms_tick *tick; /* may be NULL */
    void *context;
    int64_t stride; /* chunks between two looks at the clock */
    int64_t credit; /* chunks left until the next one */
    double started_s, looked_s, ticked_s;
    double away_s;      /* spent in ticks since started_s */
    double away_cpu_s;  /* the processor time of that */
    double suspended_s; /* for which the process was suspended since started_s, outside ticks */
    struct ms_suspension suspension;
};

/* Starts counting time and work. A stride found in an earlier start is kept; begin with a zeroed pace. */
void ms_pace_start(struct ms_pace *pace, ms_tick *tick, void *context);

/* Seconds since the start, less those in ticks and those of suspension. */
double ms_pace_seconds(struct ms_pace *pace);

/* For ms_pace_spend: reads the clock, adapts the stride, ticks if it is time to. True: stop. */
bool ms_pace_look(struct ms_pace *pace);

/* Of `chunks` to be done, as many as may be done before the next look. */
static inline int64_t ms_pace_slice(const struct ms_pace *pace, int64_t chunks)
{
    return chunks < pace->credit ? chunks : pace->credit;
}

/* That many were done. True: the tick asks to stop. */
static inline bool ms_pace_spend(struct ms_pace *pace, int64_t chunks)
{
    pace->credit -= chunks;
    return pace->credit <= 0 && ms_pace_look(pace);
}

#endif
