/* Lines of the files in /proc and /sys.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_SYSTEM_LINE_H
#define MOONSWEEP_CLI_SYSTEM_LINE_H

#include <stdbool.h>

enum { SYSTEM_LINE_BYTES = 16384 };

/* Reads the first line of a file that begins with `name` into line, without it and the blanks after it. Returns whether
 * there is one. */
bool system_line_read(const char *path, const char *name, char line[SYSTEM_LINE_BYTES]);

#endif
