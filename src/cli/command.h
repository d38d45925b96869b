/* The subcommands: each is a file of its own, command_<name>.c, with one function; main.c has the table.
 *
 * A command gets its own argument vector (argv[0] is its name), prints its results on standard output, and
 * returns a code with one sentence in err, which main prints. An empty sentence (err->text[0] == 0) with a
 * code other than MS_OK means that nothing is to be printed: another rank does, or the code says it all. */
#ifndef MOONSWEEP_CLI_COMMAND_H
#define MOONSWEEP_CLI_COMMAND_H

#include "moonsweep/error.h"

typedef enum ms_code command_function(int argc, char **argv, struct ms_error *err);

command_function command_run, command_show, command_status, command_stop, command_verify, command_predict,
    command_data;

#endif
