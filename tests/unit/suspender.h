/* Suspends this process for a while, as Ctrl-Z and fg do, to see what it makes of that. */
#ifndef MOONSWEEP_TESTS_UNIT_SUSPENDER_H
#define MOONSWEEP_TESTS_UNIT_SUSPENDER_H

#include <stdbool.h>

/* Starts a process that stops this one after `after_s` seconds and continues it `for_s` seconds later. The test goes on
 * at once; suspender_is_over says whether all that has happened (true once: the process is gone then). */
struct suspender {
    int pid;
};
struct suspender suspender_start(double after_s, double for_s);
bool suspender_is_over(const struct suspender *suspender);

#endif
