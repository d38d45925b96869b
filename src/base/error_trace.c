/* Walks over the functions that are running when an error is raised. A function that receives an error returns it to
 * its caller unchanged, so these are the functions through which the error will pass, and nothing has to be recorded
 * on the way. libbacktrace, a part of gcc, reads files, lines and names from the debug information. Functions that the
 * compiler has inlined are shown as well; those of libraries without debug information are left out.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "error_trace.h"

#include <backtrace.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
/* What the debug information says; NULL if there is none, or if no trace is wanted. */
static struct backtrace_state *state;

/* Without debug information there is no trace. The error itself is reported as always. */
static void ignore(void *unused, const char *message, int cause)
{
    (void)unused;
    (void)message;
    (void)cause;
}

static void create_state(void)
{
    const char *asked = getenv("MOONSWEEP_ERROR_TRACE");

    if (asked == NULL || strcmp(asked, "off") != 0)
        state = backtrace_create_state(NULL, true, ignore, NULL);
}

/* The path below the source folder: the compiler is started in the build folder, with paths like ../../src/base. */
static const char *below_source(const char *path)
{
    const char *found = path;

    for (const char *up = strstr(path, "../"); up != NULL; up = strstr(found, "../"))
        found = up + strlen("../");
    return found;
}

/* Prints one level. Returns 1, which ends the walk, at main. */
static int print_level(void *unused, uintptr_t address, const char *path, int line, const char *function)
{
    (void)unused;
    (void)address;
    if (path == NULL || function == NULL)
        return 0;
    (void)fprintf(stderr, "    %s:%d: %s\n", below_source(path), line, function);
    return strcmp(function, "main") == 0;
}

void ms_error_trace(enum ms_code code)
{
    const int callers_errno = errno;

    (void)pthread_once(&once, create_state);
    if (state != NULL) {
        (void)fprintf(stderr, "moonsweep: an error of status %d was raised at\n", ms_exit_status(code));
        /* Leaves out this function and ms_fail. */
        (void)backtrace_full(state, 2, print_level, ignore, NULL);
    }
    errno = callers_errno;
}
