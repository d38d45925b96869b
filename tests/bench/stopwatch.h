/* Time measurement for benchmarks. Alternatives are measured in turns, for several rounds, and the median is
 * reported.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_STOPWATCH_H
#define MOONSWEEP_BENCH_STOPWATCH_H

/* Returns the processor time of this thread in seconds, on which other processes have no effect. */
double stopwatch_now_s(void);

/* Sorts times[n] and returns the median; n >= 1. */
double stopwatch_median(double *times, int n);

#endif
