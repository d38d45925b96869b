/* Leaves the exit status of a rank in a file. tools/launch.sh reads it if it has to end an mpirun that does not
 * end by itself, from which the status would otherwise come. Nobody needs the file if it cannot be written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "status_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void status_file_write(int status)
{
    const char *path = getenv("MOONSWEEP_STATUS_FILE");
    const int descriptor = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;

    if (descriptor < 0)
        return;
    (void)dprintf(descriptor, "%d\n", status);
    (void)close(descriptor);
}
