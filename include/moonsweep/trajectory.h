/* Walks along a trajectory: trains it in pieces from one iteration count of the grid to the next, evaluates the network at
 * each, and hands costs and results to a sink, which stores them or compares them.
 *
 *     const struct ms_trajectory trajectory = {.train = train, .kernel = kernel, ..., .sink = &sink, .context = context};
 *     switch (ms_trajectory_walk(&trajectory, &state, err), state) ...
 *
 * The configurations of a trajectory differ in their iteration count only: each is a prefix of the same training. */
#ifndef MOONSWEEP_TRAJECTORY_H
#define MOONSWEEP_TRAJECTORY_H

#include "moonsweep/grid.h"
#include "moonsweep/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one call of the training loop came to. */
struct ms_trajectory_piece {
    int64_t iterations;          /* updates made */
    int64_t first_cost, n_costs; /* costs[n_costs] are those of the iterations from first_cost on */
    const double *costs;         /* valid during the call */
    double seconds, suspended_s, cpu_seconds; /* as ms_train_seconds and its kin count them */
};

/* What is known of one configuration. */
struct ms_trajectory_result {
    int32_t
        position; /* of its iteration count on the axis: it is this one of the trajectory's configurations */
    bool diverged;
    int64_t iterations_done;          /* updates in the network */
    const struct ms_network *network; /* valid during the call */
    struct ms_evaluation train, dev;
    double last_cost;            /* of this walk, in the kernel's precision; NaN: it computed none */
    double seconds, cpu_seconds; /* of training since the training was opened */
};

/* Who takes what the walk comes to. Each function gets the context of the trajectory, and ends the walk with an error. */
struct ms_trajectory_sink {
    /* Before a piece: may lower *iterations, the largest number of updates in it, to at least 1. NULL: leaves it. */
    enum ms_code (*begin_piece)(void *context, int64_t *iterations, struct ms_error *err);
    enum ms_code (*end_piece)(void *context, const struct ms_trajectory_piece *piece, struct ms_error *err);
    /* Called once for each configuration. */
    enum ms_code (*take_result)(void *context, const struct ms_trajectory_result *result,
                                struct ms_error *err);
};

struct ms_trajectory {
    struct ms_train *train; /* opened at the iteration where the walk begins; the caller closes it */
    const struct ms_kernel *kernel;
    const struct ms_samples *train_samples, *dev_samples;
    const struct ms_grid *grid;
    const int32_t *order; /* [n_iterations] of ms_grid_iteration_order */
    int64_t to;           /* the last iteration count to be trained to */
    double *costs;        /* [room] for those of a piece */
    int64_t room;         /* iterations that a piece has at most */
    ms_tick *tick;        /* called during evaluations, its answer ignored; may be NULL */
    void *tick_context;
    const struct ms_trajectory_sink *sink;
    void *context;
};

/* Walks from the training's iteration to the iteration count `to`: the sink gets the results of the counts in between, the
 * last one included, in ascending order. Where the training diverges, all configurations that are left get the last finite
 * network as their result, those beyond `to` included. *state: MS_TRAIN_REACHED; MS_TRAIN_DIVERGED; or MS_TRAIN_STOPPED
 * where the training's tick ended it between two counts: then the training is as it was when it stopped. Errors: those of
 * the sink, and MS_NO_MEMORY. */
enum ms_code ms_trajectory_walk(const struct ms_trajectory *trajectory, enum ms_train_state *state,
                                struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
