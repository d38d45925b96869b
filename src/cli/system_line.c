/* Reads one line of a file of the kernel. A file that does not exist has no lines.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "system_line.h"

#include <stdio.h>
#include <string.h>

bool system_line_read(const char *path, const char *name, char line[SYSTEM_LINE_BYTES])
{
    FILE *file = fopen(path, "r");
    bool is_found = false;

    while (file && !is_found && fgets(line, SYSTEM_LINE_BYTES, file))
        is_found = strncmp(line, name, strlen(name)) == 0;
    if (file)
        (void)fclose(file);
    if (is_found) {
        const size_t skipped = strlen(name) + strspn(line + strlen(name), " \t");

        memmove(line, line + skipped, strlen(line + skipped) + 1);
    }
    return is_found;
}
