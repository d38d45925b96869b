/* A sweep in rounds: for successive halving, and for rows that are taken over from elsewhere. In each round all
 * trajectories that go on are trained to an iteration count at which rank 0 has something to do. With halving it decides
 * from the rows in the file which of them go on, and writes the rows of those that do not. It needs nothing but the file
 * for that, so a run that resumes decides the same. Then the caller may make rows that need not be trained.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_RUNGS_H
#define MOONSWEEP_SWEEP_RUNGS_H

#include "moonsweep/halving.h"
#include "moonsweep/sweep.h"

/* Runs one sweep. by_node: one rank of each machine writes for all its ranks. Errors: those of ms_sweep_run and
 * ms_node_open. */
enum ms_code ms_rungs_sweep(const struct ms_sweep_spec *spec, bool by_node, struct ms_sweep_summary *summary,
                            struct ms_error *err);

struct ms_rungs_spec {
    struct ms_halving halving; /* keep 0: none */
    bool by_node;
    /* As in struct ms_session_spec. */
    enum ms_code (*take_over)(void *context, struct ms_writer *writer, struct ms_writer_scan *scan,
                              const int64_t *limit, int64_t *goal, bool *again, struct ms_error *err);
    void *context;
};

/* Collective: runs the sweep in rounds. spec: without goal; its scan is not used. scan: that of rank 0, NULL elsewhere; it
 * is brought up to date. The summary is that of all rounds. Errors: those of ms_sweep_run, ms_writer_scan,
 * ms_writer_result and take_over. */
enum ms_code ms_rungs_run(const struct ms_sweep_spec *spec, const struct ms_rungs_spec *rounds,
                          struct ms_writer_scan *scan, struct ms_sweep_summary *summary,
                          struct ms_error *err);

#endif
