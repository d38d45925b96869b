/* The schedule: which rank trains what, decided without clocks or messages. It keeps two invariants of
 * docs/protocol.md:
 *
 *   I1   A trajectory is in at most one lease of a run. So no two ranks ever write the same rows.
 *   I10  A pair of checkpoint slots is in at most one lease at a time. Finishing the lease frees it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/plan.h"
#include "moonsweep/plural.h"

#include <stdlib.h>

/* The least time of a lease, in seconds: long enough to hide the message, and such that all trainers together need no
 * more than one lease every 0.2 ms from the coordinator. */
static const double min_lease_s = 0.010, min_lease_s_a_trainer = 0.0002;

/* Near the end, bundles shrink down to this fraction of the least time. */
static const double smallest_bundle = 0.1;

/* Assumed until a lease is finished: the speed of the portable kernel with FMA (91 us for a tanh iteration of 50 units
 * and 1600 samples; AVX-512 takes 0.29e-9). */
static const double first_seconds_per_work = 1.3e-9;

/* Cycles for 8 samples, measured with the AVX-512 nest on two features; a feature costs one fma forward and one
 * backward. iteration_cycles is the cost of an iteration apart from its samples. */
static const double unit_cycles[MS_ACTIVATION_COUNT] = {[MS_TANH] = 6.8, [MS_SIGMOID] = 6.8, [MS_RELU] = 2.7};
static const double output_cycles = 5.1, feature_cycles = 1.0, iteration_cycles = 200.0;

/* A trajectory and its expected work. Candidates are sorted in the order in which they are handed out one by one. */
struct candidate {
    double work;
    int64_t trajectory;
};

/* Trajectories first .. first + count - 1, which could be the next lease, and the end of the longest one. */
struct piece {
    int64_t first, count;
    int64_t to_iteration;
    double work;
};

struct held_lease {
    int64_t id, count;
    double work;
    int32_t pair; /* of checkpoint slots; -1: none */
};

enum { MAX_HELD = 2 }; /* the lease being trained and the next one (I2) */

/* The state of a rank: whether it waits for an answer, and the up to two leases that it has. */
struct seat {
    struct held_lease held[MAX_HELD];
    int held_count;
    bool asked;  /* its request is not answered yet */
    bool queued; /* its request is in the queue; if asked but not queued, it waits for a lease to finish */
};

struct ms_plan {
    struct ms_plan_spec spec;
    bool *taken;                  /* [trajectories] given out, or finished before this run */
    struct candidate *candidates; /* [candidate_count] longest first */
    int64_t candidate_count;
    int64_t next_candidate; /* the first one that may not be taken yet */
    int64_t next_small;     /* the first trajectory, by index, that may not be taken yet */
    int64_t unfinished, untaken;
    double work, work_left;
    double finished_work, finished_s; /* of the finished leases, from which the speed is estimated */
    int64_t next_id;
    struct seat *seats; /* [ranks] */
    int32_t *queue;     /* [ranks] a ring buffer: each rank is in it at most once */
    int32_t queue_first, queue_count;
    int32_t *free_pairs; /* [pairs] a stack */
    int32_t free_count;
    int64_t unprotected; /* leases without a pair */
    bool stopped;
};

const double ms_plan_seconds_per_work = 0.4e-9;

double ms_plan_cost(enum ms_activation activation, int32_t n_x, int32_t n_h, int64_t m)
{
    int64_t vectors = (m + 7) / 8;
    double units = n_h;

    return iteration_cycles +
           (double)vectors * (output_cycles + units * (unit_cycles[activation] + feature_cycles * (n_x - 2)));
}

/* ---- opening ------------------------------------------------------------------------------------------- */

/* Longest first; equal ones by index, so that the order is the same everywhere. */
static int compare_candidates(const void *a_void, const void *b_void)
{
    const struct candidate *a = a_void, *b = b_void;

    if (a->work != b->work)
        return a->work > b->work ? -1 : 1;
    return a->trajectory < b->trajectory ? -1 : a->trajectory > b->trajectory;
}

static double trajectory_work(const struct ms_plan_spec *spec, int64_t t)
{
    return spec->cost[t] * (double)(spec->to_iteration[t] - spec->from_iteration[t]);
}

static void list_candidates(struct ms_plan *plan)
{
    const struct ms_plan_spec *spec = &plan->spec;

    for (int64_t t = 0; t < spec->trajectories; t++) {
        plan->taken[t] = spec->finished[t];
        if (spec->finished[t])
            continue;
        plan->candidates[plan->candidate_count++] = (struct candidate){.work = trajectory_work(spec, t),
                                                                       .trajectory = t};
        plan->work += trajectory_work(spec, t);
    }
    qsort(plan->candidates, (size_t)plan->candidate_count, sizeof plan->candidates[0], compare_candidates);
    plan->unfinished = plan->untaken = plan->candidate_count;
    plan->work_left = plan->work;
}

/* Whether a trajectory has a checkpoint. */
static bool has_pair(const struct ms_plan_spec *spec, int64_t t)
{
    return spec->pair != NULL && spec->pair[t] >= 0;
}

/* Puts the pairs without a checkpoint on the stack, the first one on top. */
static bool list_free_pairs(struct ms_plan *plan)
{
    const struct ms_plan_spec *spec = &plan->spec;
    bool *owned = calloc((size_t)spec->pairs + 1, sizeof *owned);

    if (owned == NULL)
        return false;
    for (int64_t t = 0; t < spec->trajectories; t++)
        if (has_pair(spec, t))
            owned[spec->pair[t]] = true;
    for (int32_t p = spec->pairs - 1; p >= 0; p--)
        if (!owned[p])
            plan->free_pairs[plan->free_count++] = p;
    free(owned);
    return true;
}

enum ms_code ms_plan_open(const struct ms_plan_spec *spec, struct ms_plan **plan, struct ms_error *err)
{
    struct ms_plan *opened = calloc(1, sizeof *opened);
    size_t trajectories = (size_t)spec->trajectories, ranks = (size_t)spec->ranks;

    if (opened == NULL)
        goto no_memory;
    opened->spec = *spec;
    opened->next_id = spec->next_lease;
    opened->taken = calloc(trajectories, sizeof *opened->taken);
    opened->candidates = calloc(trajectories, sizeof *opened->candidates);
    opened->seats = calloc(ranks, sizeof *opened->seats);
    opened->queue = calloc(ranks, sizeof *opened->queue);
    opened->free_pairs = calloc((size_t)spec->pairs + 1, sizeof *opened->free_pairs);
    if (opened->taken == NULL || opened->candidates == NULL || opened->seats == NULL ||
        opened->queue == NULL || opened->free_pairs == NULL || !list_free_pairs(opened))
        goto no_memory;
    list_candidates(opened);
    opened->spec.finished = NULL; /* it is borrowed only until open returns */
    *plan = opened;
    return MS_OK;

no_memory:
    ms_plan_close(opened);
    return ms_fail_memory(err, NULL, "for the schedule of %lld %s", (long long)spec->trajectories,
                          ms_plural(spec->trajectories, "trajectory", "trajectories"));
}

int64_t ms_plan_bytes(int64_t trajectories)
{
    const struct ms_plan *plan = NULL;

    return trajectories * (int64_t)(sizeof *plan->taken + sizeof *plan->candidates);
}

void ms_plan_close(struct ms_plan *plan)
{
    if (plan == NULL)
        return;
    free(plan->taken);
    free(plan->candidates);
    free(plan->seats);
    free(plan->queue);
    free(plan->free_pairs);
    free(plan);
}

/* ---- cutting leases ------------------------------------------------------------------------------------ */

/* The estimated seconds that a unit of work takes one rank. */
static double seconds_per_work(const struct ms_plan *plan)
{
    return plan->finished_work > 0 ? plan->finished_s / plan->finished_work : first_seconds_per_work;
}

/* The least work that the next lease should have. */
static double least_work(const struct ms_plan *plan)
{
    double trainers = plan->spec.trainers;
    double least_s = trainers * min_lease_s_a_trainer;
    double least;

    if (least_s < min_lease_s)
        least_s = min_lease_s;
    least = least_s / seconds_per_work(plan);
    /* Half of a rank's share of the work that is left, so that the last bundles end close to each other. */
    if (plan->work_left < least * 2 * trainers) {
        double share = plan->work_left / (2 * trainers);
        return share > least * smallest_bundle ? share : least * smallest_bundle;
    }
    return least;
}

/* The trajectories of the next lease; there must be some left. The longest trajectory alone if it has enough work for
 * a lease; if even that one has not, consecutive trajectories by index, whatever their work. */
static struct piece next_piece(struct ms_plan *plan)
{
    const struct ms_plan_spec *spec = &plan->spec;
    double least = least_work(plan);
    struct candidate longest;
    struct piece piece;

    while (plan->taken[plan->candidates[plan->next_candidate].trajectory])
        plan->next_candidate++;
    longest = plan->candidates[plan->next_candidate];
    if (longest.work >= least)
        return (struct piece){.first = longest.trajectory,
                              .count = 1,
                              .to_iteration = spec->to_iteration[longest.trajectory],
                              .work = longest.work};

    while (plan->taken[plan->next_small])
        plan->next_small++;
    piece = (struct piece){.first = plan->next_small};
    for (int64_t t = piece.first; t < spec->trajectories && !plan->taken[t] && piece.work < least; t++) {
        if (spec->from_iteration[t] != spec->from_iteration[piece.first] ||
            (spec->ends_together && spec->to_iteration[t] != spec->to_iteration[piece.first]) ||
            (piece.count > 0 && (has_pair(spec, t) || has_pair(spec, piece.first))))
            break;
        piece.work += trajectory_work(spec, t);
        piece.count++;
        if (spec->to_iteration[t] > piece.to_iteration)
            piece.to_iteration = spec->to_iteration[t];
    }
    return piece;
}

/* Takes the pair of slots for a lease: the one with the checkpoint of its trajectory, or a free one; -1: none. */
static int32_t take_pair(struct ms_plan *plan, const struct piece *piece)
{
    if (has_pair(&plan->spec, piece->first))
        return plan->spec.pair[piece->first];
    return plan->free_count > 0 ? plan->free_pairs[--plan->free_count] : -1;
}

/* Whether piece can be given to a rank that is still busy without making another rank wait: the work left after it
 * lasts all ranks until this one has finished both. */
static bool is_harmless_ahead(const struct ms_plan *plan, const struct seat *seat, const struct piece *piece)
{
    double busy = piece->work;

    for (int i = 0; i < seat->held_count; i++)
        busy += seat->held[i].work;
    return plan->work_left - piece->work >= busy * plan->spec.trainers;
}

static struct ms_lease give(struct ms_plan *plan, struct seat *seat, const struct piece *piece)
{
    int64_t id = plan->next_id++;
    int32_t pair = take_pair(plan, piece);

    for (int64_t t = piece->first; t < piece->first + piece->count; t++)
        plan->taken[t] = true; /* I1 */
    plan->untaken -= piece->count;
    plan->work_left = plan->untaken > 0 ? plan->work_left - piece->work : 0;
    seat->held[seat->held_count++] = (struct held_lease){
        .id = id, .count = piece->count, .work = piece->work, .pair = pair};
    plan->unprotected += pair < 0;
    return (struct ms_lease){
        .id = id,
        .first_trajectory = piece->first,
        .count = piece->count,
        .from_iteration = plan->spec.from_iteration[piece->first],
        .to_iteration = piece->to_iteration,
        .slots = {pair < 0 ? -1 : 2 * pair, pair < 0 ? -1 : 2 * pair + 1},
    };
}

/* ---- events -------------------------------------------------------------------------------------------- */

static void enqueue(struct ms_plan *plan, int32_t rank)
{
    int64_t position = ((int64_t)plan->queue_first + plan->queue_count) % plan->spec.ranks;

    plan->queue[position] = rank;
    plan->queue_count++;
    plan->seats[rank].queued = true;
}

static int32_t dequeue(struct ms_plan *plan)
{
    int32_t rank = plan->queue[plan->queue_first];

    plan->queue_first = (plan->queue_first + 1) % plan->spec.ranks;
    plan->queue_count--;
    plan->seats[rank].queued = false;
    return rank;
}

bool ms_plan_ask(struct ms_plan *plan, int32_t rank)
{
    if (rank < 0 || rank >= plan->spec.ranks || plan->seats[rank].asked ||
        plan->seats[rank].held_count == MAX_HELD) /* I2 */
        return false;
    plan->seats[rank].asked = true;
    enqueue(plan, rank);
    return true;
}

bool ms_plan_finish(struct ms_plan *plan, int32_t rank, int64_t lease, double work, double seconds)
{
    struct seat *seat;
    int i = 0;

    if (rank < 0 || rank >= plan->spec.ranks)
        return false;
    seat = &plan->seats[rank];
    while (i < seat->held_count && seat->held[i].id != lease)
        i++;
    if (i == seat->held_count)
        return false;
    plan->unfinished -= seat->held[i].count;
    if (seat->held[i].pair >= 0)
        plan->free_pairs[plan->free_count++] = seat->held[i].pair; /* I10 */
    seat->held[i] = seat->held[--seat->held_count];
    if (work > 0 && seconds > 0) {
        plan->finished_work += work;
        plan->finished_s += seconds;
    }
    if (seat->asked && !seat->queued)
        enqueue(plan, rank);
    return true;
}

void ms_plan_stop(struct ms_plan *plan)
{
    plan->stopped = true;
    for (int32_t rank = 0; rank < plan->spec.ranks; rank++)
        if (plan->seats[rank].asked && !plan->seats[rank].queued)
            enqueue(plan, rank);
}

bool ms_plan_next_answer(struct ms_plan *plan, struct ms_plan_answer *answer)
{
    while (plan->queue_count > 0) {
        int32_t rank = dequeue(plan);
        struct seat *seat = &plan->seats[rank];
        struct piece piece;

        if (plan->stopped || plan->untaken == 0) {
            seat->asked = false;
            *answer = (struct ms_plan_answer){.rank = rank, .leave = true};
            return true;
        }
        piece = next_piece(plan);
        if (seat->held_count == 0 || is_harmless_ahead(plan, seat, &piece)) {
            seat->asked = false;
            *answer = (struct ms_plan_answer){
                .rank = rank, .lease = give(plan, seat, &piece), .work = piece.work};
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

int64_t ms_plan_unprotected(const struct ms_plan *plan)
{
    return plan->unprotected;
}

int64_t ms_plan_next_lease_id(const struct ms_plan *plan)
{
    return plan->next_id;
}
