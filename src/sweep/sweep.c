/* Opens the parts of this rank: the coordinator on rank 0, a worker unless the rank only coordinates. The
 * worker calls `serve` at every tick and while it waits, so that rank 0 answers the others during its own
 * training; after its worker has left, rank 0 serves until all others have left too.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/sweep.h"

#include "coordinator.h"
#include "moonsweep/agree.h"
#include "node.h"
#include "wait.h"
#include "worker.h"

/* The longest sleep of a coordinator that does not train. */
enum { LOOK_LIMIT_NS = 1000 * 1000 };

/* The parts of a sweep that run on this rank. */
struct parts {
    struct ms_mailbox mailbox;
    struct ms_coordinator *coordinator; /* rank 0 */
    struct ms_worker *worker;           /* NULL if the rank only coordinates */
    struct ms_node *node;               /* NULL: each rank writes for itself */
};

/* The work that a rank does for other ranks, at every tick and while it waits. */
static void serve(void *context)
{
    struct parts *parts = context;

    if (parts->coordinator != NULL)
        ms_coordinator_serve(parts->coordinator);
    ms_node_serve(parts->node);
}

static enum ms_code open_parts(const struct ms_sweep_spec *spec, struct parts *parts, struct ms_error *err)
{
    struct ms_worker_spec worker_spec = {.sweep = spec, .mailbox = &parts->mailbox};
    enum ms_code code = MS_OK;
    int rank, ranks;

    MPI_Comm_rank(spec->comm, &rank);
    MPI_Comm_size(spec->comm, &ranks);
    parts->node = spec->node;
    if (rank == MS_COORDINATOR_RANK)
        code = ms_coordinator_open(spec, &parts->mailbox, &parts->coordinator, err);
    if (parts->coordinator != NULL || parts->node != NULL) {
        worker_spec.besides = serve;
        worker_spec.context = parts;
        ms_writer_while_waiting(spec->writer, serve, parts);
    }
    if (code == MS_OK && !(rank == MS_COORDINATOR_RANK && ranks > 1 && spec->dedicated_coordinator))
        code = ms_worker_open(&worker_spec, &parts->worker, err);
    return code;
}

static void wait_for_the_others(struct parts *parts)
{
    struct ms_wait wait = ms_wait_begin(LOOK_LIMIT_NS);

    for (serve(parts); !ms_coordinator_is_over(parts->coordinator); serve(parts))
        ms_wait_sleep(&wait);
}

enum ms_code ms_sweep_run(const struct ms_sweep_spec *spec, struct ms_sweep_summary *summary,
                          struct ms_error *err)
{
    struct parts parts = {0};
    enum ms_code code;

    ms_mailbox_open(&parts.mailbox, spec->comm);
    code = ms_agree(spec->comm, open_parts(spec, &parts, err), err);
    if (code != MS_OK)
        goto cleanup;

    if (parts.worker != NULL)
        ms_worker_run(parts.worker);
    else if (spec->team != NULL)
        ms_team_end_training(spec->team);
    if (parts.coordinator != NULL) {
        wait_for_the_others(&parts);
        code = ms_coordinator_result(parts.coordinator, summary, err);
    }
    ms_node_finish(parts.node);
    code = ms_agree(spec->comm, code, err);

cleanup:
    ms_writer_while_waiting(spec->writer, NULL, NULL);
    ms_worker_close(parts.worker);
    ms_coordinator_close(parts.coordinator);
    ms_mailbox_close(&parts.mailbox);
    return code;
}
