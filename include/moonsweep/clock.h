/* Three clocks: one to measure with, one to write into files, and the processor time of this thread; and waiting. */
#ifndef MOONSWEEP_CLOCK_H
#define MOONSWEEP_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since some instant in the past; never goes back. */
double ms_clock_monotonic_s(void);

/* Seconds since 1970-01-01T00:00:00Z. */
double ms_clock_wall_s(void);

/* Seconds for which this thread has had a processor. */
double ms_clock_thread_s(void);

/* Sleeps for so many seconds; signals that are handled meanwhile do not shorten it. */
void ms_clock_sleep(double seconds);

#ifdef __cplusplus
}
#endif

#endif
