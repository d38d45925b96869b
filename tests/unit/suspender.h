/* Suspends this process for a while, as Ctrl-Z and fg do.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_UNIT_SUSPENDER_H
#define MOONSWEEP_TESTS_UNIT_SUSPENDER_H

#include <stdbool.h>

/* Starts another process, which stops this one after `after_s` seconds and continues it `for_s` seconds later, and
 * returns at once. suspender_is_over returns whether that process has ended; once it has returned true, it must not be
 * called again. */
struct suspender {
    int pid;
};
struct suspender suspender_start(double after_s, double for_s);
bool suspender_is_over(const struct suspender *suspender);

#endif
