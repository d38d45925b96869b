/* Keeps commands from replacing the files that they read.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_INPUTS_H
#define MOONSWEEP_CLI_INPUTS_H

#include "moonsweep/job.h"

/* Refuses an output that is the job file itself, or a file with its samples, under whatever name. command: the
 * subcommand, for the message. Errors: MS_BAD_USAGE, MS_NO_MEMORY. */
enum ms_code inputs_check_output(const char *command, const struct ms_job *job, const char *output,
                                 struct ms_error *err);

#endif
