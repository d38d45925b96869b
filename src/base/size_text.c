/* Divides by 1000 until the number has at most three digits before the point.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/size_text.h"

#include <stddef.h>
#include <stdio.h>

const char *ms_size_text(int64_t bytes, char text[MS_SIZE_TEXT_CHARS])
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 999.95 && unit + 1 < sizeof units / sizeof units[0]) {
        size /= 1000;
        unit++;
    }
    (void)snprintf(text, MS_SIZE_TEXT_CHARS, "%.*f %s", unit == 0 ? 0 : 1, size, units[unit]);
    return text;
}
