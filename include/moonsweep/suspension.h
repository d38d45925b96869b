/* Finds the time during which a process was suspended: stopped by a signal (Ctrl-Z, `scontrol suspend`), or frozen
 * with its container. No system tells a process about that afterwards, so it is recognized by what it looks like
 * from inside: two looks that should be milliseconds apart are a second or more apart, and the thread had the
 * processor for less than half of that.
 *
 *     struct ms_suspension suspension = {0};
 *     ms_suspension_begin(&suspension, now_s);                            // time before does not count
 *     suspended_s += ms_suspension_look(&suspension, now_s);              // often
 *
 * Shorter pauses are those of a busy machine, where a thread waits for its core: they count as time in use. A thread
 * that gets no core for a whole second cannot be told from a suspended one and counts as one. */
#ifndef MOONSWEEP_SUSPENSION_H
#define MOONSWEEP_SUSPENSION_H

#ifdef __cplusplus
extern "C" {
#endif

struct ms_suspension {
    double looked_s; /* the last look */
    double
        read_s; /* when the thread's processor time was last read: at most every 50 ms, it is a system call */
    double processor_s; /* and what it was */
};

/* The calls of one struct come from one thread, in the order of now_s (monotonic seconds). */
void ms_suspension_begin(struct ms_suspension *suspension, double now_s);

/* Seconds of suspension since the last look; 0 if the process was not suspended. */
double ms_suspension_look(struct ms_suspension *suspension, double now_s);

/* The decision alone: how much of a gap of gap_s seconds between two looks was suspension, if the thread has had the
 * processor for processor_s seconds of it. */
double ms_suspension_of_gap(double gap_s, double processor_s);

#ifdef __cplusplus
}
#endif

#endif
