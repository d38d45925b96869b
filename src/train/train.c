/* The training loop. An iteration is one pass over the samples, which gives the cost of the current
 * parameters and their update. The update is made in `next`, and becomes current by an exchange only if all
 * of it is finite: so `network` is complete and finite at every tick, and another exchange undoes the last
 * update. Once the parameters recur, the two networks are all that there will be, and an iteration only
 * repeats a cost.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/train.h"

#include <math.h>
#include <stdlib.h>

#include "arena.h"
#include "cycle.h"
#include "evaluate.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/plural.h"
#include "pass.h"
#include "reals.h"
#include "reduction.h"
#include "segments.h"
#include "step.h"
#include "team_leader.h"
#include "tick_timer.h"

struct ms_train {
    struct ms_train_spec spec;
    struct ms_network network; /* after `iteration` updates, all finite */
    struct ms_network next;    /* the result of an update */
    struct ms_pass pass;
    struct ms_reduction reduction;
    struct ms_tick_timer timer;
    struct ms_cycle cycle;
    void *work_space; /* the memory of pass and reduction, which have nothing in it between iterations */
    struct ms_patience patience, patience_before; /* of the costs so far, and without the last of them */
    int64_t iteration;
    int64_t repeated;   /* iterations that were not computed, because the parameters recur */
    int64_t costs;      /* number of finite costs computed, from iteration 0 */
    double seconds;     /* of finished runs */
    double suspended_s; /* during those runs, not included in seconds */
    double cpu_seconds; /* of finished runs */
    bool diverged;
};

/* ---- memory -------------------------------------------------------------------------------------------- */

static void place_network(struct ms_network *network, struct ms_arena *arena, const struct ms_network *shape)
{
    double *parameters = ms_arena_take(arena, (size_t)ms_network_size(shape) * sizeof *parameters);

    if (parameters != NULL)
        ms_network_use(network, shape->n_x, shape->n_h, shape->activation, parameters);
}

/* Places what a training of networks of this shape needs besides its struct. */
static void place(struct ms_train *train, struct ms_arena *arena, const struct ms_network *shape)
{
    struct ms_network kept = {.n_h = 0};

    place_network(&train->network, arena, shape);
    place_network(&train->next, arena, shape);
    place_network(&kept, arena, shape);
    ms_cycle_begin(&train->cycle, &kept);
    train->work_space = ms_arena_take(arena, 0);
    ms_pass_place(&train->pass, arena, train->spec.samples, shape, false);
    ms_reduction_place(&train->reduction, arena, train->spec.kernel, &train->pass);
}

static size_t bytes_of(const struct ms_train_spec *spec, const struct ms_network *shape)
{
    struct ms_train unplaced = {.spec = *spec};
    struct ms_arena arena = {.memory = NULL};

    (void)ms_arena_take(&arena, sizeof unplaced);
    place(&unplaced, &arena, shape);
    return arena.used;
}

int64_t ms_train_bytes(const struct ms_samples *samples, int32_t n_h)
{
    const struct ms_train_spec spec = {.samples = samples};
    const struct ms_network shape = {.n_x = samples->n_x, .n_h = n_h};

    return (int64_t)bytes_of(&spec, &shape);
}

void ms_train_memory_free(struct ms_train_memory *memory)
{
    free(memory->block);
    *memory = (struct ms_train_memory){.block = NULL};
}

/* Returns a block of at least so many bytes, or NULL if there is no memory. */
static void *reserve(struct ms_train_memory *memory, size_t bytes)
{
    if (bytes <= memory->bytes)
        return memory->block;
    ms_train_memory_free(memory);
    memory->block = ms_reals_alloc_bytes(bytes);
    memory->bytes = memory->block != NULL ? bytes : 0;
    return memory->block;
}

/* ---- beginning and end --------------------------------------------------------------------------------- */

enum ms_code ms_train_open(const struct ms_train_spec *spec, const struct ms_network *initial,
                           int64_t iteration, struct ms_train **train, struct ms_error *err)
{
    const size_t bytes = bytes_of(spec, initial);
    struct ms_arena arena = {.memory = spec->memory == NULL ? ms_reals_alloc_bytes(bytes)
                                                            : reserve(spec->memory, bytes)};
    struct ms_train *made = ms_arena_take(&arena, sizeof *made);

    if (made == NULL)
        return ms_fail_memory(err, NULL, "to train %d hidden %s", initial->n_h,
                              ms_plural(initial->n_h, "unit", "units"));
    *made = (struct ms_train){.spec = *spec,
                              .iteration = iteration,
                              .costs = iteration,
                              .patience = ms_patience_begin(&spec->rules)};
    place(made, &arena, initial);
    made->pass.look = ms_tick_timer_look_within;
    made->pass.look_context = &made->timer;
    made->timer.stride = ms_pass_stride(&made->pass);
    made->timer.is_timed = true;
    ms_network_copy(&made->network, initial);
    if (spec->team != NULL)
        ms_team_lead(spec->team, spec->dataset, &made->pass);
    *train = made;
    return MS_OK;
}

void ms_train_close(struct ms_train *train)
{
    if (!train)
        return;
    if (train->spec.team != NULL)
        ms_team_dismiss(train->spec.team, &train->pass);
    if (train->spec.memory == NULL)
        free(train); /* the first part of the block */
}

/* ---- iterations ---------------------------------------------------------------------------------------- */

/* Returns the totals of all segments, or NULL if the tick asks to stop while those of a wide network are combined. */
static const double *totals_of(struct ms_train *train)
{
    const double *totals = ms_reduction_totals(&train->reduction);

    return train->timer.is_over ? NULL : totals;
}

/* Adds a share of the segments, up to end-1: takes the sums of a helper, unless they are late. Returns false if the tick
 * asks to stop. */
static bool add_share(struct ms_train *train, int32_t share, int32_t end)
{
    void *sums = share == 0 ? NULL : ms_team_wait(train->spec.team, share, &train->timer);

    if (train->timer.is_over)
        return false;
    if (sums == NULL)
        return ms_segments_add(&train->reduction, &train->timer, end);
    ms_reduction_take(&train->reduction, sums, end);
    return true;
}

/* Adds all segments. Returns false if the tick asks to stop. */
static bool add_segments(struct ms_train *train)
{
    struct ms_team *team = train->spec.team;
    const int32_t shares = team == NULL ? 1 : ms_team_call(team, &train->network, &train->timer);

    ms_pass_fold(&train->pass, &train->network);
    if (shares == 1)
        return ms_segments_add(&train->reduction, &train->timer, train->spec.samples->segments);
    for (int32_t i = 0; i < shares; i++)
        if (!add_share(train, i, ms_team_share_end(team, i)))
            return false;
    return true;
}

/* Makes one pass over the samples with the current parameters. Returns its totals, or NULL if the tick stopped it. */
static const double *pass_over_samples(struct ms_train *train)
{
    if (add_segments(train))
        return totals_of(train);
    ms_reduction_restart(&train->reduction, 0);
    return NULL;
}

/* Makes the result of an update the current parameters; a second call undoes it. */
static void exchange_networks(struct ms_train *train)
{
    const struct ms_network next = train->next;

    train->next = train->network;
    train->network = next;
}

void ms_train_know(struct ms_train *train, const struct ms_patience *patience)
{
    train->patience = *patience;
}

bool ms_train_has_ended(const struct ms_train *train)
{
    return ms_patience_is_over(&train->patience, &train->spec.rules);
}

static enum ms_train_state state_after_update(const struct ms_train *train)
{
    return ms_train_has_ended(train) ? MS_TRAIN_ENDED : MS_TRAIN_REACHED;
}

/* Makes one iteration: computes its cost and updates the parameters. */
static enum ms_train_state iterate(struct ms_train *train, double *cost)
{
    const double *totals = pass_over_samples(train);
    bool is_finite;

    if (!totals)
        return MS_TRAIN_STOPPED;
    *cost = ms_step_cost(&train->pass, totals);
    if (!isfinite(*cost))
        return MS_TRAIN_DIVERGED;
    is_finite = ms_step_update(&train->pass, &train->network, totals, train->spec.learning_rate,
                               &train->next);
    if (train->timer.is_over)
        return MS_TRAIN_STOPPED; /* within the update of a wide network */
    train->costs = train->iteration + 1;
    ms_cycle_note(&train->cycle, train->iteration, *cost);
    if (!is_finite)
        return MS_TRAIN_DIVERGED;
    exchange_networks(train);
    train->iteration++;
    if (!train->spec.computes_recurring)
        ms_cycle_look(&train->cycle, &train->network);
    train->patience_before = train->patience;
    ms_patience_note(&train->patience, &train->spec.rules, *cost);
    return state_after_update(train);
}

/* Returns the iteration at which waiting for an improvement ends, but at most `until`, if no cost is one any more. */
static int64_t end_of_waiting(const struct ms_train *train, int64_t until)
{
    const int64_t patience = train->spec.rules.patience, left = patience - train->patience.waited;

    return patience > 0 && left < until - train->iteration ? train->iteration + left : until;
}

/* Makes the iterations up to `until`, of which all costs and parameters are known: the parameters of two consecutive
 * iterations are in `network` and `next`, in turns. */
static enum ms_train_state repeat(struct ms_train *train, int64_t until, double *costs)
{
    if (ms_tick_timer_tick(&train->timer))
        return MS_TRAIN_STOPPED;
    until = end_of_waiting(train, until);
    train->patience_before = train->patience;
    ms_patience_wait(&train->patience_before, &train->spec.rules, until - train->iteration - 1);
    ms_patience_wait(&train->patience, &train->spec.rules, until - train->iteration);
    if ((until - train->iteration) % 2 != 0)
        exchange_networks(train);
    train->repeated += until - train->iteration;
    while (train->iteration < until)
        *costs++ = ms_cycle_cost(&train->cycle, train->iteration++);
    train->costs = train->iteration;
    return state_after_update(train);
}

enum ms_train_state ms_train_run(struct ms_train *train, int64_t until, double *costs)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    enum ms_train_state state = train->diverged ? MS_TRAIN_DIVERGED : state_after_update(train);

    ms_tick_timer_start(&train->timer, train->spec.tick, train->spec.context);
    if (train->spec.team != NULL)
        ms_team_start(train->spec.team, train->spec.dataset, &train->pass);
    while (state == MS_TRAIN_REACHED && train->iteration < until && !train->cycle.is_found)
        state = iterate(train, costs++);
    if (state == MS_TRAIN_REACHED && train->iteration < until)
        state = repeat(train, until, costs);
    train->diverged = state == MS_TRAIN_DIVERGED;
    if (train->spec.team != NULL)
        ms_team_pause(train->spec.team, &train->timer);
    train->seconds += ms_tick_timer_seconds(&train->timer);
    train->suspended_s += train->timer.suspended_s;
    train->cpu_seconds += ms_tick_timer_cpu_seconds(&train->timer);
    if (train->spec.team != NULL)
        train->cpu_seconds += ms_team_take_cpu_s(train->spec.team);
    ms_float_environment_leave(&found);
    return state;
}

void ms_train_step_back(struct ms_train *train)
{
    if (!train->diverged) {
        exchange_networks(train);
        train->iteration--;
        train->patience = train->patience_before;
        if (train->repeated > 0) /* then the last update is one of those */
            train->repeated--;
    }
    train->costs = train->iteration;
    train->diverged = false;
    ms_cycle_forget(&train->cycle);
}

/* The sums of an evaluation have no part for hidden units: so it needs less memory than an iteration, also for samples with
 * another number of rows. */
enum ms_code ms_train_evaluate(struct ms_train *train, const struct ms_samples *samples, ms_tick *tick,
                               void *context, struct ms_evaluation *evaluation, struct ms_error *err)
{
    return ms_evaluate_in(train->work_space, train->spec.kernel, &train->network, samples, tick, context,
                          evaluation, err);
}

const struct ms_network *ms_train_network(const struct ms_train *train)
{
    return &train->network;
}

int64_t ms_train_iteration(const struct ms_train *train)
{
    return train->iteration;
}

int64_t ms_train_costs(const struct ms_train *train)
{
    return train->costs;
}

struct ms_patience ms_train_patience(const struct ms_train *train)
{
    return train->patience;
}

int64_t ms_train_repeated(const struct ms_train *train)
{
    return train->repeated;
}

double ms_train_seconds(const struct ms_train *train)
{
    return train->seconds;
}

double ms_train_suspended_s(const struct ms_train *train)
{
    return train->suspended_s;
}

double ms_train_cpu_seconds(const struct ms_train *train)
{
    return train->cpu_seconds;
}
