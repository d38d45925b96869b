/* Trains configurations of a result again, from their initial parameters, and compares every bit.
 *
 *     struct retrain_spec spec = {.path = path, .verification = verification, .stored = &stored, .count = 5, .seed = 7,
 *     ...}; retrain(&spec, &summary, err)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_RETRAIN_H
#define MOONSWEEP_CLI_RETRAIN_H

#include "moonsweep/verify.h"
#include "stored_job.h"

struct retrain_spec {
    const char *path;
    struct ms_verification *verification; /* of a file that HDF5 can read */
    const struct stored_job *stored;      /* must be known */
    int64_t count;                        /* of final configurations, chosen at random; INT64_MAX: all */
    uint32_t seed;                        /* of that choice */
    const char *isa;                      /* of the kernel; NULL: the best one */
};

struct retrain_summary {
    int64_t chosen;   /* configurations */
    int64_t compared; /* these, and the final ones with fewer iterations */
    int64_t dropped; /* all dropped configurations, compared with what follows from the rows of their rungs */
    int64_t iterations;
    double seconds;
};

/* Trains, and compares the costs, the parameters and everything computed from them; the verification reports
 * differences. Prints on standard error what will be trained and how long the original training took, and on a terminal
 * the progress. Errors:
 * MS_BAD_INPUT (the file has other numerics, or sizes that are not its job's), MS_BAD_USAGE (isa), MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code retrain(const struct retrain_spec *spec, struct retrain_summary *summary, struct ms_error *err);

#endif
