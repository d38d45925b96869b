/* The schedule: which rank trains what, decided without clocks or messages. waiting.c knows the trajectories that
 * are in no lease, seats.c the ranks, lease_speed.c how long leases take, slices.c when a trajectory is interrupted,
 * node_shares.c on which node long trajectories begin, and slot_pairs.c which checkpoint slots are free. Here they are
 * put together to answer requests. Two invariants of docs/protocol.md are kept here:
 *
 *   I1   A trajectory is in at most one lease at a time. So no two ranks ever write the same rows at the same time.
 *   I10  A pair of checkpoint slots is in at most one lease at a time, and stays with a trajectory of which a slice is
 *        trained. Finishing the last lease of a trajectory frees it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/plan.h"

#include <math.h>
#include <stdlib.h>

#include "lease_speed.h"
#include "moonsweep/plural.h"
#include "node_shares.h"
#include "seats.h"
#include "slices.h"
#include "slot_pairs.h"

/* The least time of a lease, in seconds: long enough to hide the message, and such that all trainers together need no
 * more leases than the coordinator is to hand out. */
static const double min_lease_s = 0.010, min_lease_s_a_trainer = 1 / MS_PLAN_LEASES_PER_S;

/* While much is left, a bundle takes such a part of a rank's share of it, up to so many seconds: the rows of each bundle
 * are written separately. */
static const double largest_bundle_s = 0.1, early_bundle_part = 1.0 / 20;

/* Near the end, they shrink down to a fraction of the least time, and each is such a part of the share. */
static const double smallest_bundle = 0.1, late_bundle_part = 1.0 / 3;

/* A slice takes at least so many times what its end costs, and at least this part of the time of a lease by which the
 * coordinator keeps up with all trainers. Few slices are that short: slices.c. */
static const double least_slice_costs = 20, smallest_slice = 0.2;

/* The change of the measured speed at which it is applied to what was expected before. */
static const double large_change = 1.1;

/* How much slower or faster than the average a trajectory is believed to be. */
static const double most_slowness = 1000;

struct ms_plan {
    struct ms_plan_spec spec;
    struct ms_waiting waiting;
    struct ms_node_shares shares;
    struct ms_seats seats;
    struct ms_slot_pairs pairs;
    struct ms_lease_speed speed;
    struct ms_slices slices;
    int32_t trainers;         /* the ranks that get leases */
    double expected_per_work; /* the seconds that a unit of work takes, for what is expected of the ranks */
    double work;              /* of all that was unfinished at open */
    int64_t unfinished;
    int64_t next_id;
    int64_t unprotected; /* leases without a pair */
    double spared;       /* work after slices whose trajectories needed no further one */
    bool stopped;
};

/* What could be the next lease: trajectories first .. first + count - 1. */
struct piece {
    int64_t first, count, to_iteration;
    struct ms_rest rest; /* of the first one */
    double work;         /* multiplied by slowness, as in struct ms_rest */
    bool is_slice;
};

/* ---- opening ------------------------------------------------------------------------------------------- */

static bool open_trajectories(struct ms_plan *plan)
{
    const bool is_open = ms_waiting_open(&plan->waiting, &plan->spec);

    plan->work = plan->waiting.work;
    plan->unfinished = plan->waiting.count;
    if (!is_open || !ms_node_shares_open(&plan->shares, &plan->spec, &plan->waiting))
        return false;
    plan->trainers = plan->spec.trainers - plan->shares.helpers;
    return true;
}

enum ms_code ms_plan_open(const struct ms_plan_spec *spec, struct ms_plan **plan, struct ms_error *err)
{
    struct ms_plan *opened = calloc(1, sizeof *opened);
    bool is_open = false;

    if (opened != NULL) {
        opened->spec = *spec;
        opened->next_id = spec->next_lease;
        is_open = open_trajectories(opened) && ms_seats_open(&opened->seats, spec->ranks) &&
                  ms_slot_pairs_open(&opened->pairs, spec);
    }
    if (!is_open) {
        ms_plan_close(opened);
        return ms_fail_memory(err, NULL, "for the schedule of %lld %s", (long long)spec->trajectories,
                              ms_plural(spec->trajectories, "trajectory", "trajectories"));
    }
    opened->spec.finished = NULL; /* it is borrowed only until open returns */
    opened->expected_per_work = ms_lease_speed_per_work(&opened->speed);
    *plan = opened;
    return MS_OK;
}

int64_t ms_plan_bytes(int64_t trajectories)
{
    return ms_waiting_bytes(trajectories);
}

void ms_plan_close(struct ms_plan *plan)
{
    if (plan == NULL)
        return;
    ms_waiting_close(&plan->waiting);
    ms_node_shares_close(&plan->shares);
    ms_seats_close(&plan->seats);
    ms_slot_pairs_close(&plan->pairs);
    free(plan);
}

/* ---- bundles ------------------------------------------------------------------------------------------- */

/* The expected seconds of so much work of so many trajectories. */
static double seconds(const struct ms_plan *plan, double work, int64_t count)
{
    return ms_lease_speed_seconds(&plan->speed, work, count);
}

/* The least time that leases should take so that the coordinator keeps up when so many end in that time. */
static double least_lease_s(double leases)
{
    return fmax(min_lease_s, leases * min_lease_s_a_trainer);
}

/* The least time of the next bundle: a part of the share, so that the last bundles end close to each other. Where fewer
 * trajectories wait than there are trainers, there is at most one lease for each of them. */
static double least_bundle_s(const struct ms_plan *plan)
{
    const double trainers = plan->trainers;
    const double least_s = least_lease_s(fmin(trainers, (double)plan->waiting.count));
    const double share_s = seconds(plan, plan->waiting.work, plan->waiting.count) / trainers;
    const double early_s = fmin(largest_bundle_s, early_bundle_part * share_s);
    const double late_s = fmax(late_bundle_part * share_s, smallest_bundle * least_s);

    return fmin(fmax(least_s, early_s), late_s);
}

static bool has_pair(const struct ms_plan_spec *spec, int64_t t)
{
    return spec->pair != NULL && spec->pair[t] >= 0;
}

/* Whether trajectory t can be in a bundle that begins with trajectory `first`. */
static bool belongs_to(const struct ms_plan *plan, int64_t first, int64_t t)
{
    const struct ms_plan_spec *spec = &plan->spec;

    return !plan->waiting.taken[t] && spec->from_iteration[t] == spec->from_iteration[first] &&
           (!spec->ends_together || spec->to_iteration[t] == spec->to_iteration[first]) &&
           (t == first || (!has_pair(spec, t) && !has_pair(spec, first)));
}

/* Consecutive trajectories by index, whatever their work, of which none has begun. */
static struct piece bundle(struct ms_plan *plan, double least_s)
{
    const struct ms_plan_spec *spec = &plan->spec;
    const int64_t first = ms_waiting_first(&plan->waiting);
    struct piece piece = {.first = first, .rest = ms_waiting_new(spec, first)};

    for (int64_t t = first; t < spec->trajectories && belongs_to(plan, first, t) &&
                            seconds(plan, piece.work, piece.count) < least_s;
         t++) {
        piece.work += ms_waiting_work(spec, t);
        piece.count++;
        if (spec->to_iteration[t] > piece.to_iteration)
            piece.to_iteration = spec->to_iteration[t];
    }
    return piece;
}

/* ---- slices -------------------------------------------------------------------------------------------- */

/* A trajectory to its end. */
static struct piece whole(const struct ms_plan *plan, const struct ms_rest *rest)
{
    return (struct piece){
        .first = rest->trajectory,
        .count = 1,
        .to_iteration = plan->spec.to_iteration[rest->trajectory],
        .rest = *rest,
        .work = rest->work,
    };
}

static double least_slice_s(const struct ms_plan *plan)
{
    const double served_s = fmax(min_lease_s, smallest_slice * least_lease_s(plan->trainers));

    return fmax(served_s, least_slice_costs * ms_lease_speed_slice_s(&plan->speed));
}

/* Whether a slice can leave a pair to its trajectory without taking it from other leases. */
static bool has_pair_to_leave(const struct ms_plan *plan, const struct ms_rest *rest)
{
    const int64_t most_held = (int64_t)MS_MAX_HELD * plan->trainers;
    const int64_t needed = plan->waiting.count < most_held ? plan->waiting.count : most_held;

    return rest->pair >= 0 || plan->pairs.free_count > needed;
}

/* The ranks without a lease, besides that which gets the next one and those which begin long trajectories. */
static int64_t others_free(const struct ms_plan *plan)
{
    return (int64_t)plan->trainers - plan->seats.busy - 1 - plan->shares.count;
}

/* When the sweep could end at the earliest, with this piece and all that waits. */
static double earliest_end_s(const struct ms_plan *plan, const struct piece *piece, double now_s)
{
    const double work = piece->work + plan->waiting.work + plan->shares.work + plan->seats.rest_work;
    const int64_t count = 1 + plan->waiting.count + plan->shares.count + plan->seats.rests;
    const double sum_s = ms_seats_busy_s(&plan->seats, now_s) + seconds(plan, work, count);
    const double mean_end_s = now_s + sum_s / plan->trainers;
    const double own_end_s = now_s + seconds(plan, piece->work, 1);

    return fmax(fmax(mean_end_s, own_end_s), ms_seats_whole_end_s(&plan->seats));
}

/* Shortens a piece, a trajectory that does not wait any more, to a slice if others wait that need its rank. */
static void cut(struct ms_plan *plan, struct piece *piece, double now_s)
{
    const int64_t others = others_free(plan), waiting = plan->waiting.count - others;
    double slice_s, iterations;

    if (plan->trainers == 1 || waiting <= 0 || !has_pair_to_leave(plan, &piece->rest))
        return;
    slice_s = ms_slices_seconds(
        &plan->slices, &(struct ms_slice_view){
                           .now_s = now_s,
                           .end_s = earliest_end_s(plan, piece, now_s),
                           .seconds = seconds(plan, piece->work, 1),
                           .waiting_s = seconds(plan, ms_waiting_work_after(&plan->waiting, others), 1),
                           .waiting = waiting,
                           .trainers = plan->trainers,
                           .least_s = least_slice_s(plan),
                       });
    iterations = ceil(slice_s / (ms_lease_speed_per_work(&plan->speed) * piece->rest.slowness *
                                 plan->spec.cost[piece->first]));
    if (iterations >= (double)(piece->to_iteration - piece->rest.from_iteration))
        return;
    piece->is_slice = true;
    piece->to_iteration = piece->rest.from_iteration + (int64_t)iterations;
    piece->work = piece->rest.slowness * plan->spec.cost[piece->first] * iterations;
}

/* What is left of a trajectory at this iteration. */
static struct ms_rest rest_at(const struct ms_plan *plan, const struct ms_rest *before, int64_t iteration,
                              double slowness)
{
    const int64_t t = before->trajectory;
    struct ms_rest rest = *before;

    rest.from_iteration = iteration;
    rest.slowness = slowness;
    rest.work = slowness * plan->spec.cost[t] * (double)(plan->spec.to_iteration[t] - iteration);
    return rest;
}

/* What is left after a slice, whose training shows how slow the trajectory is. */
static struct ms_rest rest_after(const struct ms_plan *plan, const struct ms_held_lease *held, double train_s)
{
    const double expected_s = held->work / held->rest.slowness * ms_lease_speed_per_work(&plan->speed);
    const double slowness = fmin(fmax(train_s / expected_s, 1 / most_slowness), most_slowness);

    return rest_at(plan, &held->rest, held->rest.from_iteration, slowness);
}

/* ---- leases -------------------------------------------------------------------------------------------- */

/* The next piece of what waits: the longest trajectory, or if even that has not enough work for a lease and has not
 * begun, a bundle. Returns false if nothing waits. */
static bool next_piece(struct ms_plan *plan, struct piece *piece)
{
    const double least_s = least_bundle_s(plan);
    struct ms_rest longest;

    if (!ms_waiting_longest(&plan->waiting, &longest))
        return false;
    if (!plan->waiting.taken[longest.trajectory] && seconds(plan, longest.work, 1) < least_s)
        *piece = bundle(plan, least_s);
    else
        *piece = whole(plan, &longest);
    return true;
}

/* Takes a piece from what waits. */
static void take(struct ms_plan *plan, const struct piece *piece)
{
    if (piece->count == 1) {
        ms_waiting_take(&plan->waiting, &piece->rest);
        return;
    }
    for (int64_t t = piece->first; t < piece->first + piece->count; t++)
        ms_waiting_take_new(&plan->waiting, t); /* I1 */
}

/* Takes the trajectory of which a rank has just trained a slice, so that its state is still in memory, unless another
 * one is longer by more than a slice; then it waits like others. */
static bool take_kept(struct ms_plan *plan, int32_t rank, struct piece *piece)
{
    const struct ms_seat *seat = &plan->seats.seats[rank];
    const struct ms_rest kept = seat->kept;
    struct ms_rest longest;

    if (!seat->has_kept)
        return false;
    ms_seats_stop_keeping(&plan->seats, rank);
    if (ms_waiting_longest(&plan->waiting, &longest) &&
        seconds(plan, longest.work - kept.work, 0) > least_slice_s(plan)) {
        ms_waiting_return(&plan->waiting, &kept);
        return false;
    }
    *piece = whole(plan, &kept);
    return true;
}

/* Takes the next long trajectory of the share of this rank's node. */
static bool take_share(struct ms_plan *plan, int32_t rank, struct piece *piece)
{
    struct ms_rest rest;

    if (!ms_node_shares_take(&plan->shares, rank, &rest))
        return false;
    *piece = whole(plan, &rest);
    return true;
}

/* Takes the next piece for a rank without leases. Returns false if nothing waits. */
static bool take_next(struct ms_plan *plan, int32_t rank, double now_s, struct piece *piece)
{
    if (!take_kept(plan, rank, piece) && !take_share(plan, rank, piece)) {
        if (!next_piece(plan, piece))
            return false;
        take(plan, piece);
    }
    if (piece->count == 1)
        cut(plan, piece, now_s);
    return true;
}

/* Takes the next piece for a rank that is still busy if no other rank has to wait therefore: what is left after it lasts
 * all ranks until this one has finished both. Otherwise returns false, and if the rank has a slice, whose trajectory
 * should perhaps go on there. */
static bool take_ahead(struct ms_plan *plan, const struct ms_seat *seat, struct piece *piece)
{
    double busy_s, left_s;

    if (seat->held[0].is_slice || !next_piece(plan, piece))
        return false;
    busy_s = seconds(plan, piece->work, piece->count);
    left_s = seconds(plan, plan->waiting.work, plan->waiting.count) - busy_s;
    for (int i = 0; i < seat->held_count; i++)
        busy_s += seat->held[i].seconds;
    if (left_s < busy_s * plan->trainers)
        return false;
    take(plan, piece);
    return true;
}

static struct ms_lease give(struct ms_plan *plan, int32_t rank, const struct piece *piece, double now_s)
{
    const int32_t pair = piece->rest.pair >= 0 ? piece->rest.pair : ms_slot_pairs_take(&plan->pairs);
    struct ms_held_lease held = {
        .id = plan->next_id++,
        .count = piece->count,
        .pair = pair,
        .is_slice = piece->is_slice,
        .work = piece->work,
        .seconds = seconds(plan, piece->work, piece->count),
    };

    if (piece->is_slice) {
        held.seconds += ms_lease_speed_slice_s(&plan->speed);
        held.rest = rest_at(plan, &piece->rest, piece->to_iteration, piece->rest.slowness);
        held.rest.pair = pair;
        held.rest_s = seconds(plan, held.rest.work, 1);
    }
    ms_seats_give(&plan->seats, rank, &held, now_s);
    plan->unprotected += pair < 0;
    return (struct ms_lease){
        .id = held.id,
        .first_trajectory = piece->first,
        .count = piece->count,
        .from_iteration = piece->rest.from_iteration,
        .to_iteration = piece->to_iteration,
        .slots = {pair < 0 ? -1 : 2 * pair, pair < 0 ? -1 : 2 * pair + 1},
        .is_slice = piece->is_slice,
        .is_continued = piece->rest.from_iteration != plan->spec.from_iteration[piece->first],
    };
}

/* ---- events -------------------------------------------------------------------------------------------- */

static bool is_rank(const struct ms_plan *plan, int32_t rank)
{
    return rank >= 0 && rank < plan->spec.ranks;
}

bool ms_plan_ask(struct ms_plan *plan, int32_t rank)
{
    struct ms_seat *seat;

    if (!is_rank(plan, rank))
        return false;
    seat = &plan->seats.seats[rank];
    if (seat->asked || seat->held_count == MS_MAX_HELD) /* I2 */
        return false;
    if (!seat->has_begun)
        seat->helps = ms_node_shares_helps(&plan->shares, rank);
    seat->has_begun = true;
    seat->asked = true;
    ms_seats_queue(&plan->seats, rank);
    return true;
}

/* Lets the trajectory of a trained slice wait, for the rank that has trained it first if that has asked. */
static void let_wait(struct ms_plan *plan, int32_t rank, const struct ms_rest *rest)
{
    const struct ms_seat *seat = &plan->seats.seats[rank];

    if (seat->asked && seat->held_count == 0 && !plan->stopped) {
        ms_seats_keep(&plan->seats, rank, rest);
        return;
    }
    ms_waiting_return(&plan->waiting, rest);
}

/* Learns from a finished lease. The first speed is only assumed, so all that was expected from it may be wrong. */
static void learn(struct ms_plan *plan, const struct ms_held_lease *held, const struct ms_finish *finish,
                  double now_s)
{
    double change;

    ms_lease_speed_learn(&plan->speed, finish, held->count, held->is_slice);
    change = ms_lease_speed_per_work(&plan->speed) / plan->expected_per_work;
    if (change < large_change && change > 1 / large_change)
        return;
    plan->expected_per_work *= change;
    ms_seats_rescale(&plan->seats, change, now_s);
    ms_slices_rescale(&plan->slices, change, now_s);
}

bool ms_plan_finish(struct ms_plan *plan, int32_t rank, const struct ms_finish *finish, double now_s)
{
    struct ms_held_lease held;

    if (!is_rank(plan, rank) || !ms_seats_take(&plan->seats, rank, finish->lease, now_s, &held))
        return false;
    learn(plan, &held, finish, now_s);
    if (held.is_slice && !finish->has_ended) {
        const struct ms_rest rest = rest_after(plan, &held, finish->train_s);

        let_wait(plan, rank, &rest);
    } else {
        plan->unfinished -= held.count;
        plan->spared += held.is_slice ? held.rest.work / held.rest.slowness : 0;
        ms_slot_pairs_free(&plan->pairs, held.pair); /* I10 */
    }
    if (plan->seats.seats[rank].asked && !plan->seats.seats[rank].queued)
        ms_seats_queue(&plan->seats, rank);
    return true;
}

void ms_plan_stop(struct ms_plan *plan)
{
    plan->stopped = true;
    for (int32_t rank = 0; rank < plan->spec.ranks; rank++)
        if (plan->seats.seats[rank].asked && !plan->seats.seats[rank].queued)
            ms_seats_queue(&plan->seats, rank);
}

/* Whether a rank gets no more leases. What is left after the slices of others does not count, since the ranks that train them
 * continue it, nor does the share of another node. */
static bool is_to_leave(const struct ms_plan *plan, int32_t rank)
{
    const struct ms_seat *seat = &plan->seats.seats[rank];
    bool has_slice = seat->has_kept;

    for (int i = 0; i < seat->held_count; i++)
        has_slice = has_slice || seat->held[i].is_slice;
    return plan->stopped || seat->helps ||
           (plan->waiting.count == 0 && !has_slice && !ms_node_shares_has(&plan->shares, rank));
}

bool ms_plan_next_answer(struct ms_plan *plan, double now_s, struct ms_plan_answer *answer)
{
    int32_t rank;

    while (ms_seats_next(&plan->seats, &rank)) {
        struct ms_seat *seat = &plan->seats.seats[rank];
        struct piece piece;

        if (is_to_leave(plan, rank)) {
            seat->asked = false;
            *answer = (struct ms_plan_answer){.rank = rank, .leave = true};
            return true;
        }
        if (seat->held_count == 0 ? take_next(plan, rank, now_s, &piece) : take_ahead(plan, seat, &piece)) {
            seat->asked = false;
            *answer = (struct ms_plan_answer){
                .rank = rank,
                .lease = give(plan, rank, &piece, now_s),
                .work = piece.work / piece.rest.slowness,
            };
            return true;
        }
    }
    return false;
}

/* ---- questions ----------------------------------------------------------------------------------------- */

bool ms_plan_is_done(const struct ms_plan *plan)
{
    return plan->unfinished == 0;
}

double ms_plan_work(const struct ms_plan *plan)
{
    return plan->work;
}

double ms_plan_spared(const struct ms_plan *plan)
{
    return plan->spared;
}

int64_t ms_plan_unprotected(const struct ms_plan *plan)
{
    return plan->unprotected;
}

int64_t ms_plan_take_lease_id(struct ms_plan *plan)
{
    return plan->next_id++;
}

int64_t ms_plan_next_lease_id(const struct ms_plan *plan)
{
    return plan->next_id;
}
