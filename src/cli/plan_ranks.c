/* Simulates the sweep on 1, 2, 4, ... ranks until twice as many save less than 5% of the time, and then
 * searches between two of these numbers by bisection. This relies on more ranks never taking noticeably
 * longer.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_ranks.h"

#include <stdlib.h>

/* More ranks do not help if they take more than this share of the time of the fewer ones. */
static const double no_help = 0.95;

/* The largest number of ranks that is tried; the coordinator was simulated with 10,000. */
enum { MOST_RANKS = 65536 };

static enum ms_code simulate(const struct plan_rounds *rounds, int32_t ranks, struct plan_ranks_row *row,
                             struct ms_error *err)
{
    enum ms_code code = plan_rounds_simulate(rounds, ranks, &row->wall_s, err);

    row->ranks = ranks;
    row->efficiency = row->wall_s > 0 ? rounds->core_s / (ranks * row->wall_s) : 1;
    return code;
}

/* The row of so many ranks; NULL: there is none. */
static const struct plan_ranks_row *row_of(const struct plan_ranks *found, int32_t ranks)
{
    for (int i = 0; i < found->n; i++)
        if (found->rows[i].ranks == ranks)
            return &found->rows[i];
    return NULL;
}

static void keep(struct plan_ranks *found, const struct plan_ranks_row *row)
{
    int i = found->n;

    if (found->n == PLAN_RANKS_ROWS || row_of(found, row->ranks) != NULL)
        return;
    for (; i > 0 && found->rows[i - 1].ranks > row->ranks; i--)
        found->rows[i] = found->rows[i - 1];
    found->rows[i] = *row;
    found->n++;
}

/* Doubles the ranks until that does not help. */
static enum ms_code double_ranks(const struct plan_rounds *rounds, struct plan_ranks *found,
                                 struct ms_error *err)
{
    struct plan_ranks_row before, row;
    enum ms_code code = simulate(rounds, 1, &row, err);

    do {
        if (code != MS_OK)
            return code;
        keep(found, &row);
        before = row;
        code = simulate(rounds, 2 * before.ranks, &row, err);
    } while (row.wall_s < no_help * before.wall_s && row.ranks < MOST_RANKS);
    if (code == MS_OK)
        keep(found, &row);
    return code;
}

/* Finds the fewest ranks, more than `less` and at most those of *row, that take at most most_s, which *row does. With more
 * ranks a sweep never takes noticeably longer. */
static enum ms_code bisect(const struct plan_rounds *rounds, int32_t less, double most_s,
                           struct plan_ranks_row *row, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    while (code == MS_OK && row->ranks - less > 1) {
        struct plan_ranks_row middle;

        code = simulate(rounds, less + (row->ranks - less) / 2, &middle, err);
        if (code != MS_OK)
            return code;
        if (middle.wall_s <= most_s)
            *row = middle;
        else
            less = middle.ranks;
    }
    return code;
}

/* Finds the fewest ranks that take at most most_s, if one of the rows does. */
static enum ms_code find_within(const struct plan_rounds *rounds, const struct plan_ranks *found,
                                double most_s, struct plan_ranks_row *row, struct ms_error *err)
{
    int i = 0;

    while (i < found->n && found->rows[i].wall_s > most_s)
        i++;
    if (i == found->n)
        return ms_fail(err, MS_BAD_USAGE,
                       "--within: no number of ranks takes less than about %.3g s, because the longest "
                       "trajectory (%lld) takes %.3g s on one rank",
                       found->rows[found->n - 1].wall_s, (long long)rounds->longest, rounds->longest_s);
    *row = found->rows[i];
    return bisect(rounds, i > 0 ? found->rows[i - 1].ranks : 0, most_s, row, err);
}

/* Simulates this number of ranks, unless there is a row of it. */
static enum ms_code simulate_wanted(const struct plan_rounds *rounds, int32_t ranks, struct plan_ranks *found,
                                    struct ms_error *err)
{
    const struct plan_ranks_row *row = row_of(found, ranks);

    if (row == NULL)
        return simulate(rounds, ranks, &found->wanted, err);
    found->wanted = *row;
    return MS_OK;
}

/* Simulates the wanted number of ranks if nobody helps, which differs only where somebody can. */
static enum ms_code simulate_no_teams(const struct plan_rounds *rounds, struct plan_ranks *found,
                                      struct ms_error *err)
{
    struct plan_rounds no_teams = *rounds;

    if (!plan_rounds_can_help(rounds, found->wanted.ranks)) {
        found->wanted_no_teams_s = found->wanted.wall_s;
        return MS_OK;
    }
    no_teams.node_ranks = 1;
    return plan_rounds_simulate(&no_teams, found->wanted.ranks, &found->wanted_no_teams_s, err);
}

enum ms_code plan_ranks_find(const struct plan_rounds *rounds, int32_t wanted, double within_s,
                             struct plan_ranks *found, struct ms_error *err)
{
    double least_s;
    enum ms_code code;

    *found = (struct plan_ranks){.n = 0};
    code = double_ranks(rounds, found, err);
    if (code != MS_OK)
        return code;
    least_s = found->rows[found->n - 1].wall_s;
    code = find_within(rounds, found, least_s / no_help, &found->useful, err);
    if (code == MS_OK)
        code = wanted > 0 ? simulate_wanted(rounds, wanted, found, err)
                          : find_within(rounds, found, within_s, &found->wanted, err);
    if (code != MS_OK)
        return code;
    keep(found, &found->useful);
    keep(found, &found->wanted);
    return simulate_no_teams(rounds, found, err);
}
