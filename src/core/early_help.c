/* Chooses the number of early helpers by simulations. The time of a sweep as a function of that number has many small steps, so
 * numbers at equal distances are tried first, and then those around the best one at ever smaller distances.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/early_help.h"

#include <stdlib.h>

/* The numbers that are tried at first. */
enum { FIRST_TRIES = 16 };

/* Larger sweeps are not simulated so often. */
enum { MOST_TRAJECTORIES = 4096, MOST_RANKS = 1024 };

/* The least time of a sweep, what it must gain, and what it may lose if no team turned out to be faster than one rank. */
static const double least_wall_s = 0.5, least_gain = 0.03, most_loss = 0.05;

/* The speeds of teams, which every simulation asks for again and again. */
struct speeds {
    const struct ms_simulate_teams *teams;
    double *known; /* [trajectories][sizes] owned: 0: not known yet */
    int32_t sizes; /* of teams */
};

struct search {
    const struct ms_simulate_spec *sweep;
    struct ms_plan_spec plan;
    struct speeds speeds;
    double alone_s; /* what the sweep takes if nobody can help */
    int32_t best;
    struct ms_simulation simulation; /* with the best number */
};

/* ---- the speeds of teams ------------------------------------------------------------------------------- */

static int32_t most(const void *context, int64_t t)
{
    const struct speeds *speeds = context;

    return speeds->teams->most(speeds->teams->context, t);
}

static double speed_up(const void *context, int64_t t, int32_t members)
{
    const struct speeds *speeds = context;
    double *known;

    if (members > speeds->sizes)
        members = speeds->sizes;
    known = &speeds->known[t * speeds->sizes + members - 1];
    if (*known == 0)
        *known = speeds->teams->speed_up(speeds->teams->context, t, members);
    return *known;
}

static bool open_speeds(struct speeds *speeds, const struct ms_simulate_spec *sweep)
{
    *speeds = (struct speeds){.teams = &sweep->teams, .sizes = 1};
    for (int64_t t = 0; t < sweep->plan->trajectories; t++) {
        const int32_t sizes = most(speeds, t);

        speeds->sizes = sizes > speeds->sizes ? sizes : speeds->sizes;
    }
    if (speeds->sizes > sweep->teams.node_ranks)
        speeds->sizes = sweep->teams.node_ranks;
    speeds->known = calloc((size_t)sweep->plan->trajectories * (size_t)speeds->sizes, sizeof *speeds->known);
    return speeds->known != NULL;
}

/* ---- the search ---------------------------------------------------------------------------------------- */

/* The number of trajectories that take longer than the mean load. */
static int64_t count_longs(const struct ms_plan_spec *plan)
{
    double work = 0;
    int64_t count = 0;

    for (int64_t t = 0; t < plan->trajectories; t++)
        work += ms_plan_trajectory_work(plan, t);
    for (int64_t t = 0; t < plan->trajectories; t++)
        count += ms_plan_trajectory_work(plan, t) > work / plan->trainers;
    return count;
}

bool ms_early_help_is_possible(const struct ms_simulate_spec *sweep)
{
    return sweep->teams.node_ranks > 1 && sweep->plan->trajectories <= MOST_TRAJECTORIES &&
           sweep->plan->ranks <= MOST_RANKS && count_longs(sweep->plan) > 0;
}

/* A `most` of struct ms_simulate_teams with which nobody helps. */
static int32_t only_one(const void *context, int64_t t)
{
    (void)context;
    (void)t;
    return 1;
}

static enum ms_code simulate(struct search *search, int32_t helpers, bool has_teams,
                             struct ms_simulation *simulation, struct ms_error *err)
{
    struct ms_simulate_spec spec = *search->sweep;

    search->plan.helpers = helpers;
    spec.plan = &search->plan;
    spec.teams.most = has_teams ? most : only_one;
    spec.teams.speed_up = speed_up;
    spec.teams.context = &search->speeds;
    return ms_simulate(&spec, simulation, err);
}

/* Keeps this number of helpers if the sweep ends earlier than with the best until now, and not much later if teams are of no
 * use. */
static enum ms_code try(struct search *search, int32_t helpers, struct ms_error *err)
{
    struct ms_simulation simulation, alone;
    enum ms_code code = simulate(search, helpers, true, &simulation, err);

    if (code != MS_OK || simulation.wall_s >= search->simulation.wall_s)
        return code;
    code = simulate(search, helpers, false, &alone, err);
    if (code == MS_OK && alone.wall_s <= (1 + most_loss) * search->alone_s) {
        search->best = helpers;
        search->simulation = simulation;
    }
    return code;
}

/* Tries numbers of helpers from 1 to `largest`. */
static enum ms_code try_all(struct search *search, int32_t largest, struct ms_error *err)
{
    int32_t step = (largest + FIRST_TRIES - 1) / FIRST_TRIES;
    enum ms_code code = MS_OK;

    for (int32_t helpers = step; code == MS_OK && helpers <= largest; helpers += step)
        code = try(search, helpers, err);
    while (code == MS_OK && step > 1) {
        const int32_t middle = search->best;

        step = (step + 1) / 2;
        if (middle > step)
            code = try(search, middle - step, err);
        if (code == MS_OK && middle + step <= largest)
            code = try(search, middle + step, err);
    }
    return code;
}

static enum ms_code search_best(struct search *search, struct ms_error *err)
{
    const int64_t others = search->plan.trainers - count_longs(&search->plan);
    struct ms_simulation late, alone;
    enum ms_code code = simulate(search, 0, true, &late, err);

    search->simulation = late;
    if (code != MS_OK || late.wall_s < least_wall_s)
        return code;
    code = simulate(search, 0, false, &alone, err);
    if (code != MS_OK)
        return code;
    search->alone_s = alone.wall_s;
    code = try_all(search, (int32_t)others, err);
    if (search->simulation.wall_s > (1 - least_gain) * late.wall_s) {
        search->best = 0;
        search->simulation = late;
    }
    return code;
}

enum ms_code ms_early_help(const struct ms_simulate_spec *sweep, int32_t *helpers,
                           struct ms_simulation *simulation, struct ms_error *err)
{
    struct search search = {.sweep = sweep, .plan = *sweep->plan};
    struct ms_simulate_spec spec = *sweep;
    enum ms_code code;

    search.plan.helpers = 0;
    spec.plan = &search.plan;
    if (!ms_early_help_is_possible(sweep))
        code = ms_simulate(&spec, &search.simulation, err);
    else if (open_speeds(&search.speeds, sweep))
        code = search_best(&search, err);
    else
        code = ms_fail_memory(err, NULL, "to simulate teams");
    free(search.speeds.known);
    if (code == MS_OK) {
        *helpers = search.best;
        *simulation = search.simulation;
    }
    return code;
}
