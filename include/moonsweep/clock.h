/* Three clocks: monotonic time for measuring, wall-clock time for files, and the processor time of this thread; wall-clock
 * time as text; and a sleep.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLOCK_H
#define MOONSWEEP_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since some instant in the past; never decreases. */
double ms_clock_monotonic_s(void);

/* Seconds since 1970-01-01T00:00:00Z. */
double ms_clock_wall_s(void);

/* Writes a wall-clock time as 2026-01-31T12:34:56Z. */
enum { MS_CLOCK_UTC_BYTES = 32 };
void ms_clock_utc(double wall_s, char text[MS_CLOCK_UTC_BYTES]);

/* Processor seconds used by this thread. */
double ms_clock_thread_s(void);

/* Sleeps for that many seconds; signals that are handled meanwhile do not shorten the sleep. */
void ms_clock_sleep(double seconds);

#ifdef __cplusplus
}
#endif

#endif
