/* The path of an error through the program: where it was raised, and the calls that pass it on.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_ERROR_TRACE_H
#define MOONSWEEP_ERROR_TRACE_H

#include "moonsweep/error.h"

#ifdef MS_ERROR_TRACE

/* Prints to standard error, for each function from the caller's caller up to main, the file, the line that is being
 * executed and the function's name, unless the environment variable MOONSWEEP_ERROR_TRACE is "off". Leaves errno
 * unchanged. */
void ms_error_trace(enum ms_code code);

#else

/* Only debug builds print it (meson's option error_trace). */
static inline void ms_error_trace(enum ms_code code)
{
    (void)code;
}

#endif

#endif
