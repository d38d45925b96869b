/* Simulates a sweep from one event of a rank to the next one, which a tree finds: the end of a lease, the arrival of the
 * next one, or a moment at which a helper looks around. At the end of a lease the rank reports to the plan, starts the
 * lease that it already has and asks for another one, and the plan's answers are given to the ranks. Time passes only
 * between these events.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "max_tree.h"
#include "moonsweep/plural.h"
#include "simulate_teams.h"

/* How long a helper stays with a rank that trains nothing, and how often one looks for a rank that it could help:
 * src/train/team_helper.c and src/sweep/worker.c. */
static const double closed_s = 0.002, look_s = 0.001;

/* What a rank does. RECEIVING: its lease is on the way. LEAVING: it has nothing left to train, and makes durable what it
 * has trained. */
enum doing { WAITING, RECEIVING, TRAINING, LEAVING, HELPING };

/* A rank, as in src/sweep/worker.c: it asks for its next lease when it starts one. */
struct rank {
    enum doing doing;
    struct ms_lease current, ahead;
    bool has_ahead, is_leaving;
    double since_s;          /* when it began with what it does */
    double after_s;          /* what takes time after training, in the current lease */
    struct ms_finish finish; /* what it reports at the end of the current lease */
};

struct cluster {
    const struct ms_simulate_spec *spec;
    struct ms_plan *plan; /* owned, like the arrays */
    int32_t *node;        /* [plan->ranks] the first rank of the node of each */
    struct rank *ranks;   /* [plan->ranks] */
    int32_t *last_rank;   /* [trajectories] owned: that which has trained a slice of it; -1: none */
    struct ms_simulated_teams teams;
    int32_t idle_helpers; /* those that help nobody */

    /* Of each rank: minus the time of its next event; minus infinity if there is none. So the next event is the largest. */
    struct ms_max_tree events;
    double now_s;
    double served_s; /* when the coordinator has served all that it was asked for */
    struct ms_simulation result;
};

/* ---- events ---------------------------------------------------------------------------------------------- */

static void set_event(struct cluster *cluster, int32_t r, double time_s)
{
    ms_max_tree_set(&cluster->events, r, -time_s);
}

/* Goes on to the next event. Returns false if there is none. */
static bool pass_time(struct cluster *cluster, int32_t *r)
{
    const double time_s = -ms_max_tree_largest(&cluster->events);

    if (isinf(time_s))
        return false;
    *r = ms_max_tree_where(&cluster->events);
    cluster->now_s = time_s;
    set_event(cluster, *r, INFINITY);
    return true;
}

/* ---- leases ---------------------------------------------------------------------------------------------- */

static int64_t end_of(const struct cluster *cluster, const struct ms_lease *lease, int64_t t)
{
    return lease->is_slice ? lease->to_iteration : cluster->spec->plan->to_iteration[t];
}

static double lease_work(const struct cluster *cluster, const struct ms_lease *lease)
{
    double sum = 0;

    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++)
        sum += cluster->spec->plan->cost[t] * (double)(end_of(cluster, lease, t) - lease->from_iteration);
    return sum;
}

/* The seconds of training. */
static double train_seconds(const struct cluster *cluster, const struct ms_lease *lease)
{
    const struct ms_plan_spec *plan = cluster->spec->plan;
    double sum = 0;

    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++)
        sum += cluster->spec->seconds[t] * (double)(end_of(cluster, lease, t) - lease->from_iteration) /
               (double)(plan->to_iteration[t] - plan->from_iteration[t]);
    return sum;
}

/* Whether another rank has trained the last slice of the lease's trajectory. */
static bool is_moved(const struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    const int32_t last = cluster->last_rank[lease->first_trajectory];

    return last >= 0 && last != r;
}

/* What takes time before training, and after it. */
static double seconds_before(const struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    return is_moved(cluster, r, lease) ? cluster->spec->costs.move_s : 0;
}

static double seconds_after(const struct cluster *cluster, const struct ms_lease *lease)
{
    const struct ms_simulate_costs *costs = &cluster->spec->costs;

    return lease->is_slice ? costs->slice_s : costs->trajectory_s * (double)lease->count;
}

/* ---- teams ----------------------------------------------------------------------------------------------- */

/* Sets when the lease of a rank ends, as things are. */
static void expect_end(struct cluster *cluster, int32_t r)
{
    if (cluster->ranks[r].doing == TRAINING)
        set_event(cluster, r, ms_simulated_teams_end_s(&cluster->teams, r) + cluster->ranks[r].after_s);
}

/* Lets the ranks of this node that help rank `place`, or nobody if that is -1, look around within this time. */
static void let_look(struct cluster *cluster, int32_t r, int32_t place, double within_s)
{
    int32_t first, end;

    if (place < 0 && cluster->idle_helpers == 0)
        return;
    ms_simulated_teams_node(&cluster->teams, r, &first, &end);
    for (int32_t i = first; i < end; i++)
        if (cluster->ranks[i].doing == HELPING && cluster->teams.members[i].place == place)
            set_event(cluster, i, cluster->now_s + within_s);
}

/* A helper looks where it is needed. */
static void look(struct cluster *cluster, int32_t r)
{
    const struct ms_simulated_member *helper = &cluster->teams.members[r];
    const int32_t before = helper->place;

    set_event(cluster, r, ms_simulated_teams_look(&cluster->teams, r, cluster->now_s));
    cluster->idle_helpers += (helper->place < 0) - (before < 0);
    if (helper->place == before)
        return;
    if (before >= 0)
        expect_end(cluster, before);
    if (helper->place >= 0)
        expect_end(cluster, helper->place);
}

/* ---- ranks ----------------------------------------------------------------------------------------------- */

static void wait_for_answer(struct cluster *cluster, int32_t r)
{
    cluster->ranks[r].doing = WAITING;
    cluster->ranks[r].since_s = cluster->now_s;
}

/* A rank is told that nothing is left for it, or has trained its last lease. */
static void leave(struct cluster *cluster, int32_t r, double after_s)
{
    if (cluster->spec->teams.node_ranks <= 1)
        return;
    cluster->ranks[r].doing = LEAVING;
    set_event(cluster, r, cluster->now_s + after_s + cluster->spec->teams.begin_s);
}

static void begin_to_help(struct cluster *cluster, int32_t r)
{
    cluster->ranks[r].doing = HELPING;
    cluster->idle_helpers++;
    look(cluster, r);
}

/* What a rank reports of a lease. Help changes the processor time of a lease only when all of them are given out, so that
 * the plan does not depend on it. */
static struct ms_finish report_of(const struct cluster *cluster, int32_t r, const struct ms_lease *lease)
{
    const double train_s = train_seconds(cluster, lease);

    return (struct ms_finish){
        .lease = lease->id,
        .work = lease_work(cluster, lease),
        .train_s = train_s,
        .seconds = train_s + seconds_before(cluster, r, lease) + seconds_after(cluster, lease),
    };
}

/* Begins the lease that the rank has got. */
static void begin(struct cluster *cluster, int32_t r)
{
    struct rank *rank = &cluster->ranks[r];
    const struct ms_lease *lease = &rank->current;
    const bool is_one = lease->count == 1;

    rank->doing = TRAINING;
    rank->since_s = cluster->now_s;
    rank->after_s = seconds_after(cluster, lease);
    rank->finish = report_of(cluster, r, lease);
    ms_simulated_teams_begin(&cluster->teams, r, is_one ? lease->first_trajectory : -1, rank->finish.train_s,
                             rank->finish.work, cluster->now_s + seconds_before(cluster, r, lease));
    expect_end(cluster, r);
    if (is_one)
        let_look(cluster, r, -1, look_s);
    if (is_one && cluster->teams.members[r].joined > 0)
        let_look(cluster, r, r, 0);
    cluster->result.leases++;
    cluster->result.slices += lease->is_slice;
    cluster->result.moves += is_moved(cluster, r, lease);
    if (!rank->is_leaving)
        (void)ms_plan_ask(cluster->plan, r);
}

/* Tells a rank that waits that it gets a lease, or that nothing is left for it. */
static void send(struct cluster *cluster, const struct ms_plan_answer *answer)
{
    struct rank *rank = &cluster->ranks[answer->rank];
    const double arrival_s = fmax(cluster->now_s, cluster->served_s) + cluster->spec->costs.answer_s;

    cluster->result.waited_s += arrival_s - rank->since_s;
    if (answer->leave) {
        leave(cluster, answer->rank, arrival_s - cluster->now_s);
        return;
    }
    rank->current = answer->lease;
    rank->doing = RECEIVING;
    set_event(cluster, answer->rank, arrival_s);
}

static void take_answers(struct cluster *cluster)
{
    struct ms_plan_answer answer;

    while (ms_plan_next_answer(cluster->plan, cluster->now_s, &answer)) {
        struct rank *rank = &cluster->ranks[answer.rank];

        if (cluster->spec->observer != NULL)
            cluster->spec->observer(cluster->spec->context, cluster->plan, &answer, cluster->now_s);
        cluster->served_s = fmax(cluster->served_s, cluster->now_s) + cluster->spec->costs.serve_s;
        rank->is_leaving = answer.leave;
        if (rank->doing == WAITING) {
            send(cluster, &answer);
        } else if (!answer.leave) {
            rank->ahead = answer.lease;
            rank->has_ahead = true;
        }
    }
}

static void finish(struct cluster *cluster, int32_t r)
{
    struct rank *rank = &cluster->ranks[r];

    ms_simulated_teams_finish(&cluster->teams, r, cluster->now_s);
    cluster->result.busy_s += cluster->now_s - rank->since_s;
    if (rank->current.is_slice)
        cluster->last_rank[rank->current.first_trajectory] = r;
    (void)ms_plan_finish(cluster->plan, r, &rank->finish, cluster->now_s);
    if (rank->has_ahead) {
        rank->has_ahead = false;
        rank->current = rank->ahead;
        begin(cluster, r);
    } else if (rank->is_leaving) {
        leave(cluster, r, 0);
    } else {
        wait_for_answer(cluster, r);
    }
    if (cluster->teams.members[r].joined > 0)
        let_look(cluster, r, r, closed_s);
}

static void pass_event(struct cluster *cluster, int32_t r)
{
    static void (*const events[])(struct cluster *, int32_t) = {
        [RECEIVING] = begin, [TRAINING] = finish, [LEAVING] = begin_to_help, [HELPING] = look};

    events[cluster->ranks[r].doing](cluster, r);
    take_answers(cluster);
}

/* ---- the sweep ------------------------------------------------------------------------------------------- */

static int32_t first_of_node(const struct cluster *cluster, int32_t r)
{
    int32_t first, end;

    ms_simulated_teams_node(&cluster->teams, r, &first, &end);
    return first;
}

static enum ms_code open_cluster(struct cluster *cluster, struct ms_error *err)
{
    struct ms_plan_spec plan = *cluster->spec->plan;
    bool is_open = ms_max_tree_open(&cluster->events, plan.ranks, -INFINITY);

    is_open = ms_simulated_teams_open(&cluster->teams, &cluster->spec->teams, plan.ranks) && is_open;
    cluster->ranks = calloc((size_t)plan.ranks, sizeof *cluster->ranks);
    cluster->node = calloc((size_t)plan.ranks, sizeof *cluster->node);
    cluster->last_rank = malloc((size_t)plan.trajectories * sizeof *cluster->last_rank);
    if (!is_open || cluster->ranks == NULL || cluster->node == NULL || cluster->last_rank == NULL)
        return ms_fail_memory(err, NULL, "to simulate %d %s", (int)plan.ranks,
                              ms_plural(plan.ranks, "rank", "ranks"));
    for (int64_t t = 0; t < plan.trajectories; t++)
        cluster->last_rank[t] = -1;
    for (int32_t r = 0; r < plan.ranks; r++)
        cluster->node[r] = first_of_node(cluster, r);
    plan.node = cluster->spec->teams.node_ranks > 1 ? cluster->node : NULL;
    return ms_plan_open(&plan, &cluster->plan, err);
}

static void close_cluster(struct cluster *cluster)
{
    ms_plan_close(cluster->plan);
    ms_max_tree_close(&cluster->events);
    ms_simulated_teams_close(&cluster->teams);
    free(cluster->ranks);
    free(cluster->node);
    free(cluster->last_rank);
}

static void run(struct cluster *cluster)
{
    const struct ms_plan_spec *plan = cluster->spec->plan;
    int32_t r;

    /* If some ranks do not train, rank 0, which only coordinates, is one of them. */
    for (r = plan->ranks - plan->trainers; r < plan->ranks; r++)
        (void)ms_plan_ask(cluster->plan, r);
    take_answers(cluster);
    while (!ms_plan_is_done(cluster->plan) && pass_time(cluster, &r))
        pass_event(cluster, r);
    cluster->result.wall_s = cluster->now_s;
    cluster->result.helped_s = cluster->teams.helped_s;
}

enum ms_code ms_simulate(const struct ms_simulate_spec *spec, struct ms_simulation *simulation,
                         struct ms_error *err)
{
    struct cluster cluster = {.spec = spec};
    enum ms_code code = open_cluster(&cluster, err);

    if (code == MS_OK) {
        run(&cluster);
        if (ms_plan_is_done(cluster.plan))
            *simulation = cluster.result;
        else
            code = ms_fail(err, MS_INTERNAL, "the simulated ranks did not train all trajectories");
    }
    close_cluster(&cluster);
    return code;
}
