/* Two handlers for the same signals. The first one ends the process, with functions that a handler may
 * call; the second one only sets a flag. Which signals were ignored is found out before any library can
 * change it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "stop_signal.h"

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "moonsweep/error.h"

static volatile sig_atomic_t stop;

static void set_stop(int number)
{
    (void)number;
    stop = 1;
}

/* Set before the handler that uses it: a handler may call few functions. */
static int stopped_status;

static void end(int number)
{
    static const char sentence[] =
        "moonsweep: stopped by a signal before MPI had started, nothing was written; "
        "run the same command again\n";

    ssize_t written = write(STDERR_FILENO, sentence, sizeof sentence - 1);

    (void)number;
    (void)written; /* without a reader of the sentence, the status says it */
    _exit(stopped_status);
}

enum { SIGNALS = 5 };
static const int numbers[SIGNALS] = {SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGXCPU};

static bool was_ignored[SIGNALS];

static void remember_ignored(void)
{
    struct sigaction action;

    for (size_t i = 0; i < SIGNALS; i++)
        was_ignored[i] = sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* The C library calls it before it initializes shared libraries. Later it would be too late: UCX, which MPICH and Open
 * MPI 5 use, handles HUP as soon as it is loaded, and MPI_Init of MPICH handles USR1, even if they were ignored. */
__attribute__((section(".preinit_array"), used)) static void (*const at_start)(void) = remember_ignored;

/* Sets the handler of all signals that stop a sweep. Those that were ignored when the program started stay ignored. */
static void handle_by(void (*handler)(int))
{
    struct sigaction action = {.sa_flags = SA_RESTART};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++) {
        action.sa_handler = was_ignored[i] ? SIG_IGN : handler;
        (void)sigaction(numbers[i], &action, NULL);
    }
}

void stop_signal_end_at_once(void)
{
    stopped_status = ms_exit_status(MS_WORK_LEFT);
    handle_by(end);
}

const volatile sig_atomic_t *stop_signal_watch(void)
{
    handle_by(set_stop);
    return &stop;
}
