/* The signals that stop a sweep cleanly: USR1, which every launcher passes on immediately, TERM, INT, HUP (the terminal
 * was closed) and XCPU (the soft limit of processor time was reached: ulimit -t, batch systems).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_STOP_SIGNAL_H
#define MOONSWEEP_CLI_STOP_SIGNAL_H

#include <signal.h>

/* From now on each of these signals ends the process with the exit status of a sweep that was stopped, and with a
 * sentence on standard error. For the time in which nothing has been written and MPI starts, which cannot be interrupted
 * in another way and may hang. A signal that is ignored stays ignored. */
void stop_signal_end_at_once(void);

/* From now on each of these signals only sets the returned flag to 1. (The flag is global, because signal handlers have
 * no context.) A signal that was ignored when the program started stays ignored: nohup ignores HUP in this way, and a
 * script ignores INT in what it starts in the background. */
const volatile sig_atomic_t *stop_signal_watch(void);

#endif
