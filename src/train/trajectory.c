/* Walks from goal to goal. The next goal is the nearest of the next iteration count of a configuration, the
 * next iteration at which a rule asks for the accuracy, the iteration at which the trajectory is known to end, and that
 * at which the walk ends; it is reached in pieces of at most as many iterations as there is room for costs. The network
 * is evaluated at each goal but the last, which may lie between two counts, and wherever the training ends or diverges.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/trajectory.h"

#include <math.h>

#include "moonsweep/float_environment.h"

/* Evaluates the current network on both sets. Errors: MS_WORK_LEFT if the tick stopped it. */
static enum ms_code evaluate(const struct ms_trajectory *trajectory, struct ms_trajectory_result *result,
                             struct ms_error *err)
{
    enum ms_code code = ms_train_evaluate(trajectory->train, trajectory->train_samples, trajectory->tick,
                                          trajectory->tick_context, &result->train, err);

    if (code == MS_OK)
        code = ms_train_evaluate(trajectory->train, trajectory->dev_samples, trajectory->tick,
                                 trajectory->tick_context, &result->dev, err);
    return code;
}

static bool has_reached_target(const struct ms_trajectory *trajectory,
                               const struct ms_trajectory_result *result)
{
    return trajectory->rules.target_dev_accuracy > 0 &&
           result->dev.accuracy >= trajectory->rules.target_dev_accuracy;
}

/* Evaluates the network after a piece that began at iteration `from`. If the tick stops this, the training goes back by an
 * update, so that a later walk makes that update and the evaluation again: there is no checkpoint at an iteration count of
 * the grid, and none where the accuracy still decides whether the trajectory ends. */
static enum ms_code evaluate_piece(const struct ms_trajectory *trajectory, int64_t from,
                                   enum ms_train_state *state, struct ms_trajectory_result *result,
                                   struct ms_error *err)
{
    const enum ms_code code = evaluate(trajectory, result, err);

    if (code == MS_OK && *state == MS_TRAIN_REACHED && has_reached_target(trajectory, result))
        *state = MS_TRAIN_ENDED;
    if (code != MS_WORK_LEFT)
        return code;
    if (*state == MS_TRAIN_DIVERGED || ms_train_iteration(trajectory->train) > from)
        ms_train_step_back(trajectory->train);
    *state = MS_TRAIN_STOPPED;
    return MS_OK;
}

/* Whether the rule about time ends the trajectory at the current iteration. */
static bool is_time_over(const struct ms_trajectory *trajectory)
{
    const double max_seconds = trajectory->rules.max_seconds;

    if (trajectory->end > 0)
        return ms_train_iteration(trajectory->train) >= trajectory->end;
    return max_seconds > 0 &&
           trajectory->cpu_seconds_before + ms_train_cpu_seconds(trajectory->train) >= max_seconds;
}

/* Whether a configuration or a rule asks for the accuracy at the current iteration. */
static bool is_evaluated(const struct ms_trajectory *trajectory)
{
    const int64_t every = trajectory->rules.every, now = ms_train_iteration(trajectory->train);

    for (int64_t i = 0; i < trajectory->n_members; i++)
        if (trajectory->members[i].iterations == now)
            return true;
    return every > 0 && now > 0 && now % every == 0;
}

/* Makes one call of the training loop, to at most iteration `until`, and evaluates the network if the training has
 * reached it, has ended or has diverged. Sets the last cost of *result if one was computed. */
static enum ms_code train_piece(const struct ms_trajectory *trajectory, int64_t until,
                                enum ms_train_state *state, struct ms_trajectory_result *result,
                                struct ms_error *err)
{
    struct ms_train *train = trajectory->train;
    const struct ms_trajectory_sink *sink = trajectory->sink;
    const int64_t from = ms_train_iteration(train), repeated = ms_train_repeated(train);
    const double seconds = ms_train_seconds(train), suspended_s = ms_train_suspended_s(train),
                 cpu_seconds = ms_train_cpu_seconds(train);
    struct ms_trajectory_piece piece = {.first_cost = ms_train_costs(train), .costs = trajectory->costs};
    int64_t most = trajectory->room;
    enum ms_code code = sink->begin_piece ? sink->begin_piece(trajectory->context, &most, err) : MS_OK;

    if (code != MS_OK)
        return code;
    *state = ms_train_run(train, until - from < most ? until : from + most, trajectory->costs);
    if (*state == MS_TRAIN_REACHED && is_time_over(trajectory))
        *state = MS_TRAIN_ENDED;
    if (*state == MS_TRAIN_DIVERGED || *state == MS_TRAIN_ENDED ||
        (ms_train_iteration(train) == until && is_evaluated(trajectory)))
        code = evaluate_piece(trajectory, from, state, result, err);
    if (code != MS_OK)
        return code;
    piece.iterations = ms_train_iteration(train) - from;
    piece.repeated = ms_train_repeated(train) - repeated;
    piece.n_costs = ms_train_costs(train) - piece.first_cost;
    piece.seconds = ms_train_seconds(train) - seconds;
    piece.suspended_s = ms_train_suspended_s(train) - suspended_s;
    piece.cpu_seconds = ms_train_cpu_seconds(train) - cpu_seconds;
    if (piece.n_costs > 0)
        result->last_cost = ms_precision_round(trajectory->train_samples->precision,
                                               piece.costs[piece.n_costs - 1]);
    return sink->end_piece(trajectory->context, &piece, err);
}

/* The rule that has ended the trajectory, whose last evaluation is in *result. If several apply, it is the first one. */
static enum ms_ended_by rule_of(const struct ms_trajectory *trajectory,
                                const struct ms_trajectory_result *result)
{
    if (ms_train_has_ended(trajectory->train))
        return MS_ENDED_BY_PATIENCE;
    return is_evaluated(trajectory) && has_reached_target(trajectory, result) ? MS_ENDED_BY_TARGET
                                                                              : MS_ENDED_BY_TIME;
}

/* Passes the current network to the sink as the result of the configurations members[from] .. members[to - 1]. *result
 * contains its evaluation and its last cost. */
static enum ms_code hand_over(const struct ms_trajectory *trajectory, bool diverged, int64_t from, int64_t to,
                              struct ms_trajectory_result *result, struct ms_error *err)
{
    const enum ms_ended_by rule = diverged ? MS_ENDED_BY_NOTHING : rule_of(trajectory, result);
    enum ms_code code = MS_OK;

    result->diverged = diverged;
    result->iterations_done = ms_train_iteration(trajectory->train);
    result->network = ms_train_network(trajectory->train);
    result->patience = ms_train_patience(trajectory->train);
    result->seconds = ms_train_seconds(trajectory->train);
    result->cpu_seconds = ms_train_cpu_seconds(trajectory->train);
    for (int64_t i = from; code == MS_OK && i < to; i++) {
        result->config = trajectory->members[i].config;
        result->ended_by = trajectory->members[i].iterations > result->iterations_done ? rule
                                                                                       : MS_ENDED_BY_NOTHING;
        code = trajectory->sink->take_result(trajectory->context, result, err);
    }
    return code;
}

/* The next iteration after the current one, but at most `until`, at which a rule asks for the accuracy or the trajectory
 * ends. */
static int64_t next_goal(const struct ms_trajectory *trajectory, int64_t until)
{
    const int64_t every = trajectory->rules.every, now = ms_train_iteration(trajectory->train);

    if (trajectory->end > now && trajectory->end < until)
        until = trajectory->end;
    return every > 0 && every - now % every < until - now ? now + every - now % every : until;
}

/* Begins a walk. The trajectory may have ended at the iteration from which the training resumes, before all its results
 * were stored: if a rule asks for the accuracy there, or if it is known to end there. */
static enum ms_code begin(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                          struct ms_trajectory_result *result, struct ms_error *err)
{
    const bool is_over = trajectory->end > 0 && is_time_over(trajectory);
    enum ms_code code;

    *state = MS_TRAIN_REACHED;
    if (!is_over && (!(trajectory->rules.target_dev_accuracy > 0) || !is_evaluated(trajectory)))
        return MS_OK;
    code = evaluate(trajectory, result, err);
    if (code == MS_OK && (is_over || has_reached_target(trajectory, result)))
        *state = MS_TRAIN_ENDED;
    if (code != MS_WORK_LEFT)
        return code;
    *state = MS_TRAIN_STOPPED;
    return MS_OK;
}

/* Trains to iteration `until`, or to where the training ends before. */
static enum ms_code train_until(const struct ms_trajectory *trajectory, int64_t until,
                                enum ms_train_state *state, struct ms_trajectory_result *result,
                                struct ms_error *err)
{
    enum ms_code code = MS_OK;

    while (code == MS_OK && *state == MS_TRAIN_REACHED && ms_train_iteration(trajectory->train) < until)
        code = train_piece(trajectory, next_goal(trajectory, until), state, result, err);
    return code;
}

static enum ms_code walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                         struct ms_error *err)
{
    struct ms_trajectory_result result = {.last_cost = (double)NAN};
    int64_t next; /* the first member with a larger iteration count */
    enum ms_code code = begin(trajectory, state, &result, err);

    for (int64_t i = 0; code == MS_OK && *state != MS_TRAIN_STOPPED && i < trajectory->n_members; i = next) {
        const int64_t count = trajectory->members[i].iterations;
        const int64_t until = count < trajectory->to ? count : trajectory->to;

        for (next = i + 1; next < trajectory->n_members && trajectory->members[next].iterations == count;)
            next++;
        if (count <= ms_train_iteration(trajectory->train))
            continue;
        code = train_until(trajectory, until, state, &result, err);
        if (code != MS_OK || *state == MS_TRAIN_STOPPED)
            return code;
        if (*state != MS_TRAIN_REACHED)
            return hand_over(trajectory, *state == MS_TRAIN_DIVERGED, i, trajectory->n_members, &result, err);
        if (until < count)
            break;
        code = hand_over(trajectory, false, i, next, &result, err);
    }
    return code;
}

enum ms_code ms_trajectory_walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                                struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const enum ms_code code = walk(trajectory, state, err);

    ms_float_environment_leave(&found);
    return code;
}
