/* Tells the launcher the exit status.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_STATUS_FILE_H
#define MOONSWEEP_CLI_STATUS_FILE_H

/* Appends the exit status as a line to the file that MOONSWEEP_STATUS_FILE names, if it is set and the file exists. */
void status_file_write(int status);

#endif
