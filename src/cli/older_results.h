/* The older results that `moonsweep run --from` takes over from, on rank 0.
 *
 *     older_results_open(&spec, &results, err)                    // before anything is created
 *     ... results->starts ...
 *     older_results_take(results, writer, scan, &goals, &again, err)     // a take_over of struct ms_session_spec
 *     older_results_close(results)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_OLDER_RESULTS_H
#define MOONSWEEP_CLI_OLDER_RESULTS_H

#include <signal.h>

#include "moonsweep/job.h"
#include "moonsweep/older.h"
#include "moonsweep/writer.h"

struct older_results;

struct older_results_spec {
    const char *const *paths; /* [n] */
    int n;
    const char *output;                  /* the result that is written */
    const struct ms_job *job;            /* its job */
    const struct ms_writer_spec *result; /* its contents */
    const volatile sig_atomic_t *stop;   /* ends older_results_take early */
    bool is_anonymous; /* store neither the names of the older results, nor their hosts and command lines */
    bool is_quiet;
};

/* Opens all older results and finds out what they contain for the job. Errors: MS_BAD_USAGE (one of them is the output),
 * MS_OTHER_JOB (nothing in one of them can be used, with the reason), MS_BAD_INPUT, and those of ms_older_open and
 * ms_older_match. */
enum ms_code older_results_open(const struct older_results_spec *spec, struct older_results **results,
                                struct ms_error *err);

/* How many trajectories may continue from a state of an older result: struct ms_writer_spec. */
int64_t older_results_starts(const struct older_results *results);

/* Takes over from all of them, in their order, and reports it on standard error unless quiet. goals: as for ms_older_take.
 * *again: what was taken over may allow to take over more, or change the goals. When nothing is left to be taken over, it
 * closes the files. Errors: those of ms_older_take. */
enum ms_code older_results_take(struct older_results *results, struct ms_writer *writer,
                                struct ms_writer_scan *scan, const struct ms_older_goals *goals, bool *again,
                                struct ms_error *err);

/* results may be NULL. */
void older_results_close(struct older_results *results);

#endif
