/* Whenever someone comes or leaves, what the leader has trained until then is subtracted, and its speed is that of the new
 * team.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "simulate_teams.h"

#include <math.h>
#include <stdlib.h>

/* How long a helper stays that is not needed: src/train/team_helper.c. If it is not needed at the next place either, it
 * stays twice as long there, so that a simulation of days does not consist of such moves. */
static const double unneeded_s = 0.1;

bool ms_simulated_teams_open(struct ms_simulated_teams *teams, const struct ms_simulate_teams *spec,
                             int32_t ranks)
{
    *teams = (struct ms_simulated_teams){
        .spec = *spec, .ranks = ranks, .members = calloc((size_t)ranks, sizeof *teams->members)};
    if (teams->members == NULL)
        return false;
    for (int32_t r = 0; r < ranks; r++) {
        teams->members[r].trajectory = -1;
        teams->members[r].speed = 1;
        teams->members[r].place = -1;
        teams->members[r].patience_s = unneeded_s;
    }
    return true;
}

void ms_simulated_teams_close(struct ms_simulated_teams *teams)
{
    free(teams->members);
}

void ms_simulated_teams_node(const struct ms_simulated_teams *teams, int32_t r, int32_t *first, int32_t *end)
{
    const int32_t ranks = teams->spec.node_ranks > 1 ? teams->spec.node_ranks : 1;

    *first = r / ranks * ranks;
    *end = *first + ranks < teams->ranks ? *first + ranks : teams->ranks;
}

/* ---- training -------------------------------------------------------------------------------------------- */

/* The ranks that can train what this one trains, at most. */
static int32_t most_members(const struct ms_simulated_teams *teams, const struct ms_simulated_member *leader)
{
    return leader->trajectory < 0 ? 1 : teams->spec.most(teams->spec.context, leader->trajectory);
}

/* What is left at this time. */
static double left_s(const struct ms_simulated_member *leader, double now_s)
{
    return fmax(leader->left_s - fmax(now_s - leader->at_s, 0) * leader->speed, 0);
}

/* Notes what has been trained until now, and then that the number of helpers changes. */
static void change_helpers(struct ms_simulated_teams *teams, int32_t r, int32_t change, double now_s)
{
    struct ms_simulated_member *leader = &teams->members[r];
    const double until_s = fmax(fmin(now_s, ms_simulated_teams_end_s(teams, r)), leader->at_s);

    teams->helped_s += leader->joined * (until_s - leader->at_s);
    leader->left_s = left_s(leader, until_s);
    leader->at_s = until_s;
    leader->joined += change;
    leader->speed = leader->trajectory < 0 || leader->joined == 0
                        ? 1
                        : teams->spec.speed_up(teams->spec.context, leader->trajectory, leader->joined + 1);
}

void ms_simulated_teams_begin(struct ms_simulated_teams *teams, int32_t r, int64_t t, double seconds,
                              double work, double now_s)
{
    struct ms_simulated_member *leader = &teams->members[r];

    leader->trajectory = teams->spec.node_ranks > 1 ? t : -1;
    leader->whole_s = leader->left_s = seconds;
    leader->work = work;
    leader->at_s = now_s;
    leader->trainings++;
    change_helpers(teams, r, 0, now_s);
}

double ms_simulated_teams_end_s(const struct ms_simulated_teams *teams, int32_t r)
{
    const struct ms_simulated_member *leader = &teams->members[r];

    return leader->at_s + leader->left_s / leader->speed;
}

void ms_simulated_teams_finish(struct ms_simulated_teams *teams, int32_t r, double now_s)
{
    struct ms_simulated_member *leader = &teams->members[r];

    change_helpers(teams, r, 0, now_s);
    leader->trajectory = -1;
    leader->left_s = 0;
}

/* ---- helping --------------------------------------------------------------------------------------------- */

/* The work at a place for each of its members, if a rank were one of them, as it is at `own`; 0: it is not needed there. */
static double work_at(const struct ms_simulated_teams *teams, int32_t place, int32_t own, double now_s)
{
    const struct ms_simulated_member *leader = &teams->members[place];
    const int32_t members = 1 + leader->joined - (place == own);

    if (members >= most_members(teams, leader))
        return 0;
    return leader->work * left_s(leader, now_s) / leader->whole_s / (members + 1);
}

/* Where a rank of this node should help; -1: nowhere. own: where it helps now; -1: nowhere. */
static int32_t choose(const struct ms_simulated_teams *teams, int32_t r, int32_t own, double now_s)
{
    int32_t first, end, chosen = -1;
    double best = 0;

    ms_simulated_teams_node(teams, r, &first, &end);
    for (int32_t place = first; place < end; place++) {
        const double work = teams->members[place].trajectory < 0 ? 0 : work_at(teams, place, own, now_s);

        if (work > best)
            chosen = place;
        best = fmax(work, best);
    }
    return chosen;
}

static void leave(struct ms_simulated_teams *teams, int32_t r, double now_s)
{
    struct ms_simulated_member *helper = &teams->members[r];

    if (helper->place >= 0)
        change_helpers(teams, helper->place, -1, now_s);
    helper->place = -1;
}

/* Whether a team would be as quick with one helper less. */
static bool is_too_large(const struct ms_simulated_teams *teams, const struct ms_simulated_member *leader)
{
    const struct ms_simulate_teams *spec = &teams->spec;

    return spec->speed_up(spec->context, leader->trajectory, leader->joined) >= leader->speed;
}

/* Whether a helper is where it has to be. */
static bool is_needed(const struct ms_simulated_teams *teams, const struct ms_simulated_member *helper)
{
    const struct ms_simulated_member *leader = &teams->members[helper->place];

    return leader->trajectory >= 0 && !is_too_large(teams, leader);
}

double ms_simulated_teams_look(struct ms_simulated_teams *teams, int32_t r, double now_s)
{
    struct ms_simulated_member *helper = &teams->members[r];
    const int32_t before = helper->place;
    const bool is_new = before >= 0 && teams->members[before].trajectory >= 0 &&
                        helper->seen != teams->members[before].trainings;
    int32_t place;

    if (before >= 0)
        helper->seen = teams->members[before].trainings;
    if (before >= 0 && !is_new && is_needed(teams, helper))
        return INFINITY;
    place = choose(teams, r, is_new ? before : -1, now_s);
    if (place == before || (place < 0 && teams->members[before].trajectory >= 0))
        return INFINITY;
    leave(teams, r, now_s);
    helper->place = place;
    if (place < 0)
        return INFINITY;
    helper->seen = teams->members[place].trainings;
    change_helpers(teams, place, 1, now_s);
    if (is_needed(teams, helper)) {
        helper->patience_s = unneeded_s;
        return INFINITY;
    }
    helper->patience_s *= 2;
    return now_s + helper->patience_s / 2;
}
