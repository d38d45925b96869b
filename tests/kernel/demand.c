/* Ends the harness with a message if something that it needs is missing.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "demand.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_SOFTWARE = 70 };

void demand(bool met, const char *format, ...)
{
    va_list arguments;

    if (met)
        return;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(EXIT_SOFTWARE);
}

void *demand_memory(void *old, size_t bytes)
{
    void *made = realloc(old, bytes ? bytes : 1);

    demand(made != NULL, "no memory for %zu bytes", bytes);
    return made;
}
