/* How long something has waited to be written or flushed. A rank that is killed loses the work of that time, so
 * the age is counted in processor time of the thread. Where many ranks share a core, each gets little of it, and would
 * otherwise write and flush the few rows that it has trained in half a second of the clock.
 *
 *     if something waits that did not:  ms_age_begin(&age);
 *     often:                            if (ms_age_is_due(&age)) { write it; ms_age_end(&age); }
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_AGE_H
#define MOONSWEEP_STORE_AGE_H

#include <stdbool.h>

/* Zeros while nothing waits. */
struct ms_age {
    bool waits;
    double since_s, since_cpu_s; /* monotonic; of the thread */
};

/* Begins, unless something waits already. */
void ms_age_begin(struct ms_age *age);

void ms_age_end(struct ms_age *age);

/* Whether something waits that is due. Only reads clocks. */
bool ms_age_is_due(const struct ms_age *age);

/* Whether something is due that has waited for so many seconds, in which the thread has had so many of the processor: half
 * a second of these, or two of those. */
bool ms_age_is_due_after(double elapsed_s, double cpu_s);

#endif
