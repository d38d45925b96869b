/* What the ranks of simulated nodes train, and who helps whom: as in src/train/team_helper.c.
 *
 * A helper goes to the rank with the most work left for each member of its team. There it stays until that rank trains
 * nothing that can be shared, until that rank begins with something else and more is left elsewhere, or until it was not
 * needed for a while and is needed elsewhere.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_SIMULATE_TEAMS_H
#define MOONSWEEP_CORE_SIMULATE_TEAMS_H

#include "moonsweep/simulate.h"

/* A rank, which trains or helps. */
struct ms_simulated_member {
    int64_t trajectory;   /* that it trains and that can be shared; -1: none */
    double whole_s, work; /* the seconds that one rank would need for what it trains, and the work of that */
    double left_s, at_s;  /* those that were left at this time */
    double speed;         /* the seconds of one rank that pass in a second */
    int32_t joined;       /* its helpers */
    int64_t trainings;    /* that it has begun */
    int32_t place;        /* the rank that it helps; -1: none */
    int64_t seen;         /* the trainings of that rank when it was last compared with others */
    double patience_s;    /* how long it stays there if it is not needed */
};

struct ms_simulated_teams {
    struct ms_simulate_teams spec;
    struct ms_simulated_member *members; /* [ranks] owned */
    int32_t ranks;
    double helped_s; /* the time for which ranks were helpers, summed */
};

/* Returns false if there is not enough memory; ms_simulated_teams_close may be called then, too. */
bool ms_simulated_teams_open(struct ms_simulated_teams *teams, const struct ms_simulate_teams *spec,
                             int32_t ranks);
void ms_simulated_teams_close(struct ms_simulated_teams *teams);

/* Rank r begins to train at this time. t: the trajectory; -1: several, or one that is not to be shared. seconds: that it
 * would need alone. work: as for ms_plan_cost. Those who have helped it before are still there. */
void ms_simulated_teams_begin(struct ms_simulated_teams *teams, int32_t r, int64_t t, double seconds,
                              double work, double now_s);

/* When it will have trained that, if nobody comes or leaves. */
double ms_simulated_teams_end_s(const struct ms_simulated_teams *teams, int32_t r);

/* It has trained that. */
void ms_simulated_teams_finish(struct ms_simulated_teams *teams, int32_t r, double now_s);

/* Rank r, which has nothing to train, looks where it is needed, and goes there. Returns the time at which it is to look
 * again: INFINITY if only a rank that begins or ends changes anything. */
double ms_simulated_teams_look(struct ms_simulated_teams *teams, int32_t r, double now_s);

/* The ranks of the node of rank r: *first .. *end - 1. */
void ms_simulated_teams_node(const struct ms_simulated_teams *teams, int32_t r, int32_t *first, int32_t *end);

#endif
