/* Times of benchmarks: what is compared is measured in turns, several rounds of them, and the median is told. */
#ifndef MOONSWEEP_BENCH_STOPWATCH_H
#define MOONSWEEP_BENCH_STOPWATCH_H

/* Seconds that this thread has had a processor, which other processes do not lengthen. */
double stopwatch_now_s(void);

/* The median of times[n], which are sorted; n >= 1. */
double stopwatch_median(double *times, int n);

#endif
