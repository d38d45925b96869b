/* The command line of `moonsweep run`.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_RUN_ARGUMENTS_H
#define MOONSWEEP_CLI_RUN_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* The largest number of older results. */
enum { RUN_MOST_FROM = 64 };

struct run_arguments {
    const char *job, *output, *isa;    /* isa: NULL for the best one */
    int coordinator;                   /* enum ms_session_coordinator */
    int writers;                       /* enum ms_session_writers */
    double checkpoint_s, time_limit_s; /* time_limit_s: INFINITY for none */
    double rank_timeout_s;             /* 0: never */
    int64_t stop_after_failures;       /* 0: never */
    char *set;                         /* owned: the settings, as for ms_job_read_set; NULL: none */
    const char *from[RUN_MOST_FROM];   /* older results to take over from */
    int n_from;
    int32_t team_cores; /* the processors that this rank may use, for teams; 0: without teams */
    bool force, no_lock, no_cycle_detection, no_teams, anonymous, quiet;
    struct ms_error *err;
};

/* Parses the command line, and what the environment says of cores. *helped: help was requested and printed, as by
 * usage_parse. The caller frees arguments->set, also after an error. Errors: MS_BAD_USAGE. */
enum ms_code run_arguments_parse(int argc, char **argv, struct run_arguments *arguments, bool *helped,
                                 struct ms_error *err);

#endif
