/* Detects the time during which a process was suspended: stopped by a signal (Ctrl-Z, `scontrol suspend`), or frozen
 * with its container. No system reports this to a process afterwards, so it is inferred: two looks at the clock that
 * should be milliseconds apart are a second or more apart, and the thread had the processor for less than half of that.
 *
 *     ms_suspension_begin(&suspension, now_s, ms_clock_thread_s());       // time before does not count
 *     suspended_s += ms_suspension_look(&suspension, now_s);              // often
 *
 * Shorter pauses are normal on a busy machine, where a thread waits for its core: they count as time in use. A thread
 * that gets no core for a whole second cannot be distinguished from a suspended one and counts as suspended.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SUSPENSION_H
#define MOONSWEEP_SUSPENSION_H

#ifdef __cplusplus
extern "C" {
#endif

struct ms_suspension {
    double looked_s; /* the time of the last look */
    double read_s;   /* when the thread's processor time was last read, which is a system call: every 50 ms */
    double processor_s; /* the processor time that was read then */
};

/* processor_s: what ms_clock_thread_s (moonsweep/clock.h) returned at about the same time. All calls for one struct come
 * from one thread, with now_s (monotonic seconds) in ascending order. */
void ms_suspension_begin(struct ms_suspension *suspension, double now_s, double processor_s);

/* Seconds of suspension since the last look; 0 if the process was not suspended. */
double ms_suspension_look(struct ms_suspension *suspension, double now_s);

/* Only decides: how much of a gap of gap_s seconds between two looks was suspension, if the thread had the processor
 * for processor_s seconds of it. */
double ms_suspension_of_gap(double gap_s, double processor_s);

#ifdef __cplusplus
}
#endif

#endif
