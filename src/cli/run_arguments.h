/* The command line of `moonsweep run`. */
#ifndef MOONSWEEP_CLI_RUN_ARGUMENTS_H
#define MOONSWEEP_CLI_RUN_ARGUMENTS_H

#include <stdbool.h>

#include "moonsweep/error.h"

/* What rank 0 does besides handing out work: positions among the choices of --coordinator. */
enum { COORDINATOR_TRAINS, COORDINATOR_DEDICATED };

struct run_arguments {
    const char *job, *output, *isa; /* isa: NULL for the best */
    int coordinator;
    int writers;                       /* enum ms_session_writers */
    double checkpoint_s, time_limit_s; /* time_limit_s: INFINITY for none */
    bool force, no_lock, anonymous, quiet;
    struct ms_error *err;
};

/* Sets *helped where help was asked for and given, as usage_parse does. Errors: MS_BAD_USAGE. */
enum ms_code run_arguments_parse(int argc, char **argv, struct run_arguments *arguments, bool *helped,
                                 struct ms_error *err);

#endif
