/* Simulates a sweep from one end of a lease to the next one, which a tree finds. At such an end the rank
 * reports to the plan, starts the lease that it already has and asks for another one, and the plan's answers
 * are given to the ranks. Time passes only between these ends.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "max_tree.h"
#include "moonsweep/plural.h"

/* A rank, as in src/sweep/worker.c: it asks for its next lease when it starts one. */
struct rank {
    struct ms_lease current, ahead;
    bool is_busy, has_ahead, is_leaving;
    bool is_training; /* current has begun; otherwise it is on the way */
};

struct cluster {
    const struct ms_plan_spec *spec;
    const double *seconds;
    struct ms_simulate_costs costs;
    ms_simulate_observer *observer;
    void *context;
    struct ms_plan *plan; /* owned, like the arrays */
    struct rank *ranks;   /* [spec->ranks] */
    int32_t *last_rank;   /* [trajectories] owned: that which has trained a slice of it; -1: none */

    /* Of each rank: minus the time of the end of the lease that it trains, or of the arrival of the next one; minus infinity
     * if it waits. So the next end is the largest. */
    struct ms_max_tree ends;
    double now_s;
    double served_s; /* when the coordinator has served all that it was asked for */
    struct ms_simulation result;
};

/* ---- the ends of leases ---------------------------------------------------------------------------------- */

static void set_end(struct cluster *cluster, int32_t r, double time_s)
{
    ms_max_tree_set(&cluster->ends, r, -time_s);
}

/* Goes on to the next end. Returns false if there is none. */
static bool pass_time(struct cluster *cluster, int32_t *r)
{
    const double time_s = -ms_max_tree_largest(&cluster->ends);

    if (isinf(time_s))
        return false;
    *r = ms_max_tree_where(&cluster->ends);
    cluster->now_s = time_s;
    set_end(cluster, *r, INFINITY);
    return true;
}

/* ---- ranks ----------------------------------------------------------------------------------------------- */

static double lease_work(const struct cluster *cluster, const struct ms_lease *lease)
{
    const struct ms_plan_spec *spec = cluster->spec;
    double sum = 0;

    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++) {
        const int64_t end = lease->is_slice ? lease->to_iteration : spec->to_iteration[t];

        sum += spec->cost[t] * (double)(end - lease->from_iteration);
    }
    return sum;
}

/* The seconds of training. */
static double train_seconds(const struct cluster *cluster, const struct ms_lease *lease)
{
    const struct ms_plan_spec *spec = cluster->spec;
    double sum = 0;

    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++) {
        const int64_t end = lease->is_slice ? lease->to_iteration : spec->to_iteration[t];

        sum += cluster->seconds[t] * (double)(end - lease->from_iteration) /
               (double)(spec->to_iteration[t] - spec->from_iteration[t]);
    }
    return sum;
}

/* Whether another rank has trained the last slice of the lease's trajectory. */
static bool is_moved(const struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    const int32_t last = cluster->last_rank[lease->first_trajectory];

    return last >= 0 && last != r;
}

static double lease_seconds(const struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    const struct ms_simulate_costs *costs = &cluster->costs;

    return train_seconds(cluster, lease) + (is_moved(cluster, r, lease) ? costs->move_s : 0) +
           (lease->is_slice ? costs->slice_s : costs->trajectory_s * (double)lease->count);
}

/* Begins the lease that the rank has got. */
static void begin(struct cluster *cluster, int32_t r)
{
    struct rank *rank = &cluster->ranks[r];
    const double seconds = lease_seconds(cluster, r, &rank->current);

    rank->is_training = true;
    set_end(cluster, r, cluster->now_s + seconds);
    cluster->result.busy_s += seconds;
    cluster->result.leases++;
    cluster->result.slices += rank->current.is_slice;
    cluster->result.moves += is_moved(cluster, r, &rank->current);
    if (!rank->is_leaving)
        (void)ms_plan_ask(cluster->plan, r);
}

/* Sends a lease to a rank that waits for it. */
static void send(struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    struct rank *rank = &cluster->ranks[r];

    rank->current = *lease;
    rank->is_busy = true;
    rank->is_training = false;
    set_end(cluster, r, fmax(cluster->now_s, cluster->served_s) + cluster->costs.answer_s);
}

static void take_answers(struct cluster *cluster)
{
    struct ms_plan_answer answer;

    while (ms_plan_next_answer(cluster->plan, cluster->now_s, &answer)) {
        struct rank *rank = &cluster->ranks[answer.rank];

        if (cluster->observer != NULL)
            cluster->observer(cluster->context, cluster->plan, &answer, cluster->now_s);
        cluster->served_s = fmax(cluster->served_s, cluster->now_s) + cluster->costs.serve_s;
        if (answer.leave) {
            rank->is_leaving = true;
        } else if (rank->is_busy) {
            rank->ahead = answer.lease;
            rank->has_ahead = true;
        } else {
            send(cluster, answer.rank, &answer.lease);
        }
    }
}

static void finish(struct cluster *cluster, int32_t r)
{
    struct rank *rank = &cluster->ranks[r];
    const struct ms_lease *lease = &rank->current;
    const struct ms_finish finish = {
        .lease = lease->id,
        .work = lease_work(cluster, lease),
        .train_s = train_seconds(cluster, lease),
        .seconds = lease_seconds(cluster, r, lease),
    };

    rank->is_busy = false;
    if (lease->is_slice)
        cluster->last_rank[lease->first_trajectory] = r;
    (void)ms_plan_finish(cluster->plan, r, &finish, cluster->now_s);
    if (rank->has_ahead) {
        rank->has_ahead = false;
        rank->is_busy = true;
        rank->current = rank->ahead;
        begin(cluster, r);
    }
}

/* What happens at the end that this rank has reached. */
static void pass_end(struct cluster *cluster, int32_t r)
{
    if (cluster->ranks[r].is_training)
        finish(cluster, r);
    else
        begin(cluster, r);
    take_answers(cluster);
}

/* ---- the sweep ------------------------------------------------------------------------------------------- */

static enum ms_code open_cluster(struct cluster *cluster, struct ms_error *err)
{
    const struct ms_plan_spec *spec = cluster->spec;

    cluster->ranks = calloc((size_t)spec->ranks, sizeof *cluster->ranks);
    cluster->last_rank = malloc((size_t)spec->trajectories * sizeof *cluster->last_rank);
    if (!ms_max_tree_open(&cluster->ends, spec->ranks, -INFINITY) || cluster->ranks == NULL ||
        cluster->last_rank == NULL)
        return ms_fail_memory(err, NULL, "to simulate %d %s", (int)spec->ranks,
                              ms_plural(spec->ranks, "rank", "ranks"));
    for (int64_t t = 0; t < spec->trajectories; t++)
        cluster->last_rank[t] = -1;
    return ms_plan_open(spec, &cluster->plan, err);
}

enum ms_code ms_simulate(const struct ms_plan_spec *spec, const double *seconds,
                         const struct ms_simulate_costs *costs, ms_simulate_observer *observer, void *context,
                         struct ms_simulation *simulation, struct ms_error *err)
{
    struct cluster cluster = {.spec = spec, .seconds = seconds, .observer = observer, .context = context};
    enum ms_code code;
    int32_t r;

    if (costs != NULL)
        cluster.costs = *costs;
    code = open_cluster(&cluster, err);
    if (code == MS_OK) {
        /* If some ranks do not train, rank 0, which only coordinates, is one of them. */
        for (r = spec->ranks - spec->trainers; r < spec->ranks; r++)
            (void)ms_plan_ask(cluster.plan, r);
        take_answers(&cluster);
        while (pass_time(&cluster, &r))
            pass_end(&cluster, r);
        cluster.result.wall_s = cluster.now_s;
        if (ms_plan_is_done(cluster.plan))
            *simulation = cluster.result;
        else
            code = ms_fail(err, MS_INTERNAL, "the simulated ranks did not train all trajectories");
    }
    ms_plan_close(cluster.plan);
    ms_max_tree_close(&cluster.ends);
    free(cluster.ranks);
    free(cluster.last_rank);
    return code;
}
