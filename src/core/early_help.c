/* Chooses the number of early helpers by simulations. The time of a sweep as a function of that number has many small steps, so
 * numbers at equal distances are tried first, and then those around the best one at ever smaller distances.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/early_help.h"

#include <math.h>
#include <stdlib.h>

/* The numbers that are tried at first. */
enum { FIRST_TRIES = 16 };

/* Larger sweeps are not simulated so often. */
enum { MOST_TRAJECTORIES = 4096, MOST_RANKS = 1024 };

/* The least time of a sweep, and what it must gain. */
static const double least_wall_s = 0.5, least_gain = 0.03;

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

/* Simulates the sweep with so many helpers, and keeps the result if it ends earlier than the best until now. */
static enum ms_code try(struct search *search, int32_t helpers, struct ms_error *err)
{
    struct ms_simulate_spec spec = *search->sweep;
    struct ms_simulation simulation;
    enum ms_code code;

    search->plan.helpers = helpers;
    spec.plan = &search->plan;
    if (search->speeds.known != NULL) {
        spec.teams.most = most;
        spec.teams.speed_up = speed_up;
        spec.teams.context = &search->speeds;
    }
    code = ms_simulate(&spec, &simulation, err);
    if (code == MS_OK && (helpers == 0 || simulation.wall_s < search->simulation.wall_s)) {
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
    struct ms_simulation late;
    enum ms_code code = try(search, 0, err);

    late = search->simulation;
    if (code != MS_OK || late.wall_s < least_wall_s)
        return code;
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
    enum ms_code code;

    if (!ms_early_help_is_possible(sweep))
        code = try(&search, 0, err);
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
