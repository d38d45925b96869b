/* The part of each rank that trains: it asks for leases, trains their trajectories and reports what it has
 * done, until it is told to leave. It keeps these invariants of docs/protocol.md:
 *
 *   I2   It has at most one unanswered ASK, and at most two leases: the one that it trains and the next one.
 *   I5   It makes everything durable before it sends LEFT, and before it idles: rows wait for half a second of its
 *        processor time and for two seconds at most while it trains, and for 0.1 s while it waits for work.
 *   I11  Whatever ends a sweep early, a worker that is training stores a checkpoint before it sends LEFT, unless
 *        storing itself has failed. It does not wait for a message to do so.
 *   I15  Before it sends FINISH for a slice, the state at its end is durable in the file, with all costs and rows before.
 *
 * It relies on I6 (coordinator.c): nothing is sent to it after GOODBYE.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "worker.h"

#include <stdlib.h>

#include "guard.h"
#include "lease_log.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/coordination.h"
#include "stored_trajectory.h"
#include "wait.h"

/* The longest interval between ticks, in which rank 0 serves the others. */
static const double tick_interval_s = 0.001;

/* A worker that trains looks for messages in each tick of such a number, or after such a time. Nothing that it may receive
 * is urgent, and it looks again when it has trained its lease; but to look takes time, and if nothing has arrived and ranks
 * share cores, MPI gives the core to another rank. */
enum { TICKS_UNTIL_LISTEN = 8 };
static const double listen_interval_s = 0.25;

/* The longest sleeps. Rank 0 answers within a tick, about a millisecond, unless it has to wait for its core; a worker that
 * waits longer than that, too, makes its rows durable. After LEFT nothing is urgent. */
enum {
    ANSWER_LIMIT_NS = 1000 * 1000,
    FLUSH_AFTER_NS = 100 * 1000 * 1000,
    GOODBYE_LIMIT_NS = 5 * 1000 * 1000
};

struct ms_worker {
    struct ms_worker_spec spec;
    struct ms_stored_trajectory_spec trajectory_spec;
    int rank;
    struct ms_grid_member *members; /* [ms_grid_max_members] owned: those of the trajectory in training */
    struct ms_kept_training kept;   /* owned, in the memory that follows */
    struct ms_train_memory memory;  /* owned */
    struct ms_lease_log lease_log;
    struct ms_lease next; /* to be trained after the current one */
    bool has_next;
    bool leave;     /* LEAVE has arrived: finish the leases and leave */
    int64_t row;    /* of /leases for the time of helping, as LEAVE has said; -1: none */
    bool abort;     /* ABORT has arrived, or an error or a stop: stop training */
    bool told_stop; /* the stop flag was seen and STOP was sent */
    bool failed;
    bool left;    /* LEFT was sent: nothing more may be sent (I6) */
    bool goodbye; /* GOODBYE has arrived: nothing more will come */
    struct ms_totals totals;
    double first_ask_s, last_report_s, last_tick_s, last_listen_s;
    int ticks_since_listen;

    /* Between reports of totals to the coordinator, which are signs of life too: also from a rank without work, but not
     * from one that waits for the file system. */
    double report_interval_s;
    struct ms_guard guard; /* of rank 0 */
};

enum ms_code ms_worker_open(const struct ms_worker_spec *spec, struct ms_worker **worker,
                            struct ms_error *err)
{
    struct ms_worker *opened = calloc(1, sizeof *opened);
    int ranks;

    if (opened != NULL)
        opened->members = calloc((size_t)ms_grid_max_members(spec->sweep->grid), sizeof *opened->members);
    if (opened == NULL || opened->members == NULL) {
        free(opened);
        return ms_fail_memory(err, NULL, "to train");
    }
    opened->spec = *spec;
    opened->row = -1;
    opened->totals = (struct ms_totals){.best = ms_best_none};
    MPI_Comm_rank(spec->sweep->comm, &opened->rank);
    MPI_Comm_size(spec->sweep->comm, &ranks);
    opened->report_interval_s = ms_coordination_report_s(ranks);
    *worker = opened;
    return MS_OK;
}

void ms_worker_close(struct ms_worker *worker)
{
    if (worker == NULL)
        return;
    ms_kept_training_close(&worker->kept);
    ms_train_memory_free(&worker->memory);
    free(worker->members);
    free(worker);
}

/* ---- messages to and from the coordinator -------------------------------------------------------------- */

static void tell(struct ms_worker *worker, const struct ms_message *message)
{
    if (!worker->left)
        ms_mailbox_send(worker->spec.mailbox, MS_COORDINATOR_RANK, message);
}

/* Sends the first error of this rank to the coordinator, which then tells every rank to leave. */
static void fail(struct ms_worker *worker, const struct ms_error *err)
{
    struct ms_message message = {.kind = MS_MESSAGE_ERROR, .error = *err};

    worker->abort = true;
    if (worker->failed)
        return;
    worker->failed = true;
    ms_agree_sign(worker->spec.sweep->comm, &message.error);
    tell(worker, &message);
}

static void report_totals(struct ms_worker *worker, enum ms_message_kind kind)
{
    tell(worker, &(struct ms_message){.kind = kind, .totals = worker->totals});
    worker->last_report_s = ms_clock_monotonic_s();
}

static void listen(struct ms_worker *worker)
{
    struct ms_message message;
    struct ms_error err;
    bool arrived = true;

    worker->last_listen_s = ms_clock_monotonic_s();
    worker->ticks_since_listen = 0;
    while (arrived) {
        int from;

        if (ms_mailbox_receive(worker->spec.mailbox, MS_WORKER, &arrived, &from, &message, &err) != MS_OK) {
            fail(worker, &err);
            continue;
        }
        if (!arrived)
            return;
        switch (message.kind) {
        case MS_MESSAGE_LEASE:
            worker->next = message.lease;
            worker->has_next = true;
            break;
        case MS_MESSAGE_LEAVE:
            worker->leave = true;
            worker->row = message.leave_row;
            break;
        case MS_MESSAGE_GOODBYE:
            worker->goodbye = true;
            break;
        case MS_MESSAGE_ALIVE:
            ms_guard_sign(&worker->guard);
            break;
        default: /* ABORT: the mailbox accepts no other messages to a worker */
            worker->abort = true;
            break;
        }
    }
}

/* What a worker does at every tick and between its sleeps, besides looking for messages. */
static void look_around(struct ms_worker *worker)
{
    const struct ms_sweep_spec *sweep = worker->spec.sweep;

    if (worker->spec.besides != NULL)
        worker->spec.besides(worker->spec.context);
    ms_guard_look(&worker->guard);
    if (ms_clock_monotonic_s() - worker->last_report_s >= worker->report_interval_s && !worker->left &&
        ms_mailbox_is_sent(worker->spec.mailbox))
        report_totals(worker, MS_MESSAGE_TOTALS);
    if (sweep->stop != NULL && *sweep->stop != 0 && !worker->told_stop) {
        worker->told_stop = true;
        worker->abort = true; /* immediately (I11): launchers kill soon after some signals */
        tell(worker, &(struct ms_message){.kind = MS_MESSAGE_STOP});
    }
}

static void look_up(struct ms_worker *worker)
{
    listen(worker);
    look_around(worker);
}

/* The training's tick. */
static bool tick(void *context)
{
    struct ms_worker *worker = context;
    struct ms_error err;

    worker->last_tick_s = ms_clock_monotonic_s();
    if (++worker->ticks_since_listen >= TICKS_UNTIL_LISTEN ||
        worker->last_tick_s - worker->last_listen_s >= listen_interval_s)
        listen(worker);
    look_around(worker);
    if (!worker->abort && ms_writer_tick(worker->spec.sweep->writer, &err) != MS_OK)
        fail(worker, &err);
    return worker->abort;
}

/* ---- leases -------------------------------------------------------------------------------------------- */

static enum ms_code record_lease(struct ms_worker *worker, const struct ms_lease *lease, double started,
                                 struct ms_error *err)
{
    struct ms_writer_lease record = {
        .row = lease->id,
        .rank = worker->rank,
        .first_trajectory = lease->first_trajectory,
        .count = lease->count,
        .from_iteration = lease->from_iteration,
        .to_iteration = lease->to_iteration,
        .started = started,
        .finished = ms_clock_wall_s(),
    };
    bool is_missing = false;
    enum ms_code code = ms_lease_log_write(&worker->lease_log, worker->spec.sweep->writer, &record,
                                           &is_missing, err);

    worker->totals.unrecorded += is_missing;
    return code;
}

/* Trains every trajectory of a lease; *end: how that of the last one has ended. */
static enum ms_code train_all(struct ms_worker *worker, const struct ms_lease *lease,
                              enum ms_trajectory_end *end, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    /* The training of a trajectory that is shorter than the interval of ticks does not tick. */
    *end = MS_TRAJECTORY_TRAINED;
    for (int64_t t = lease->first_trajectory;
         code == MS_OK && *end != MS_TRAJECTORY_STOPPED && t < lease->first_trajectory + lease->count; t++) {
        if (ms_clock_monotonic_s() - worker->last_tick_s >= tick_interval_s && tick(worker)) {
            *end = MS_TRAJECTORY_STOPPED;
            break;
        }
        code = ms_stored_trajectory_train(&worker->trajectory_spec, lease, t, &worker->totals, end, err);
    }
    return code;
}

/* Trains and records a lease. */
static enum ms_code train_lease(struct ms_worker *worker, const struct ms_lease *lease,
                                enum ms_trajectory_end *end, struct ms_error *err)
{
    struct ms_writer *writer = worker->spec.sweep->writer;
    const double started = ms_clock_wall_s();
    enum ms_code code = train_all(worker, lease, end, err);

    /* FINISH releases the lease's slots: the rows that replace their checkpoints must be on disk by then (I10). After a
     * slice, the next rank must find all that this one has stored (I15). */
    if (code == MS_OK && *end != MS_TRAJECTORY_STOPPED &&
        (lease->is_slice || ms_writer_has_checkpoint(writer)))
        code = ms_writer_flush(writer, err);
    if (code == MS_OK)
        code = record_lease(worker, lease, started, err);
    worker->totals.span_s = ms_clock_monotonic_s() - worker->first_ask_s;
    return code;
}

/* What is known at the start of a lease, to report what it takes. */
struct instant {
    struct ms_totals totals;
    double wall_s, cpu_s; /* monotonic; of this thread */
};

static struct instant instant_now(const struct ms_worker *worker)
{
    return (struct instant){
        .totals = worker->totals, .wall_s = ms_clock_monotonic_s(), .cpu_s = ms_clock_thread_s()};
}

/* A slice takes the time that passes, of which the disk may take most. Other leases are reported in processor time: they
 * are often short, and where a rank has to wait for its core, the time that passes says nothing about their work. */
static void report_finish(struct ms_worker *worker, const struct ms_lease *lease, const struct instant *start,
                          bool has_ended)
{
    const struct instant now = instant_now(worker);
    const double suspended_s = now.totals.suspended_s - start->totals.suspended_s;
    struct ms_finish finish = {
        .lease = lease->id,
        .work = now.totals.work_trained - start->totals.work_trained,
        .train_s = now.totals.cpu_s - start->totals.cpu_s,
        .seconds = now.cpu_s - start->cpu_s,
        .has_ended = has_ended,
    };

    if (lease->is_slice) {
        finish.train_s = now.totals.train_s - start->totals.train_s;
        finish.seconds = now.wall_s - start->wall_s - suspended_s;
    }
    tell(worker, &(struct ms_message){.kind = MS_MESSAGE_FINISH, .finish = finish});
}

/* Asks for the next lease, trains this one, and reports that it is finished. */
static void do_lease(struct ms_worker *worker, const struct ms_lease *lease)
{
    const struct instant start = instant_now(worker);
    enum ms_trajectory_end end;
    struct ms_error err;

    if (!worker->leave) /* one ASK per lease: I2 */
        tell(worker, &(struct ms_message){.kind = MS_MESSAGE_ASK});
    if (train_lease(worker, lease, &end, &err) != MS_OK) {
        fail(worker, &err);
        return;
    }
    if (end != MS_TRAJECTORY_STOPPED)
        report_finish(worker, lease, &start, end == MS_TRAJECTORY_ENDED);
}

/* A rank that works for others meanwhile, as rank 0 does, wakes up as often as a worker that waits for it looks. */
static struct ms_wait begin_wait(const struct ms_worker *worker, long limit_ns)
{
    return worker->spec.besides != NULL ? ms_wait_begin(ANSWER_LIMIT_NS) : ms_wait_begin_patiently(limit_ns);
}

/* Sleeps until a lease, LEAVE or ABORT has arrived. */
static void wait_for_answer(struct ms_worker *worker)
{
    struct ms_wait wait = begin_wait(worker, ANSWER_LIMIT_NS);
    bool flushed = false;

    look_up(worker);
    while (!worker->has_next && !worker->leave && !worker->abort) {
        struct ms_error err;

        ms_wait_sleep(&wait);
        if (wait.slept_ns >= FLUSH_AFTER_NS && !flushed) { /* I5 */
            flushed = true;
            if (ms_writer_flush(worker->spec.sweep->writer, &err) != MS_OK)
                fail(worker, &err);
        }
        look_up(worker);
    }
}

/* A lease of no trajectories is the time for which a rank helped. It is not missed if the table is full. */
static enum ms_code record_help(struct ms_worker *worker, double started, struct ms_error *err)
{
    const struct ms_writer_lease record = {
        .row = worker->row, .rank = worker->rank, .started = started, .finished = ms_clock_wall_s()};
    bool is_missing = false;

    return worker->row < 0 ? MS_OK
                           : ms_lease_log_write(&worker->lease_log, worker->spec.sweep->writer, &record,
                                                &is_missing, err);
}

/* An ms_tick of helping. */
static bool tick_while_helping(void *context)
{
    struct ms_worker *worker = context;

    look_up(worker);
    return worker->abort;
}

/* Helps the ranks of this machine that still train, until none does. Everything that this rank has trained is durable
 * first (I5), because that may take long. */
static void help(struct ms_worker *worker)
{
    const struct ms_sweep_spec *sweep = worker->spec.sweep;
    const struct ms_team_help_spec spec = {
        .samples = sweep->train, .kernels = sweep->kernels, .tick = tick_while_helping, .context = worker};
    struct ms_wait wait = ms_wait_begin_patiently(ANSWER_LIMIT_NS);
    const double started = ms_clock_wall_s();
    struct ms_team_helped helped = {.shares = 0};
    struct ms_error err;
    int32_t place;

    if (ms_writer_flush(sweep->writer, &err) != MS_OK)
        fail(worker, &err);
    while (!worker->abort && ms_team_others_train(sweep->team)) {
        if (ms_team_choose(sweep->team, &place)) {
            ms_team_help(sweep->team, place, &spec, &helped);
            wait = ms_wait_begin_patiently(ANSWER_LIMIT_NS);
        }
        ms_wait_sleep(&wait);
        look_up(worker);
    }
    worker->totals.helped_s += helped.seconds;
    worker->totals.span_s += helped.seconds;
    if (helped.shares > 0 && record_help(worker, started, &err) != MS_OK)
        fail(worker, &err);
}

/* Makes everything durable, also after an error, and sleeps until GOODBYE has arrived. */
static void leave(struct ms_worker *worker)
{
    struct ms_wait wait = begin_wait(worker, GOODBYE_LIMIT_NS);
    struct ms_error err;

    if (ms_writer_flush(worker->spec.sweep->writer, &err) != MS_OK) /* I5 */
        fail(worker, &err);
    report_totals(worker, MS_MESSAGE_LEFT);
    worker->left = true;
    for (look_up(worker); !worker->goodbye; look_up(worker))
        ms_wait_sleep(&wait);
}

void ms_worker_run(struct ms_worker *worker)
{
    const struct ms_sweep_spec *sweep = worker->spec.sweep;

    worker->trajectory_spec = (struct ms_stored_trajectory_spec){
        .sweep = sweep,
        .members = worker->members,
        .kept = &worker->kept,
        .memory = &worker->memory,
        .tick = tick,
        .context = worker,
    };
    worker->first_ask_s = worker->last_report_s = ms_clock_monotonic_s();
    ms_guard_begin(&worker->guard, sweep);
    tell(worker, &(struct ms_message){.kind = MS_MESSAGE_ASK});
    for (;;) {
        struct ms_lease lease;

        wait_for_answer(worker);
        if (worker->abort || !worker->has_next)
            break;
        lease = worker->next;
        worker->has_next = false;
        do_lease(worker, &lease);
    }
    if (sweep->team != NULL) {
        ms_team_end_training(sweep->team);
        help(worker);
    }
    leave(worker);
}
