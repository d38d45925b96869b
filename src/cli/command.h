/* The subcommands: each is one function in a separate file, command_<name>.c; main.c has the table.
 *
 * A command gets its own argument vector (argv[0] is its name), prints its results on standard output, and
 * returns a code with a message in err, which main prints. If the message is empty (err->text[0] == 0) and the code is
 * not MS_OK, main prints nothing: another rank does, or the exit status is sufficient.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_COMMAND_H
#define MOONSWEEP_CLI_COMMAND_H

#include "moonsweep/error.h"

typedef enum ms_code command_function(int argc, char **argv, struct ms_error *err);

command_function command_run, command_show, command_status, command_stop, command_verify, command_predict,
    command_data, command_plan, command_best, command_kernels;

#endif
