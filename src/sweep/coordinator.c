/* The part of rank 0 that gives out leases. Each time it serves, it receives all messages, then looks for
 * reasons to end the sweep, and then answers. It keeps these invariants of docs/protocol.md:
 *
 *   I3   Every ASK is answered exactly once: by LEASE, by LEAVE, or by ABORT, which answers all open ones.
 *   I4   FINISH says that a lease is trained, not that it is on disk. The file alone says what is on disk, and a later
 *        run relies on nothing else.
 *   I6   After LEFT a worker sends nothing more; after GOODBYE nothing more is sent to it. When every worker has left,
 *        no message is in transit, whatever ended the sweep.
 *   I8   The first error that reaches the coordinator is the one that is reported; every rank ends with its code.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "coordinator.h"

#include <math.h>
#include <stdlib.h>

#include "first_helpers.h"
#include "guard.h"
#include "moonsweep/clock.h"
#include "moonsweep/plan.h"
#include "moonsweep/plural.h"
#include "moonsweep/suspension.h"
#include "moonsweep/work.h"
#include "progress.h"
#include "silence.h"
#include "tally.h"

/* Interval between checks of the file: whether a stop was requested, and whether the file still has its name. */
static const double request_interval_s = 0.25;

/* What the coordinator knows of a worker. */
struct peer {
    bool trains; /* false for a dedicated coordinator, which has no worker */
    bool left;
};

struct ms_coordinator {
    const struct ms_sweep_spec *spec;
    struct ms_mailbox *mailbox;
    struct ms_plan *plan;
    double *cost;          /* [trajectories] */
    int64_t *to_iteration; /* [trajectories] */
    double whole_work;     /* of all trajectories from their first iteration to their last, at most */
    struct peer *peers;    /* [ranks] */
    struct ms_tally tally;
    int32_t ranks, present; /* present: workers that have not left */
    int64_t helper_rows;    /* of /leases that were given out with LEAVE */
    bool aborted;           /* ABORT has been sent to everyone */
    enum ms_stop_reason stop_reason;
    bool has_error;
    struct ms_error error; /* the first that was reported */
    double started_s, ended_s, last_finish_s, last_look_s;
    struct ms_progress progress;
    struct ms_suspension suspension; /* of this process, which serves every millisecond or so */
    double suspended_s;
    struct ms_silence *silence;
    double served_s, last_watch_s; /* without time of suspension: when the last serve began, the last watch */
    bool gave_up;                  /* the program is being ended */
};

/* ---- opening ------------------------------------------------------------------------------------------- */

/* Describes the trajectories to the plan. */
static void describe_trajectories(struct ms_coordinator *coordinator, int64_t trajectories)
{
    const struct ms_sweep_spec *spec = coordinator->spec;

    for (int64_t t = 0; t < trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(spec->grid, t).longest;
        const struct ms_samples *samples = &spec->train[config.dataset];

        coordinator->cost[t] = ms_plan_cost(config.activation, samples->n_x, config.n_h, samples->m);
        coordinator->to_iteration[t] = spec->goal == NULL ? config.iterations : spec->goal[t];
        coordinator->whole_work += coordinator->cost[t] *
                                   (double)(spec->goal == NULL || !spec->scan->finished[t]
                                                ? coordinator->to_iteration[t]
                                                : spec->scan->from_iteration[t]);
    }
    coordinator->whole_work += spec->work_after;
}

static void seat_peers(struct ms_coordinator *coordinator, bool dedicated)
{
    for (int32_t rank = 0; rank < coordinator->ranks; rank++) {
        struct peer *peer = &coordinator->peers[rank];

        peer->trains = !(dedicated && rank == MS_COORDINATOR_RANK);
        peer->left = !peer->trains;
        coordinator->present += peer->trains;
    }
}

static void begin_clocks(struct ms_coordinator *coordinator)
{
    const double now_s = ms_clock_monotonic_s();

    coordinator->started_s = coordinator->ended_s = coordinator->last_finish_s = now_s;
    coordinator->last_look_s = now_s;
    ms_suspension_begin(&coordinator->suspension, now_s, ms_clock_thread_s());
}

/* Shows a sentence about silent ranks in the place of the live line. */
static void tell_silence(void *context, const char *sentence, const char *state)
{
    struct ms_coordinator *coordinator = context;
    const struct ms_sweep_watch *watch = &coordinator->spec->watch;

    ms_progress_clear(&coordinator->progress);
    if (watch->tell != NULL)
        watch->tell(watch->tell_context, sentence, state);
}

/* Watches every rank; a dedicated coordinator has no worker. */
static enum ms_code open_silence(struct ms_coordinator *coordinator, struct ms_error *err)
{
    const struct ms_sweep_watch *watch = &coordinator->spec->watch;
    const struct ms_silence_spec spec = {
        .ranks = coordinator->ranks,
        .hosts = watch->hosts,
        .host_bytes = MS_HOST_BYTES,
        .lost_s = watch->give_up != NULL ? watch->rank_timeout_s : 0,
        .tell = tell_silence,
        .context = coordinator,
    };
    enum ms_code code = ms_silence_open(&spec, coordinator->started_s, &coordinator->silence, err);

    if (code == MS_OK && !coordinator->peers[MS_COORDINATOR_RANK].trains)
        ms_silence_leave(coordinator->silence, MS_COORDINATOR_RANK);
    return code;
}

int64_t ms_sweep_schedule_bytes(const struct ms_grid *grid)
{
    const struct ms_coordinator *coordinator = NULL;
    const int64_t trajectories = ms_grid_trajectories(grid);

    return trajectories * (int64_t)(sizeof *coordinator->cost + sizeof *coordinator->to_iteration) +
           ms_plan_bytes(trajectories);
}

enum ms_code ms_coordinator_open(const struct ms_sweep_spec *spec, struct ms_mailbox *mailbox,
                                 struct ms_coordinator **coordinator, struct ms_error *err)
{
    int64_t trajectories = ms_grid_trajectories(spec->grid);
    struct ms_coordinator *opened = calloc(1, sizeof *opened);
    struct ms_plan_spec plan_spec;
    enum ms_code code;

    if (opened == NULL)
        goto no_memory;
    opened->spec = spec;
    opened->mailbox = mailbox;
    MPI_Comm_size(spec->comm, &opened->ranks);
    opened->cost = calloc((size_t)trajectories, sizeof *opened->cost);
    opened->to_iteration = calloc((size_t)trajectories, sizeof *opened->to_iteration);
    opened->peers = calloc((size_t)opened->ranks, sizeof *opened->peers);
    if (opened->cost == NULL || opened->to_iteration == NULL || opened->peers == NULL)
        goto no_memory;
    describe_trajectories(opened, trajectories);
    seat_peers(opened, spec->dedicated_coordinator && opened->ranks > 1);
    begin_clocks(opened);
    if (!ms_tally_open(&opened->tally, spec, opened->ranks, opened->started_s))
        goto no_memory;
    plan_spec = (struct ms_plan_spec){
        .trajectories = trajectories,
        .cost = opened->cost,
        .from_iteration = spec->scan->from_iteration,
        .finished = spec->scan->finished,
        .to_iteration = opened->to_iteration,
        .ends_together = spec->goal != NULL,
        .ranks = opened->ranks,
        .trainers = opened->present,
        .node = spec->team_nodes,
        .next_lease = spec->scan->next_lease,
        .pairs = spec->scan->pairs,
        .pair = spec->scan->pair,
    };
    code = ms_first_helpers(spec, &plan_spec, err);
    if (code == MS_OK)
        code = ms_plan_open(&plan_spec, &opened->plan, err);
    if (code == MS_OK)
        code = open_silence(opened, err);
    if (code != MS_OK) {
        ms_coordinator_close(opened);
        return code;
    }
    opened->progress = ms_progress_begin(spec->progress, opened->started_s);
    *coordinator = opened;
    return MS_OK;

no_memory:
    ms_coordinator_close(opened);
    return ms_fail_memory(err, NULL, "to coordinate %lld %s", (long long)trajectories,
                          ms_plural(trajectories, "trajectory", "trajectories"));
}

void ms_coordinator_close(struct ms_coordinator *coordinator)
{
    if (coordinator == NULL)
        return;
    ms_progress_end(&coordinator->progress);
    ms_silence_close(coordinator->silence);
    ms_plan_close(coordinator->plan);
    free(coordinator->cost);
    free(coordinator->to_iteration);
    free(coordinator->peers);
    ms_tally_close(&coordinator->tally);
    free(coordinator);
}

/* ---- progress ------------------------------------------------------------------------------------------ */

/* The monotonic time without that of suspensions. */
static double awake_s(const struct ms_coordinator *coordinator)
{
    return ms_clock_monotonic_s() - coordinator->suspended_s;
}

static void show_progress(struct ms_coordinator *coordinator, double now_s)
{
    const struct ms_work work = {
        .whole = coordinator->whole_work,
        .left_at_start = ms_plan_work(coordinator->plan) + coordinator->spec->work_after,
        .spared = ms_plan_spared(coordinator->plan),
    };
    struct ms_progress_figures figures = ms_tally_figures(&coordinator->tally, &work,
                                                          now_s - coordinator->suspended_s);

    figures.elapsed_s = coordinator->spec->elapsed_s + now_s - coordinator->started_s;
    ms_progress_show(&coordinator->progress, &figures, now_s);
}

/* ---- serving ------------------------------------------------------------------------------------------- */

static void tell(struct ms_coordinator *coordinator, int32_t rank, enum ms_message_kind kind)
{
    ms_mailbox_send(coordinator->mailbox, rank, &(struct ms_message){.kind = kind});
}

/* Ends the sweep early: no more leases are given, and every worker stops training. */
static void abort_sweep(struct ms_coordinator *coordinator)
{
    if (coordinator->aborted)
        return;
    coordinator->aborted = true;
    ms_plan_stop(coordinator->plan);
    ms_silence_tell_to_leave(coordinator->silence);
    for (int32_t rank = 0; rank < coordinator->ranks; rank++)
        if (!coordinator->peers[rank].left)
            tell(coordinator, rank, MS_MESSAGE_ABORT);
}

static void stop_sweep(struct ms_coordinator *coordinator, enum ms_stop_reason reason)
{
    if (coordinator->stop_reason == MS_STOP_NONE)
        coordinator->stop_reason = reason;
    abort_sweep(coordinator);
}

static void keep_error(struct ms_coordinator *coordinator, const struct ms_error *error)
{
    if (!coordinator->has_error) /* I8 */
        coordinator->error = *error;
    coordinator->has_error = true;
    abort_sweep(coordinator);
}

static void refuse(struct ms_coordinator *coordinator, int rank, const char *what)
{
    struct ms_error error;

    ms_fail(&error, MS_INTERNAL, "rank %d %s", rank, what);
    keep_error(coordinator, &error);
}

static void take_leave(struct ms_coordinator *coordinator, int rank, const struct ms_totals *totals)
{
    struct peer *peer = &coordinator->peers[rank];

    ms_tally_report(&coordinator->tally, rank, totals, awake_s(coordinator));
    peer->left = true;
    ms_silence_leave(coordinator->silence, rank);
    coordinator->present--;
    coordinator->ended_s = ms_clock_monotonic_s();
    tell(coordinator, rank, MS_MESSAGE_GOODBYE); /* the last message to it: I6 */
}

static void handle(struct ms_coordinator *coordinator, int from, const struct ms_message *message)
{
    ms_silence_sign(coordinator->silence, from, coordinator->served_s);
    switch (message->kind) {
    case MS_MESSAGE_ASK:
        if (!ms_plan_ask(coordinator->plan, from))
            refuse(coordinator, from, "asked for a lease too early");
        break;
    case MS_MESSAGE_FINISH:
        coordinator->last_finish_s = ms_clock_monotonic_s();
        if (!ms_plan_finish(coordinator->plan, from, &message->finish, coordinator->served_s))
            refuse(coordinator, from, "finished a lease that it did not have");
        ms_silence_finish(coordinator->silence, from, message->finish.lease);
        break;
    case MS_MESSAGE_TOTALS:
        ms_tally_report(&coordinator->tally, from, &message->totals, awake_s(coordinator));
        break;
    case MS_MESSAGE_STOP:
        stop_sweep(coordinator, MS_STOP_SIGNAL);
        break;
    case MS_MESSAGE_ERROR:
        keep_error(coordinator, &message->error);
        break;
    default: /* LEFT: the mailbox accepts no other messages to the coordinator */
        take_leave(coordinator, from, &message->totals);
        break;
    }
}

/* If there are teams, the rank may help, and gets a row of /leases for that. */
static void tell_to_leave(struct ms_coordinator *coordinator, int32_t rank)
{
    struct ms_message message = {.kind = MS_MESSAGE_LEAVE, .leave_row = -1};

    if (coordinator->spec->has_teams) {
        message.leave_row = ms_plan_take_lease_id(coordinator->plan);
        coordinator->helper_rows++;
    }
    ms_mailbox_send(coordinator->mailbox, rank, &message);
}

/* Sends the plan's answers to the ranks. */
static void carry_out_answers(struct ms_coordinator *coordinator)
{
    struct ms_plan_answer answer;

    while (ms_plan_next_answer(coordinator->plan, coordinator->served_s, &answer)) {
        if (coordinator->aborted) /* ABORT has answered every ASK: I3 */
            continue;
        if (answer.leave) {
            tell_to_leave(coordinator, answer.rank);
            continue;
        }
        ms_tally_give(&coordinator->tally, answer.rank, answer.work, awake_s(coordinator));
        ms_silence_give(coordinator->silence, answer.rank, &answer.lease);
        ms_mailbox_send(coordinator->mailbox, answer.rank,
                        &(struct ms_message){.kind = MS_MESSAGE_LEASE, .lease = answer.lease});
    }
}

/* Stops the sweep at the time limit, on request, after too many divergences, or after an error of the file. */
static void look_for_the_end(struct ms_coordinator *coordinator, double now_s)
{
    struct ms_error err;
    bool asked = false;

    if (coordinator->aborted || ms_coordinator_is_over(coordinator))
        return;
    if (now_s - coordinator->started_s >= coordinator->spec->time_limit_s)
        stop_sweep(coordinator, MS_STOP_TIME_LIMIT);
    if (now_s - coordinator->last_look_s < request_interval_s)
        return;
    coordinator->last_look_s = now_s;
    if (coordinator->spec->stop_after_failures > 0 &&
        ms_tally_sum(&coordinator->tally).diverged >= coordinator->spec->stop_after_failures)
        stop_sweep(coordinator, MS_STOP_FAILURES);
    if (ms_writer_still_named(coordinator->spec->writer, &err) != MS_OK ||
        ms_writer_stop_asked(coordinator->spec->writer, &asked, &err) != MS_OK)
        keep_error(coordinator, &err);
    else if (asked)
        stop_sweep(coordinator, MS_STOP_REQUEST);
}

/* Ends the program without the ranks that do not answer, when all others have left. */
static void give_up(struct ms_coordinator *coordinator)
{
    struct ms_sweep_summary summary;
    struct ms_error err;

    coordinator->gave_up = true; /* storing the end may wait, and serve again */
    (void)ms_coordinator_result(coordinator, &summary, &err);
    ms_progress_end(&coordinator->progress);
    coordinator->spec->watch.give_up(coordinator->spec->watch.give_up_context, &summary,
                                     ms_silence_is_silent(coordinator->silence, MS_COORDINATOR_RANK), &err);
}

/* Looks which ranks give no sign of life. If one is lost, the sweep ends; it is over when the others have left. If the
 * sweep ends for another reason, as before a time limit, ranks that were silent by then are not waited for either. A
 * suspension of this process since the beginning of this serve is found by the next one, so the time is the beginning. */
static void look_for_silence(struct ms_coordinator *coordinator)
{
    const int32_t watching = coordinator->ranks - 1; /* the rank that watches this one: guard.c */
    const double now_s = coordinator->served_s;

    if (coordinator->gave_up || now_s - coordinator->last_watch_s < ms_guard_sign_interval_s ||
        ms_coordinator_is_over(coordinator))
        return;
    coordinator->last_watch_s = now_s;
    ms_silence_look(coordinator->silence, now_s);
    if (watching != MS_COORDINATOR_RANK && !coordinator->peers[watching].left &&
        !ms_silence_is_silent(coordinator->silence, watching)) /* it would only collect the messages */
        tell(coordinator, watching, MS_MESSAGE_ALIVE);
    if (ms_silence_has_lost(coordinator->silence))
        stop_sweep(coordinator, MS_STOP_SILENCE);
    if ((coordinator->aborted && ms_silence_is_rest_deaf(coordinator->silence)) ||
        (ms_silence_has_lost(coordinator->silence) && ms_silence_is_rest_gone(coordinator->silence)))
        give_up(coordinator);
}

void ms_coordinator_serve(struct ms_coordinator *coordinator)
{
    struct ms_message message;
    struct ms_error err;
    bool arrived = true;
    double now_s = ms_clock_monotonic_s();

    /* This comes first: messages that arrived during a suspension are not of a later time than others. */
    coordinator->suspended_s += ms_suspension_look(&coordinator->suspension, now_s);
    coordinator->served_s = now_s - coordinator->suspended_s;
    while (arrived) {
        int from;

        if (ms_mailbox_receive(coordinator->mailbox, MS_COORDINATOR, &arrived, &from, &message, &err) !=
            MS_OK)
            keep_error(coordinator, &err);
        else if (arrived)
            handle(coordinator, from, &message);
    }
    now_s = ms_clock_monotonic_s();
    look_for_the_end(coordinator, now_s);
    look_for_silence(coordinator);
    carry_out_answers(coordinator);
    if (ms_progress_is_due(&coordinator->progress, now_s) && !ms_coordinator_is_over(coordinator))
        show_progress(coordinator, now_s);
}

bool ms_coordinator_is_over(const struct ms_coordinator *coordinator)
{
    return coordinator->present == 0;
}

/* ---- the end ------------------------------------------------------------------------------------------- */

static void summarize(const struct ms_coordinator *coordinator, struct ms_sweep_summary *summary)
{
    struct ms_totals sum = ms_tally_sum(&coordinator->tally);

    if (!coordinator->peers[MS_COORDINATOR_RANK].trains)
        sum.span_s += coordinator->last_finish_s - coordinator->started_s - coordinator->suspended_s;
    *summary = (struct ms_sweep_summary){
        .wall_s = coordinator->ended_s - coordinator->started_s,
        .core_s = sum.cpu_s,
        .trained_share = sum.iterations > 0 ? sum.cpu_s / (sum.span_s - sum.suspended_s) : NAN,
        .iterations = sum.iterations,
        .repeated = sum.repeated,
        .done = sum.done,
        .diverged = sum.diverged,
        .stopped = sum.stopped,
        .dropped = coordinator->spec->scan->dropped,
        .pending = ms_grid_configs(coordinator->spec->grid) - sum.done - sum.diverged - sum.stopped -
                   coordinator->spec->scan->dropped,
        .best = sum.best,
        .leases = ms_plan_next_lease_id(coordinator->plan) - coordinator->spec->scan->next_lease -
                  coordinator->helper_rows,
        .stop_reason = coordinator->stop_reason,
        .lease_table_full = sum.unrecorded > 0,
        .unprotected = ms_plan_unprotected(coordinator->plan),
        .checkpoints = sum.checkpoints,
        .checkpoint_s = sum.checkpoint_s,
        .suspended_s = sum.suspended_s,
        .helped_s = sum.helped_s,
    };
}

enum ms_code ms_coordinator_result(const struct ms_coordinator *coordinator, struct ms_sweep_summary *summary,
                                   struct ms_error *err)
{
    summarize(coordinator, summary);
    if (coordinator->has_error) {
        *err = coordinator->error;
        return err->code;
    }
    /* Whether the rows of a rank that does not answer are durable is not known. */
    if (ms_plan_is_done(coordinator->plan) && coordinator->present == 0)
        return MS_OK;
    if (coordinator->aborted)
        return ms_fail(err, MS_WORK_LEFT, "stopped with %lld %s left", (long long)summary->pending,
                       ms_plural(summary->pending, "configuration", "configurations"));
    return ms_fail(err, MS_INTERNAL, "every rank has left, but %lld %s pending", (long long)summary->pending,
                   ms_plural(summary->pending, "configuration is", "configurations are"));
}
