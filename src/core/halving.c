/* Decides the rungs of one data set after another, by ascending iteration count: the configurations are
 * sorted so that those of a rung are neighbours. A trajectory that was dropped takes part in no later rung.
 * One that waits for a rung to be decided makes every later rung in which it takes part undecided too, unless
 * values are assumed for it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/halving.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "rung_entries.h"

/* Whether a trajectory takes part in further rungs. */
enum standing { IN, WAITING, OUT };

/* A trajectory that takes part in a rung; larger values are better. */
struct contestant {
    int64_t trajectory, config;
    bool has_diverged;
    double value, other;
};

struct contest {
    const struct ms_halving *halving;
    const struct ms_grid *grid;
    const struct ms_halving_row *rows;
    const double *cost; /* [trajectories] the values at rungs that cannot be decided; NULL: these wait */
    int64_t configs, trajectories;
    struct ms_rung_entry *entries;  /* [configs] owned */
    int64_t *longest;               /* [trajectories] owned: the largest iteration count */
    struct contestant *contestants; /* [trajectories] owned: of the current rung */
    enum standing *standing;        /* [trajectories] owned */
    struct ms_halving_decision decision;
};

const char *ms_halving_measure_name(enum ms_halving_measure measure)
{
    static const char *const names[MS_HALVING_MEASURES] = {"dev_accuracy", "dev_cost", "train_accuracy",
                                                           "train_cost"};

    return names[measure];
}

enum ms_halving_measure ms_halving_other(enum ms_halving_measure measure)
{
    return (enum ms_halving_measure)((unsigned)measure ^ 1U);
}

void ms_halving_decision_free(struct ms_halving_decision *decision)
{
    free(decision->goal);
    free(decision->dropped_at);
    *decision = (struct ms_halving_decision){0};
}

/* ---- the order of contestants -------------------------------------------------------------------------- */

/* The best one first. */
static int compare_contestants(const void *a_void, const void *b_void)
{
    const struct contestant *a = a_void, *b = b_void;

    if (a->has_diverged != b->has_diverged)
        return a->has_diverged - b->has_diverged;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    if (a->other != b->other)
        return a->other > b->other ? -1 : 1;
    return (a->config > b->config) - (a->config < b->config);
}

/* The value of a measure as a number of which larger ones are better. */
static double rating(enum ms_halving_measure measure, double value)
{
    const bool is_cost = measure == MS_HALVING_DEV_COST || measure == MS_HALVING_TRAIN_COST;

    if (!isfinite(value))
        return -INFINITY;
    return is_cost ? -value : value;
}

/* Quotients are compared because they are rounded once: 0.07 * 100 is above 7, but 7 / 100 is 0.07. */
int64_t ms_halving_number_kept(const struct ms_halving *halving, int64_t n)
{
    int64_t kept = (int64_t)(halving->keep * (double)n);

    kept = kept < 2 ? 1 : kept - 1;
    while ((double)kept / (double)n < halving->keep)
        kept++;
    return kept;
}

/* ---- a rung -------------------------------------------------------------------------------------------- */

/* Enters a trajectory at the rung. Returns whether its result there is known. */
static bool enter(struct contest *contest, const struct ms_rung_entry *entry, struct contestant *contestant)
{
    const struct ms_halving_row *row = &contest->rows[entry->config];
    const bool is_waiting = contest->standing[entry->trajectory] == WAITING;

    if (row->state == MS_HALVING_PENDING && !is_waiting && contest->cost == NULL)
        contest->decision.goal[entry->trajectory] = entry->iterations;
    *contestant = (struct contestant){
        .trajectory = entry->trajectory,
        .config = entry->config,
        .has_diverged = row->state == MS_HALVING_DIVERGED,
        .value = rating(contest->halving->by, row->value),
        .other = rating(ms_halving_other(contest->halving->by), row->other),
    };
    return row->state != MS_HALVING_PENDING && !is_waiting;
}

/* Decides who goes on, of n trajectories. */
static void decide(struct contest *contest, int64_t n, int64_t iterations)
{
    const int64_t kept = ms_halving_number_kept(contest->halving, n);

    qsort(contest->contestants, (size_t)n, sizeof *contest->contestants, compare_contestants);
    for (int64_t i = 0; i < n; i++) {
        const struct contestant *contestant = &contest->contestants[i];

        if (i < kept && !contestant->has_diverged)
            continue;
        contest->standing[contestant->trajectory] = OUT;
        if (!contestant->has_diverged)
            contest->decision.dropped_at[contestant->trajectory] = iterations;
    }
}

/* Lets n trajectories wait for a rung that cannot be decided, or decides it by their costs. */
static void leave_open(struct contest *contest, int64_t n, int64_t iterations)
{
    for (int64_t i = 0; i < n; i++) {
        struct contestant *contestant = &contest->contestants[i];

        if (contest->cost == NULL)
            contest->standing[contestant->trajectory] = WAITING;
        else
            contestant->value = contest->cost[contestant->trajectory];
    }
    if (contest->cost != NULL)
        decide(contest, n, iterations);
}

/* Handles the rung that begins with this entry, and returns where the next one begins. */
static int64_t hold(struct contest *contest, int64_t first)
{
    const struct ms_rung_entry *entries = contest->entries;
    const int64_t iterations = entries[first].iterations;
    const int64_t end = ms_rung_entries_end(entries, contest->configs, first);
    bool is_known = true;
    int64_t n = 0;

    for (int64_t i = first; i < end; i++) {
        const int64_t t = entries[i].trajectory;
        const bool is_repeated = i > first && entries[i - 1].trajectory == t;
        bool is_final;

        if (is_repeated || contest->standing[t] == OUT)
            continue;
        is_final = enter(contest, &entries[i], &contest->contestants[n]);
        if (contest->longest[t] == iterations)
            continue; /* it ends here in any case */
        is_known = is_known && is_final;
        n++;
    }
    if (n > 0 && is_known)
        decide(contest, n, iterations);
    else if (n > 0)
        leave_open(contest, n, iterations);
    return end;
}

/* ---- all rungs ----------------------------------------------------------------------------------------- */

static bool allocate(struct contest *contest)
{
    const size_t trajectories = (size_t)contest->trajectories;

    contest->entries = ms_rung_entries_make(contest->grid);
    if (contest->entries != NULL)
        contest->longest = ms_rung_entries_longest(contest->entries, contest->configs, contest->trajectories);
    contest->contestants = malloc(trajectories * sizeof *contest->contestants);
    contest->standing = calloc(trajectories, sizeof *contest->standing);
    contest->decision.goal = calloc(trajectories, sizeof *contest->decision.goal);
    contest->decision.dropped_at = calloc(trajectories, sizeof *contest->decision.dropped_at);
    return contest->longest != NULL && contest->contestants != NULL && contest->standing != NULL &&
           contest->decision.goal != NULL && contest->decision.dropped_at != NULL;
}

enum ms_code ms_halving_assume(const struct ms_halving *halving, const struct ms_grid *grid,
                               const struct ms_halving_row *rows, const double *cost,
                               struct ms_halving_decision *decision, struct ms_error *err)
{
    struct contest contest = {
        .halving = halving,
        .grid = grid,
        .rows = rows,
        .cost = cost,
        .configs = ms_grid_configs(grid),
        .trajectories = ms_grid_trajectories(grid),
    };
    enum ms_code code = MS_OK;

    if (allocate(&contest)) {
        for (int64_t i = 0; i < contest.configs;)
            i = hold(&contest, i);
        *decision = contest.decision;
    } else {
        ms_halving_decision_free(&contest.decision);
        code = ms_fail_memory(err, NULL, "to decide which of %lld %s go on", (long long)contest.trajectories,
                              ms_plural(contest.trajectories, "trajectory", "trajectories"));
    }
    free(contest.entries);
    free(contest.longest);
    free(contest.contestants);
    free(contest.standing);
    return code;
}

enum ms_code ms_halving_decide(const struct ms_halving *halving, const struct ms_grid *grid,
                               const struct ms_halving_row *rows, struct ms_halving_decision *decision,
                               struct ms_error *err)
{
    return ms_halving_assume(halving, grid, rows, NULL, decision, err);
}
