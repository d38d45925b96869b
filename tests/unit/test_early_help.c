/* How many ranks help from the beginning of a simulated sweep.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "document.h"
#include "moonsweep/early_help.h"
#include "moonsweep/maths.h"
#include "noise.h"
#include "unit.h"

enum { MOST_TRAJECTORIES = 400, SWEEPS = 1000 };

/* Teams of `most` ranks at most, each of which adds so much of a rank's speed. */
struct team {
    int32_t most;
    double efficiency;
};

static int32_t most_members(const void *context, int64_t t)
{
    const struct team *team = context;

    (void)t;
    return team->most;
}

static double speed_up(const void *context, int64_t t, int32_t members)
{
    const struct team *team = context;

    (void)t;
    return 1 + team->efficiency * ((members < team->most ? members : team->most) - 1);
}

struct sweep {
    struct ms_plan_spec plan;
    struct ms_simulate_spec spec;
    struct team team;
    double cost[MOST_TRAJECTORIES], seconds[MOST_TRAJECTORIES];
    int64_t from_iteration[MOST_TRAJECTORIES], to_iteration[MOST_TRAJECTORIES];
    bool finished[MOST_TRAJECTORIES];
};

/* A sweep without trajectories. Ranks begin to help after a millisecond; nothing else takes time. */
static void begin(struct sweep *sweep, int32_t ranks, int32_t node_ranks, struct team team)
{
    memset(sweep, 0, sizeof *sweep);
    sweep->team = team;
    sweep->plan = (struct ms_plan_spec){
        .cost = sweep->cost,
        .from_iteration = sweep->from_iteration,
        .to_iteration = sweep->to_iteration,
        .finished = sweep->finished,
        .ranks = ranks,
        .trainers = ranks,
    };
    sweep->spec = (struct ms_simulate_spec){
        .plan = &sweep->plan,
        .seconds = sweep->seconds,
        .teams = {.node_ranks = node_ranks,
                  .most = most_members,
                  .speed_up = speed_up,
                  .context = &sweep->team,
                  .begin_s = 0.001},
    };
}

static void add(struct sweep *sweep, double seconds)
{
    const int64_t t = sweep->plan.trajectories++;

    sweep->seconds[t] = seconds;
    sweep->to_iteration[t] = 100000;
    sweep->cost[t] = seconds / 100000 / ms_plan_seconds_per_work;
}

static int32_t helpers_of(const struct sweep *sweep, double *wall_s)
{
    struct ms_simulation simulation;
    struct ms_error err;
    int32_t helpers = -1;

    ck_assert_int_eq(ms_early_help(&sweep->spec, &helpers, &simulation, &err), MS_OK);
    *wall_s = simulation.wall_s;
    return helpers;
}

/* One trajectory of 10 s, and four of a second. One rank trains the four, and the other two train the long one in 5 s. If two
 * ranks trained the four, the long one would be helped for 2 s less: it would take 6 s. */
START_TEST(a_rank_helps_with_the_longest_trajectory)
{
    struct sweep sweep;
    double wall_s;

    begin(&sweep, 3, 3, (struct team){.most = 2, .efficiency = 1});
    add(&sweep, 10);
    for (int t = 0; t < 4; t++)
        add(&sweep, 1);
    ck_assert_int_eq(helpers_of(&sweep, &wall_s), 1);
    ck_assert_double_eq_tol(wall_s, 5, 0.002);
}
END_TEST

/* The same, in cases in which early help would not be of use, or is not possible. */
START_TEST(no_rank_helps_early_where_it_would_gain_nothing)
{
    struct sweep sweep;
    double wall_s;

    begin(&sweep, 3, 1, (struct team){.most = 2, .efficiency = 1}); /* a rank on each node */
    add(&sweep, 10);
    for (int t = 0; t < 4; t++)
        add(&sweep, 1);
    ck_assert_int_eq(helpers_of(&sweep, &wall_s), 0);
    ck_assert_double_eq_tol(wall_s, 10, 1e-6);

    begin(&sweep, 3, 3, (struct team){.most = 1, .efficiency = 1}); /* networks that cannot be shared */
    add(&sweep, 10);
    for (int t = 0; t < 4; t++)
        add(&sweep, 1);
    ck_assert_int_eq(helpers_of(&sweep, &wall_s), 0);

    begin(&sweep, 3, 3, (struct team){.most = 2, .efficiency = 1}); /* the mean load is longer */
    for (int t = 0; t < 30; t++)
        add(&sweep, 1);
    ck_assert_int_eq(helpers_of(&sweep, &wall_s), 0);
    ck_assert_double_eq_tol(wall_s, 10, 1e-6);

    begin(&sweep, 3, 3, (struct team){.most = 2, .efficiency = 1}); /* half a second in total */
    add(&sweep, 0.5);
    for (int t = 0; t < 4; t++)
        add(&sweep, 0.05);
    ck_assert_int_eq(helpers_of(&sweep, &wall_s), 0);
}
END_TEST

/* Makes a sweep of at most 17 ranks, so that every number of helpers is tried. */
static void begin_random(struct sweep *sweep, uint64_t *state)
{
    const int32_t ranks = 2 + (int32_t)(16 * noise(state));
    const int32_t node_ranks = 1 + (int32_t)(ranks * noise(state));
    const int trajectories = 1 + (int)(40 * noise(state));
    const double spread = 4 * noise(state);

    begin(sweep, ranks, node_ranks,
          (struct team){.most = 2 + (int32_t)(4 * noise(state)), .efficiency = 0.2 + 0.8 * noise(state)});
    for (int t = 0; t < trajectories; t++)
        add(sweep, 3 * ms_exp(spread * noise(state)));
}

static double simulated_s(struct sweep *sweep, int32_t helpers)
{
    struct ms_simulation simulation;
    struct ms_error err;

    sweep->spec.plan = &sweep->plan;
    sweep->spec.teams.context = &sweep->team;
    sweep->spec.seconds = sweep->seconds;
    sweep->plan.helpers = helpers;
    ck_assert_int_eq(ms_simulate(&sweep->spec, &simulation, &err), MS_OK);
    return simulation.wall_s;
}

/* The shortest time of all numbers of helpers with which the sweep takes at most 5% longer if teams are of no use. */
static double shortest_s(const struct sweep *sweep)
{
    struct sweep together = *sweep, alone = *sweep;
    double shortest = (double)INFINITY;

    alone.team.efficiency = 0;
    for (int32_t helpers = 0; helpers < sweep->plan.ranks; helpers++)
        if (simulated_s(&alone, helpers) <= 1.05 * simulated_s(&alone, 0))
            shortest = fmin(shortest, simulated_s(&together, helpers));
    return shortest;
}

START_TEST(no_other_number_of_helpers_takes_less_time)
{
    uint64_t state = 1;
    int with_helpers = 0;

    for (int round = 0; round < TIMES(1000); round++) {
        struct sweep sweep;
        double wall_s, without_s, shortest;
        int32_t helpers;

        begin_random(&sweep, &state);
        helpers = helpers_of(&sweep, &wall_s);
        shortest = shortest_s(&sweep);
        without_s = simulated_s(&sweep, 0);
        with_helpers += helpers > 0;
        if (shortest > 0.97 * without_s)
            ck_assert(helpers == 0 && wall_s == without_s);
        else
            ck_assert(helpers > 0 && wall_s == shortest);
    }
    ck_assert_int_gt(with_helpers, TIMES(50));
}
END_TEST

/* ---- wrong expectations ---- */

/* In what way sweeps are not as expected. */
enum wrong {
    NOTHING,
    LENGTHS,    /* each is wrong by up to half of what is expected */
    SOME_SHORT, /* three in ten take a twentieth */
    TEAMS,      /* no team is faster than one rank */
    SOME_LONG,  /* one in ten takes ten times as long */
    WRONG_COUNT
};

static const char *const descriptions[] = {
    [NOTHING] = "nothing",
    [LENGTHS] = "all lengths, by up to half of what is expected",
    [SOME_SHORT] = "three in ten trajectories take a twentieth",
    [TEAMS] = "no team is faster than one rank",
    [SOME_LONG] = "one in ten trajectories takes ten times as long",
};

/* A sweep of 2 to 176 ranks. */
static void begin_large(struct sweep *sweep, uint64_t *state)
{
    const int32_t node_ranks = 1 + (int32_t)(16 * noise(state)), nodes = 1 + (int32_t)(11 * noise(state));
    const int trajectories = 1 + (int)(MOST_TRAJECTORIES * noise(state) * noise(state));
    const double spread = 4 * noise(state), scale = 0.2 + 3 * noise(state);
    const int32_t ranks = node_ranks * nodes;

    begin(sweep, ranks > 1 ? ranks : 2, node_ranks,
          (struct team){.most = 2 + (int32_t)(6 * noise(state)), .efficiency = 0.1 + 0.9 * noise(state)});
    for (int t = 0; t < trajectories; t++)
        add(sweep, scale * ms_exp(spread * noise(state)));
}

/* Lets a sweep take other times than are expected. */
static void spoil(struct sweep *sweep, enum wrong wrong, uint64_t *state)
{
    for (int64_t t = 0; t < sweep->plan.trajectories; t++) {
        const double chance = noise(state);

        if (wrong == LENGTHS)
            sweep->seconds[t] *= 0.5 + chance;
        else if (wrong == SOME_SHORT && chance < 0.3)
            sweep->seconds[t] *= 0.05;
        else if (wrong == SOME_LONG && chance < 0.1)
            sweep->seconds[t] *= 10;
    }
    if (wrong == TEAMS)
        sweep->team.efficiency = 0;
}

/* The time with early help, of that without. */
struct ratios {
    double sum, largest;
    int count;
};

static void note(struct ratios *ratios, double ratio)
{
    ratios->sum += ratio;
    ratios->largest = fmax(ratios->largest, ratio);
    ratios->count++;
}

START_TEST(wrong_expectations_cost_as_much_as_documented)
{
    struct ratios ratios[WRONG_COUNT] = {{0}};
    uint64_t state = 1;

    for (int round = 0; round < SWEEPS; round++) {
        struct sweep sweep;
        double wall_s;
        int32_t helpers;

        begin_large(&sweep, &state);
        helpers = helpers_of(&sweep, &wall_s);
        for (enum wrong wrong = NOTHING; helpers > 0 && wrong < WRONG_COUNT; wrong++) {
            struct sweep actual = sweep;

            spoil(&actual, wrong, &state);
            note(&ratios[wrong], simulated_s(&actual, helpers) / simulated_s(&actual, 0));
        }
    }
    document_states("cluster.md", "in %d of %d random sweeps", ratios[NOTHING].count, SWEEPS);
    for (enum wrong wrong = NOTHING; wrong < WRONG_COUNT; wrong++)
        document_states("cluster.md", "| %s | %.2f | %.2f |", descriptions[wrong],
                        ratios[wrong].sum / ratios[wrong].count, ratios[wrong].largest);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("early_help");
    TCase *tests = tcase_create("early_help");

    tcase_add_test(tests, a_rank_helps_with_the_longest_trajectory);
    tcase_add_test(tests, no_rank_helps_early_where_it_would_gain_nothing);
    tcase_add_test(tests, no_other_number_of_helpers_takes_less_time);
    tcase_add_test(tests, wrong_expectations_cost_as_much_as_documented);
    suite_add_tcase(suite, tests);
    return suite;
}
