/* The longest trajectory is the longest of those that have begun or the first candidate that is not taken, whichever has
 * more work. A trajectory that has begun keeps its pair of checkpoint slots, whose number is its place here.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "waiting.h"

#include <math.h>
#include <stdlib.h>

struct ms_waiting_candidate {
    double work;
    int64_t trajectory;
};

/* ---- opening ------------------------------------------------------------------------------------------- */

/* Longest first; equal ones by index, so that the order is the same everywhere. */
static int compare_candidates(const void *a_void, const void *b_void)
{
    const struct ms_waiting_candidate *a = a_void, *b = b_void;

    if (a->work != b->work)
        return a->work > b->work ? -1 : 1;
    return a->trajectory < b->trajectory ? -1 : a->trajectory > b->trajectory;
}

double ms_waiting_work(const struct ms_plan_spec *spec, int64_t t)
{
    return spec->cost[t] * (double)(spec->to_iteration[t] - spec->from_iteration[t]);
}

double ms_plan_trajectory_work(const struct ms_plan_spec *spec, int64_t t)
{
    return spec->finished[t] ? 0 : ms_waiting_work(spec, t);
}

static void list_candidates(struct ms_waiting *waiting)
{
    const struct ms_plan_spec *spec = waiting->spec;

    for (int64_t t = 0; t < spec->trajectories; t++) {
        waiting->taken[t] = spec->finished[t];
        if (spec->finished[t])
            continue;
        waiting->candidates[waiting->candidate_count++] = (struct ms_waiting_candidate){
            .work = ms_waiting_work(spec, t), .trajectory = t};
        waiting->work += ms_waiting_work(spec, t);
    }
    qsort(waiting->candidates, (size_t)waiting->candidate_count, sizeof waiting->candidates[0],
          compare_candidates);
    waiting->count = waiting->candidate_count;
}

bool ms_waiting_open(struct ms_waiting *waiting, const struct ms_plan_spec *spec)
{
    const size_t trajectories = (size_t)spec->trajectories;
    const int32_t places = spec->pairs > 0 ? spec->pairs : 1;

    *waiting = (struct ms_waiting){
        .spec = spec,
        .taken = calloc(trajectories, sizeof *waiting->taken),
        .candidates = calloc(trajectories, sizeof *waiting->candidates),
        .begun = calloc((size_t)places, sizeof *waiting->begun),
    };
    if (!ms_max_tree_open(&waiting->begun_work, places, -INFINITY) || waiting->taken == NULL ||
        waiting->candidates == NULL || waiting->begun == NULL)
        return false;
    list_candidates(waiting);
    return true;
}

int64_t ms_waiting_bytes(int64_t trajectories)
{
    const struct ms_waiting *waiting = NULL;

    return trajectories * (int64_t)(sizeof *waiting->taken + sizeof *waiting->candidates);
}

void ms_waiting_close(struct ms_waiting *waiting)
{
    free(waiting->taken);
    free(waiting->candidates);
    free(waiting->begun);
    ms_max_tree_close(&waiting->begun_work);
}

/* ---- taking and returning ------------------------------------------------------------------------------ */

struct ms_rest ms_waiting_new(const struct ms_plan_spec *spec, int64_t t)
{
    return (struct ms_rest){
        .trajectory = t,
        .from_iteration = spec->from_iteration[t],
        .slowness = 1,
        .work = ms_waiting_work(spec, t),
        .pair = spec->pair == NULL ? -1 : spec->pair[t],
    };
}

bool ms_waiting_longest(struct ms_waiting *waiting, struct ms_rest *rest)
{
    const bool has_begun = ms_max_tree_largest(&waiting->begun_work) > -INFINITY;
    struct ms_rest new;

    while (waiting->next_candidate < waiting->candidate_count &&
           waiting->taken[waiting->candidates[waiting->next_candidate].trajectory])
        waiting->next_candidate++;
    if (has_begun)
        *rest = waiting->begun[ms_max_tree_where(&waiting->begun_work)];
    if (waiting->next_candidate == waiting->candidate_count)
        return has_begun;
    new = ms_waiting_new(waiting->spec, waiting->candidates[waiting->next_candidate].trajectory);
    if (!has_begun || new.work > rest->work)
        *rest = new;
    return true;
}

double ms_waiting_work_after(struct ms_waiting *waiting, int64_t others)
{
    struct ms_rest longest = {0};

    if (others == 0)
        return ms_waiting_longest(waiting, &longest) ? longest.work : 0;
    others += waiting->next_candidate;
    return others < waiting->candidate_count ? waiting->candidates[others].work : 0;
}

static void subtract(struct ms_waiting *waiting, double work)
{
    waiting->count--;
    waiting->work = waiting->count > 0 ? waiting->work - work : 0;
}

void ms_waiting_take(struct ms_waiting *waiting, const struct ms_rest *rest)
{
    if (!waiting->taken[rest->trajectory]) {
        ms_waiting_take_new(waiting, rest->trajectory);
        return;
    }
    ms_max_tree_set(&waiting->begun_work, rest->pair, -INFINITY);
    subtract(waiting, rest->work);
}

int64_t ms_waiting_first(struct ms_waiting *waiting)
{
    while (waiting->taken[waiting->next_by_index])
        waiting->next_by_index++;
    return waiting->next_by_index;
}

void ms_waiting_take_new(struct ms_waiting *waiting, int64_t t)
{
    waiting->taken[t] = true;
    subtract(waiting, ms_waiting_work(waiting->spec, t));
}

void ms_waiting_return(struct ms_waiting *waiting, const struct ms_rest *rest)
{
    waiting->begun[rest->pair] = *rest;
    ms_max_tree_set(&waiting->begun_work, rest->pair, rest->work);
    waiting->count++;
    waiting->work += rest->work;
}
