/* A process of a team, which leads its own training or helps another one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TEAM_PRIVATE_H
#define MOONSWEEP_TRAIN_TEAM_PRIVATE_H

#include <math.h>

#include "team_contention.h"
#include "team_memory.h"
#include "team_size.h"

struct ms_team {
    struct ms_team_memory memory;
    int32_t place;
    struct ms_team_control *control; /* at this place */

    /* ---- the leader ---- */
    uint64_t number; /* of the last message */
    struct {
        int32_t dataset, activation, n_x, n_h, segments;
    } subject;                     /* what is being trained; segments 0: nothing that can be shared */
    const struct ms_pass *leading; /* of the training that the team is told about; NULL: none */
    int32_t most;                  /* members that are of use */

    uint64_t changes;   /* of slots when they were last read */
    int32_t slots_used; /* so far: slots from there on were never taken */
    int32_t n_joined;
    struct {
        int32_t slot, place;
    } joined[MS_TEAM_HELPERS];

    int32_t n_shares; /* of this iteration */
    int32_t share_end[MS_TEAM_HELPERS + 1], share_place[MS_TEAM_HELPERS + 1];

    struct ms_team_size size;
    struct ms_team_contention contention;
    int32_t wanted;              /* members of this stretch */
    int64_t iterations, left;    /* of this stretch, and how many of them are left */
    double stretch_began_s;      /* by the timer of the training */
    double iteration_s;          /* without helpers, and without interruptions; 0: unknown */
    bool is_awakening;           /* not all helpers that are wanted know it yet */
    int32_t awakening_left;      /* stretches in which they may still learn it */
    double noted_s, noted_cpu_s; /* when the contention was noted last, by the timer and in processor time */
    int64_t noted_iterations;    /* how many iterations had been made then */

    int32_t fixed_members; /* as in ms_team_fix; 0: the size is not fixed */
    int64_t fixed_alone, fixed_together, fixed_iteration;
    struct ms_team_counts counts;

    /* ---- the helper ---- */
    int32_t last_leader;  /* whose message was the last that this helper has computed; -1: none */
    uint64_t last_number; /* and that message */
};

/* What something takes that is measured again and again without interruptions, from what it was believed to take (0:
 * unknown) and what it took last: an interruption lengthens it by at most a quarter. */
static inline double ms_team_uninterrupted_s(double believed_s, double last_s)
{
    return believed_s > 0 ? fmin(last_s, 1.25 * believed_s) : last_s;
}

#endif
