/* A sweep for measuring the coordinator: many trajectories of one network each, of which nothing is trained, and a small
 * result file, which the coordinator looks at a few times a second.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_COORDINATOR_CASE_H
#define MOONSWEEP_BENCH_COORDINATOR_CASE_H

#include <mpi.h>

#include "moonsweep/sweep.h"
#include "one_network.h"

struct coordinator_case {
    char path[4096]; /* of the result */
    struct one_network one;
    struct ms_dataset dataset;
    struct ms_samples samples; /* only their sizes */
    uint32_t *seeds;
    struct ms_grid grid;
    struct ms_writer_scan scan;
    struct ms_sweep_spec spec; /* of a dedicated coordinator */
};

/* Prepares a sweep of so many trajectories, each of which is long enough for a lease by itself. The result is made in
 * folder. Ends the program if something fails. */
void coordinator_case_open(struct coordinator_case *prepared, const char *folder, int32_t trajectories);
void coordinator_case_close(struct coordinator_case *prepared);

/* Ends the program with the sentence of err unless the code is MS_OK. */
void coordinator_case_must(enum ms_code code, const struct ms_error *err);

#endif
