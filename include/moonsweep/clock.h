/* Three clocks: one to measure with, one to write into files, and the processor time of this thread. */
#ifndef MOONSWEEP_CLOCK_H
#define MOONSWEEP_CLOCK_H

/* Seconds since some instant in the past; never goes back. */
double ms_clock_monotonic_s(void);

/* Seconds since 1970-01-01T00:00:00Z. */
double ms_clock_wall_s(void);

/* Seconds for which this thread has had a processor. */
double ms_clock_thread_s(void);

#endif
