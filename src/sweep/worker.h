/* A worker asks for leases, trains and stores them, and leaves. Every rank that trains has one.
 *
 *     ms_worker_open(&spec, &worker, err);
 *     ms_worker_run(worker);        // returns when it has left; it sends errors to the coordinator
 *     ms_worker_close(worker);
 *
 * Its states and messages: docs/protocol.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_WORKER_H
#define MOONSWEEP_SWEEP_WORKER_H

#include "mailbox.h"
#include "moonsweep/sweep.h"

struct ms_worker_spec {
    const struct ms_sweep_spec *sweep;
    struct ms_mailbox *mailbox;

    /* Called at every tick and between sleeps: rank 0 runs the coordinator there. May be NULL. */
    void (*besides)(void *context);
    void *context;
};

struct ms_worker;

/* spec is copied. Errors: MS_NO_MEMORY. */
enum ms_code ms_worker_open(const struct ms_worker_spec *spec, struct ms_worker **worker,
                            struct ms_error *err);
void ms_worker_run(struct ms_worker *worker);
void ms_worker_close(struct ms_worker *worker);

#endif
