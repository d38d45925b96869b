#include "moonsweep/trajectory.h"

#include <math.h>

#include "moonsweep/float_environment.h"

/* Evaluates the current network on both sets. If the tick stops this, the training goes back by an update, so that a
 * later walk makes that update and the evaluation again: there is no checkpoint at an iteration count of the grid. */
static enum ms_code evaluate(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                             struct ms_trajectory_result *result, struct ms_error *err)
{
    const struct ms_network *network = ms_train_network(trajectory->train);
    enum ms_code code = ms_evaluate(trajectory->kernel, network, trajectory->train_samples, trajectory->tick,
                                    trajectory->tick_context, &result->train, err);

    if (code == MS_OK)
        code = ms_evaluate(trajectory->kernel, network, trajectory->dev_samples, trajectory->tick,
                           trajectory->tick_context, &result->dev, err);
    if (code != MS_WORK_LEFT)
        return code;
    ms_train_step_back(trajectory->train);
    *state = MS_TRAIN_STOPPED;
    return MS_OK;
}

/* Makes one call of the training loop, to at most iteration `until`, and evaluates the network if the training has
 * reached it or has diverged. Sets the last cost of *result if one was computed. */
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
    if (*state == MS_TRAIN_DIVERGED || ms_train_iteration(train) == until)
        code = evaluate(trajectory, state, result, err);
    if (code != MS_OK)
        return code;
    piece.iterations = ms_train_iteration(train) - from;
    piece.repeated = ms_train_repeated(train) - repeated;
    piece.n_costs = ms_train_costs(train) - piece.first_cost;
    piece.seconds = ms_train_seconds(train) - seconds;
    piece.suspended_s = ms_train_suspended_s(train) - suspended_s;
    piece.cpu_seconds = ms_train_cpu_seconds(train) - cpu_seconds;
    if (piece.n_costs > 0)
        result->last_cost = ms_precision_round(trajectory->kernel->precision, piece.costs[piece.n_costs - 1]);
    return sink->end_piece(trajectory->context, &piece, err);
}

/* Passes the current network to the sink as the result of the configurations members[from] .. members[to - 1]. *result
 * contains its evaluation and its last cost. */
static enum ms_code hand_over(const struct ms_trajectory *trajectory, bool diverged, int64_t from, int64_t to,
                              struct ms_trajectory_result *result, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    result->diverged = diverged;
    result->iterations_done = ms_train_iteration(trajectory->train);
    result->network = ms_train_network(trajectory->train);
    result->seconds = ms_train_seconds(trajectory->train);
    result->cpu_seconds = ms_train_cpu_seconds(trajectory->train);
    for (int64_t i = from; code == MS_OK && i < to; i++) {
        result->config = trajectory->members[i].config;
        code = trajectory->sink->take_result(trajectory->context, result, err);
    }
    return code;
}

static enum ms_code walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                         struct ms_error *err)
{
    struct ms_trajectory_result result = {.last_cost = (double)NAN};
    int64_t next; /* the first member with a larger iteration count */

    *state = MS_TRAIN_REACHED;
    for (int64_t i = 0; i < trajectory->n_members; i = next) {
        const int64_t until = trajectory->members[i].iterations;
        enum ms_code code = MS_OK;

        for (next = i + 1; next < trajectory->n_members && trajectory->members[next].iterations == until;)
            next++;
        if (until > trajectory->to)
            break;
        if (until <= ms_train_iteration(trajectory->train))
            continue;
        while (code == MS_OK && *state == MS_TRAIN_REACHED && ms_train_iteration(trajectory->train) < until)
            code = train_piece(trajectory, until, state, &result, err);
        if (code != MS_OK || *state == MS_TRAIN_STOPPED)
            return code;
        if (*state == MS_TRAIN_DIVERGED)
            return hand_over(trajectory, true, i, trajectory->n_members, &result, err);
        code = hand_over(trajectory, false, i, next, &result, err);
        if (code != MS_OK)
            return code;
    }
    return MS_OK;
}

enum ms_code ms_trajectory_walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                                struct ms_error *err)
{
    const fenv_t found = ms_float_environment_enter();
    const enum ms_code code = walk(trajectory, state, err);

    ms_float_environment_leave(&found);
    return code;
}
