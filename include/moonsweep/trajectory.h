/* Walks along a trajectory: trains it in pieces from one iteration count of the grid to the next, evaluates the network
 * at each count, and passes costs and results to a sink, which stores or compares them.
 *
 *     const struct ms_trajectory trajectory = {.train = train, ..., .sink = &sink, .context = c};
 *     switch (ms_trajectory_walk(&trajectory, &state, err), state) ...
 *
 * The configurations of a trajectory differ only in their iteration count: each is a prefix of the same training.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAJECTORY_H
#define MOONSWEEP_TRAJECTORY_H

#include "moonsweep/grid.h"
#include "moonsweep/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The result of one call of the training loop. */
struct ms_trajectory_piece {
    int64_t iterations;          /* updates made */
    int64_t repeated;            /* those among them that ms_train_repeated counts */
    int64_t first_cost, n_costs; /* costs[n_costs] are those of iterations first_cost, first_cost + 1, ... */
    const double *costs;         /* valid during the call */
    double seconds, suspended_s, cpu_seconds; /* of this piece, as ms_train_seconds etc. count them */
};

/* The result of one configuration. */
struct ms_trajectory_result {
    int64_t config;
    bool diverged;
    enum ms_ended_by ended_by;        /* of this configuration */
    int64_t iterations_done;          /* updates made to the network */
    const struct ms_network *network; /* valid during the call */
    struct ms_evaluation train, dev;
    struct ms_patience patience; /* of the costs before the last update */
    double last_cost; /* computed by this walk, in the samples' precision; NaN: none was computed */
    double seconds, cpu_seconds; /* of training since ms_train_open */
};

/* Receives the results of a walk. Each function gets the context of the trajectory; an error that it returns ends the
 * walk. */
struct ms_trajectory_sink {
    /* Called before a piece: may lower *iterations, the largest number of updates in it, to at least 1. May be NULL. */
    enum ms_code (*begin_piece)(void *context, int64_t *iterations, struct ms_error *err);
    enum ms_code (*end_piece)(void *context, const struct ms_trajectory_piece *piece, struct ms_error *err);
    /* Called once for each configuration. */
    enum ms_code (*take_result)(void *context, const struct ms_trajectory_result *result,
                                struct ms_error *err);
};

struct ms_trajectory {
    struct ms_train *train; /* opened at the iteration at which the walk begins; the caller closes it */
    const struct ms_samples *train_samples, *dev_samples; /* of the training, and to evaluate on */
    const struct ms_grid_member *members; /* [n_members] its configurations, as from ms_grid_members */
    int64_t n_members;
    int64_t to;                /* the iteration to train to, also between two counts */
    struct ms_end_rules rules; /* those of the training, too */
    double cpu_seconds_before; /* of training before ms_train_open, for rules.max_seconds */
    /* Where rules.max_seconds has ended the trajectory when it was trained first, and does again; 0: nowhere yet */
    int64_t end;
    double *costs; /* [room] buffer for the costs of a piece */
    int64_t room;  /* the largest number of iterations of a piece */
    ms_tick *tick; /* called during evaluations, which it stops by returning true; may be NULL */
    void *tick_context;
    const struct ms_trajectory_sink *sink;
    void *context;
};

/* Walks from the current iteration of the training to the iteration `to`: the sink gets the results of all counts on the
 * way, `to` included, in ascending order. If the training diverges, all remaining configurations get the
 * last finite network as their result, including those with larger counts than `to`. *state is set to
 * MS_TRAIN_REACHED, to MS_TRAIN_DIVERGED, to MS_TRAIN_ENDED if a rule ends the trajectory (the remaining configurations
 * then get the last network, too), or to MS_TRAIN_STOPPED if a tick stopped the training between two counts, or an
 * evaluation, whose network is then that of the update before; the training can be resumed from there. Errors: those of
 * the sink. */
enum ms_code ms_trajectory_walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                                struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
