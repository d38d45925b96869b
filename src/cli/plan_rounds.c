/* Makes the rounds of a sweep by deciding its rungs from invented results, in which the trajectories with the
 * slowest iterations are the best ones. The rounds are simulated one after another and their times added,
 * because no rank begins a round before all have finished the one before.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_rounds.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/early_help.h"
#include "moonsweep/plan.h"
#include "moonsweep/team_speed.h"

/* What plan_rounds_make needs of a job. */
struct maker {
    const struct ms_job *job;
    const struct plan_speed *speed;
    struct plan_rounds *rounds;
    struct ms_grid_member *members; /* [ms_grid_max_members] owned: a buffer */
    int64_t *reached;               /* [trajectories] owned: where the rounds so far end */
};

static enum ms_code fail_memory(const struct maker *maker, struct ms_error *err)
{
    return ms_fail_memory(err, maker->job->path, "to plan its %lld trajectories",
                          (long long)maker->rounds->trajectories);
}

/* ---- one round ------------------------------------------------------------------------------------------- */

/* Adds a round in which nothing is trained yet. */
static enum ms_code add_round(struct maker *maker, struct plan_round **added, struct ms_error *err)
{
    struct plan_rounds *rounds = maker->rounds;
    const size_t trajectories = (size_t)rounds->trajectories;
    struct plan_round *grown = realloc(rounds->rounds, (size_t)(rounds->n + 1) * sizeof *grown), *round;

    if (!grown)
        return fail_memory(maker, err);
    rounds->rounds = grown;
    round = &grown[rounds->n++];
    round->from_iteration = malloc(trajectories * sizeof *round->from_iteration);
    round->to_iteration = malloc(trajectories * sizeof *round->to_iteration);
    round->idle = malloc(trajectories * sizeof *round->idle);
    round->seconds = calloc(trajectories, sizeof *round->seconds);
    if (!round->from_iteration || !round->to_iteration || !round->idle || !round->seconds)
        return fail_memory(maker, err);
    *added = round;
    return MS_OK;
}

/* Lets a round train trajectory t to this iteration count; 0: not at all. */
static void train_to(struct maker *maker, struct plan_round *round, int64_t t, int64_t goal)
{
    const struct plan_speed *speed = maker->speed;
    const int64_t from = maker->reached[t], every = maker->job->stop.every;
    int64_t results = 0, members;

    round->idle[t] = goal == 0;
    round->from_iteration[t] = from;
    round->to_iteration[t] = goal > 0 ? goal : from;
    if (goal == 0)
        return;
    members = ms_grid_members(maker->rounds->grid, t, maker->members);
    for (int64_t i = 0; i < members; i++)
        results += maker->members[i].iterations > from && maker->members[i].iterations <= goal;
    if (every > 0) /* a rule evaluates more often */
        results += goal / every - from / every;
    round->seconds[t] = (double)(goal - from) * speed->iteration_s[t] + (double)results * speed->result_s[t];
    maker->reached[t] = goal;
}

/* ---- all rounds ------------------------------------------------------------------------------------------ */

static enum ms_code make_single_round(struct maker *maker, struct ms_error *err)
{
    struct plan_round *round;
    enum ms_code code = add_round(maker, &round, err);

    for (int64_t t = 0; code == MS_OK && t < maker->rounds->trajectories; t++)
        train_to(maker, round, t, ms_grid_trajectory(maker->rounds->grid, t).longest.iterations);
    return code;
}

/* Lets the rows that were reached have results by which trajectories with slow iterations go on. */
static void fill_rows(const struct maker *maker, struct ms_halving_row *rows)
{
    const enum ms_halving_measure by = maker->job->halving.by;
    const double sign = by == MS_HALVING_DEV_COST || by == MS_HALVING_TRAIN_COST ? -1 : 1;

    for (int64_t t = 0; t < maker->rounds->trajectories; t++) {
        const int64_t members = ms_grid_members(maker->rounds->grid, t, maker->members);

        for (int64_t i = 0; i < members; i++)
            if (maker->members[i].iterations <= maker->reached[t])
                rows[maker->members[i].config] = (struct ms_halving_row){
                    .value = sign * maker->speed->iteration_s[t], .state = MS_HALVING_RANKED};
    }
}

static enum ms_code make_round_after(struct maker *maker, struct ms_halving_row *rows, bool *is_last,
                                     struct ms_error *err)
{
    struct ms_halving_decision decision;
    struct plan_round *round = NULL;
    enum ms_code code;

    fill_rows(maker, rows);
    code = ms_halving_decide(&maker->job->halving, maker->rounds->grid, rows, &decision, err);
    if (code != MS_OK)
        return code;
    *is_last = true;
    for (int64_t t = 0; t < maker->rounds->trajectories; t++)
        *is_last = *is_last && decision.goal[t] == 0;
    if (!*is_last)
        code = add_round(maker, &round, err);
    for (int64_t t = 0; code == MS_OK && round && t < maker->rounds->trajectories; t++)
        train_to(maker, round, t, decision.goal[t]);
    ms_halving_decision_free(&decision);
    return code;
}

static enum ms_code make_halving_rounds(struct maker *maker, struct ms_error *err)
{
    struct ms_halving_row *rows = calloc((size_t)ms_grid_configs(maker->rounds->grid), sizeof *rows);
    bool is_last = false;
    enum ms_code code = rows ? MS_OK : fail_memory(maker, err);

    while (code == MS_OK && !is_last)
        code = make_round_after(maker, rows, &is_last, err);
    free(rows);
    return code;
}

/* Sums up what all rounds take. */
static void sum_up(struct plan_rounds *rounds)
{
    double longest_s = -1;

    for (int i = 0; i < rounds->n; i++) {
        double longest_of_round_s = 0;

        for (int64_t t = 0; t < rounds->trajectories; t++) {
            rounds->core_s += rounds->rounds[i].seconds[t];
            longest_of_round_s = fmax(longest_of_round_s, rounds->rounds[i].seconds[t]);
        }
        rounds->longest_s += longest_of_round_s;
    }
    for (int64_t t = 0; t < rounds->trajectories; t++) {
        double seconds = 0;

        for (int i = 0; i < rounds->n; i++)
            seconds += rounds->rounds[i].seconds[t];
        if (seconds > longest_s) {
            longest_s = seconds;
            rounds->longest = t;
        }
    }
}

enum ms_code plan_rounds_make(const struct ms_job *job, const struct ms_dataset *datasets,
                              const struct plan_speed *speed, struct plan_rounds *rounds,
                              struct ms_error *err)
{
    const int64_t trajectories = ms_grid_trajectories(&job->grid);
    struct maker maker = {.job = job, .speed = speed, .rounds = rounds};
    enum ms_code code = MS_OK;

    *rounds = (struct plan_rounds){.grid = &job->grid, .trajectories = trajectories};
    rounds->cost = malloc((size_t)trajectories * sizeof *rounds->cost);
    rounds->iteration_s = malloc((size_t)trajectories * sizeof *rounds->iteration_s);
    rounds->train = malloc((size_t)job->grid.n_datasets * sizeof *rounds->train);
    maker.members = malloc((size_t)ms_grid_max_members(&job->grid) * sizeof *maker.members);
    maker.reached = calloc((size_t)trajectories, sizeof *maker.reached);
    if (!rounds->cost || !rounds->iteration_s || !rounds->train || !maker.members || !maker.reached)
        code = fail_memory(&maker, err);
    for (int32_t d = 0; code == MS_OK && d < job->grid.n_datasets; d++)
        rounds->train[d] = ms_samples_sizes(&datasets[d].train, job->precision);
    for (int64_t t = 0; code == MS_OK && t < trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(&job->grid, t).longest;
        const struct ms_data *train = &datasets[config.dataset].train;

        rounds->iteration_s[t] = speed->iteration_s[t];
        rounds->cost[t] = ms_plan_cost(config.activation, train->n_x, config.n_h, train->rows);
        ms_coordination_add(&rounds->coordination, (double)config.iterations * rounds->cost[t]);
    }
    if (code == MS_OK)
        code = job->halving.keep > 0 ? make_halving_rounds(&maker, err) : make_single_round(&maker, err);
    if (code == MS_OK)
        sum_up(rounds);
    free(maker.reached);
    free(maker.members);
    return code;
}

void plan_rounds_free(struct plan_rounds *rounds)
{
    for (int i = 0; i < rounds->n; i++) {
        free(rounds->rounds[i].from_iteration);
        free(rounds->rounds[i].to_iteration);
        free(rounds->rounds[i].idle);
        free(rounds->rounds[i].seconds);
    }
    free(rounds->rounds);
    free(rounds->cost);
    free(rounds->iteration_s);
    free(rounds->train);
}

/* ---- teams ----------------------------------------------------------------------------------------------- */

static struct ms_team_speeds speeds_of(const struct plan_rounds *rounds)
{
    return (struct ms_team_speeds){
        .grid = rounds->grid, .train = rounds->train, .iteration_s = rounds->iteration_s};
}

int32_t plan_rounds_most_members(const struct plan_rounds *rounds, int64_t t)
{
    const struct ms_team_speeds speeds = speeds_of(rounds);
    const int32_t most = ms_team_speeds_most(&speeds, t),
                  ranks = rounds->node_ranks > 1 ? rounds->node_ranks : 1;

    return most < ranks ? most : ranks;
}

bool plan_rounds_can_help(const struct plan_rounds *rounds, int32_t ranks)
{
    if (ranks == 1)
        return false;
    for (int64_t t = 0; t < rounds->trajectories; t++)
        if (plan_rounds_most_members(rounds, t) > 1)
            return true;
    return false;
}

/* ---- the schedule ---------------------------------------------------------------------------------------- */

bool plan_rounds_is_dedicated(const struct plan_rounds *rounds, int32_t ranks)
{
    struct ms_coordination coordination = rounds->coordination;

    coordination.ranks = ranks;
    return ms_coordination_is_dedicated(&coordination);
}

enum ms_code plan_rounds_simulate(const struct plan_rounds *rounds, int32_t ranks, double *wall_s,
                                  struct ms_error *err)
{
    /* More pairs of slots are not used: two of the leases of each rank, and two of what waits meanwhile. */
    const int64_t most_pairs = 4 * (int64_t)ranks;
    const int32_t pairs = (int32_t)(rounds->trajectories < most_pairs ? rounds->trajectories : most_pairs);
    const struct ms_team_speeds speeds = speeds_of(rounds);
    double sum_s = 0;
    enum ms_code code = MS_OK;

    for (int i = 0; code == MS_OK && i < rounds->n; i++) {
        const struct plan_round *round = &rounds->rounds[i];
        const struct ms_plan_spec spec = {
            .trajectories = rounds->trajectories,
            .cost = rounds->cost,
            .from_iteration = round->from_iteration,
            .to_iteration = round->to_iteration,
            .finished = round->idle,
            .ends_together = rounds->n > 1,
            .ranks = ranks,
            .trainers = plan_rounds_is_dedicated(rounds, ranks) ? ranks - 1 : ranks,
            .pairs = pairs,
        };
        const struct ms_simulate_spec sweep = ms_team_speeds_sweep(&speeds, &spec, round->seconds,
                                                                   rounds->node_ranks);
        struct ms_simulation simulation;
        int32_t helpers;

        code = ms_early_help(&sweep, &helpers, &simulation, err);
        if (code == MS_OK)
            sum_s += simulation.wall_s;
    }
    if (code == MS_OK)
        *wall_s = sum_s;
    return code;
}
