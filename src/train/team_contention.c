/* The first period of a comparison has a processor time that consists of several turns of the leader, whatever the load,
 * and the others have its wall time. The iterations of all periods without, and with a team, are compared, because medians
 * would hide the rare periods in which much time is lost. They take turns in the order A B B A A B, so that a load that rises
 * or falls favours neither. A comparison ends when a team is much slower, and the more often a team did not pay, the rarer
 * are comparisons, because they cost time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "team_contention.h"

/* A leader that has a processor for less of the time lacks one. A team that has not been compared looks for that so often. */
static const double least_share = 0.85, look_s = 50e-3;

static const double period_cpu_s = 20e-3;

/* How many times as quick as the leader alone a team has to be after so many pairs of periods, for the comparison to go on,
 * and for the team in the end. */
enum { PAIRS = 3 };
static const double least_gain[PAIRS] = {0.9, 1, 1.05};

/* In periods: at most 15 seconds of processor time. */
static const int64_t shortest_term = 32, longest_term = 768;

/* If a leader that is alone lacks no processor any more for this part of a term, the team may train. */
enum { QUIET_PART = 4 };

/* A team that does less than so much of what its leader did alone is compared at once. */
static const double least_rate = 0.9;

void ms_team_contention_begin(struct ms_team_contention *contention)
{
    *contention = (struct ms_team_contention){.pays = true, .term = shortest_term};
}

static bool is_crowded(const struct ms_team_used *used)
{
    return used->cpu_s < least_share * used->elapsed_s;
}

/* Whether a was less than so many times as quick as b. */
static bool is_slower(const struct ms_team_used *a, double times, const struct ms_team_used *b)
{
    return a->iterations * b->elapsed_s < times * b->iterations * a->elapsed_s;
}

static void add(struct ms_team_used *sum, const struct ms_team_used *used)
{
    sum->iterations += used->iterations;
    sum->elapsed_s += used->elapsed_s;
    sum->cpu_s += used->cpu_s;
}

/* ---- comparisons ----------------------------------------------------------------------------------------- */

static void begin_comparison(struct ms_team_contention *contention)
{
    contention->is_comparing = contention->is_parted = true;
    contention->compared = 0;
    contention->sums[0] = contention->sums[1] = (struct ms_team_used){0};
}

static void end_comparison(struct ms_team_contention *contention, bool pays)
{
    contention->is_comparing = false;
    contention->was_crowded_alone = is_crowded(&contention->sums[0]);
    if (pays != contention->pays)
        contention->term = shortest_term;
    contention->pays = pays;
    contention->is_parted = !pays;
    contention->left = contention->term;
    contention->term = contention->term < longest_term ? 2 * contention->term : longest_term;
    contention->quiet = 0;
}

/* Takes the period that has ended into the comparison. */
static void compare(struct ms_team_contention *contention)
{
    const int32_t pairs = ++contention->compared / 2;
    const bool is_pair = contention->compared % 2 == 0;

    add(&contention->sums[!contention->is_parted], &contention->used);
    if (contention->compared == 1)
        contention->period_s = contention->used.elapsed_s;
    if (!is_pair) {
        contention->is_parted = !contention->is_parted;
        return;
    }
    if (is_slower(&contention->sums[1], least_gain[pairs - 1], &contention->sums[0]))
        end_comparison(contention, false);
    else if (pairs == PAIRS)
        end_comparison(contention, true);
}

/* ---- between comparisons --------------------------------------------------------------------------------- */

/* Whether a comparison has ended before: each has made the term longer. */
static bool was_compared(const struct ms_team_contention *contention)
{
    return contention->term > shortest_term;
}

static void end_period_of_team(struct ms_team_contention *contention)
{
    const bool is_slow = contention->sums[0].iterations > 0 &&
                         is_slower(&contention->used, least_rate, &contention->sums[0]);

    contention->left--;
    if ((!is_slow && contention->left > 0) || !is_crowded(&contention->used))
        return;
    if (was_compared(contention)) {
        begin_comparison(contention);
    } else {
        contention->is_parted = true;
        contention->left = shortest_term;
    }
}

static void end_period_alone(struct ms_team_contention *contention)
{
    contention->left--;
    contention->quiet = is_crowded(&contention->used) ? 0 : contention->quiet + 1;
    if (contention->was_crowded_alone && contention->quiet > contention->term / QUIET_PART) {
        contention->is_parted = false;
        contention->left = 0;
    } else if (contention->left <= 0) {
        begin_comparison(contention);
    }
}

/* ---- periods --------------------------------------------------------------------------------------------- */

static bool has_ended(const struct ms_team_contention *contention)
{
    if (contention->is_comparing && contention->compared > 0)
        return contention->used.elapsed_s >= contention->period_s;
    if (!contention->is_parted && contention->left <= 0)
        return contention->used.elapsed_s >= look_s;
    return contention->used.cpu_s >= period_cpu_s;
}

void ms_team_contention_note(struct ms_team_contention *contention, const struct ms_team_used *used)
{
    add(&contention->used, used);
    if (!has_ended(contention))
        return;
    if (contention->is_comparing)
        compare(contention);
    else if (contention->is_parted)
        end_period_alone(contention);
    else
        end_period_of_team(contention);
    contention->used = (struct ms_team_used){0};
}

void ms_team_contention_change(struct ms_team_contention *contention)
{
    if (contention->is_comparing && contention->compared > 0)
        begin_comparison(contention);
    contention->used = contention->sums[0] = contention->sums[1] = (struct ms_team_used){0};
}
