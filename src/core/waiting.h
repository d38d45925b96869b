/* The trajectories of a plan that are in no lease, by the work that is left of them: those that have not begun, sorted
 * once, and those of which a slice is trained, in a tree.
 *
 *     ms_waiting_open(&waiting, &spec)
 *     ms_waiting_longest(&waiting, &rest), ms_waiting_take(&waiting, &rest)
 *     ms_waiting_return(&waiting, &rest)         // a slice of it is trained
 *     ms_waiting_close(&waiting)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_WAITING_H
#define MOONSWEEP_CORE_WAITING_H

#include "max_tree.h"
#include "moonsweep/plan.h"

/* What is left of a trajectory. */
struct ms_rest {
    int64_t trajectory, from_iteration;
    double slowness; /* the seconds that its work takes, as a multiple of the average; 1: not known */
    double work;     /* of the iterations that are left, multiplied by slowness */
    int32_t pair;    /* of checkpoint slots, which stores its state; -1: none */
};

struct ms_waiting_candidate; /* a trajectory that has not begun */

struct ms_waiting {
    const struct ms_plan_spec *spec;
    bool *taken;                             /* [trajectories] owned: has begun, or was finished at open */
    struct ms_waiting_candidate *candidates; /* [candidate_count] owned: longest first */
    int64_t candidate_count, next_candidate; /* next_candidate: the first that may not be taken yet */
    int64_t next_by_index;                   /* the first trajectory that may not be taken yet */
    struct ms_rest *begun;         /* [pairs] owned: a trajectory that has begun at the number of its pair */
    struct ms_max_tree begun_work; /* [pairs] the work of these; minus infinity: none */
    int64_t count;                 /* of all that wait */
    double work;                   /* of all that wait, as in struct ms_rest */
};

/* spec is borrowed until close, except `finished`. Returns false if there is not enough memory; ms_waiting_close is needed
 * then, too. */
bool ms_waiting_open(struct ms_waiting *waiting, const struct ms_plan_spec *spec);
void ms_waiting_close(struct ms_waiting *waiting);

/* The bytes that this takes for so many trajectories. */
int64_t ms_waiting_bytes(int64_t trajectories);

/* Sets *rest to the trajectory with the most work, of several to any; returns false if none waits. */
bool ms_waiting_longest(struct ms_waiting *waiting, struct ms_rest *rest);

/* The work of the trajectory that is the longest when the `others` longest ones are taken; there must be more. If others
 * is above 0, those that have begun are left out. */
double ms_waiting_work_after(struct ms_waiting *waiting, int64_t others);

/* Takes the trajectory that ms_waiting_longest has returned last. */
void ms_waiting_take(struct ms_waiting *waiting, const struct ms_rest *rest);

/* Returns the first trajectory, by index, that has not begun; there must be one. */
int64_t ms_waiting_first(struct ms_waiting *waiting);

/* Takes trajectory t, which has not begun. */
void ms_waiting_take_new(struct ms_waiting *waiting, int64_t t);

/* Adds a trajectory of which a slice is trained; it has a pair. */
void ms_waiting_return(struct ms_waiting *waiting, const struct ms_rest *rest);

/* All of trajectory t, which has not begun. */
struct ms_rest ms_waiting_new(const struct ms_plan_spec *spec, int64_t t);

/* The work of trajectory t from its first iteration in this plan on. */
double ms_waiting_work(const struct ms_plan_spec *spec, int64_t t);

#endif
