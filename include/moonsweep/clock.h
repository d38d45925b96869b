/* Three clocks: monotonic time for measuring, wall-clock time for files, and the processor time of this thread; and a
 * sleep. */
#ifndef MOONSWEEP_CLOCK_H
#define MOONSWEEP_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since some instant in the past; never decreases. */
double ms_clock_monotonic_s(void);

/* Seconds since 1970-01-01T00:00:00Z. */
double ms_clock_wall_s(void);

/* Processor seconds used by this thread. */
double ms_clock_thread_s(void);

/* Sleeps for that many seconds; signals that are handled meanwhile do not shorten the sleep. */
void ms_clock_sleep(double seconds);

#ifdef __cplusplus
}
#endif

#endif
