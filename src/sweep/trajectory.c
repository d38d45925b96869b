#include "trajectory.h"

#include "moonsweep/clock.h"

/* Iterations between two looks at costs, totals and checkpoints. They are to take about piece_s (but no longer
 * than the interval of checkpoints); the first ones are few enough for a slow machine and a large network. */
enum { FIRST_PIECE = 64, LARGEST_PIECE = 8192 };
static const double piece_s = 0.1, first_piece_work = 3e7;

/* A trajectory under way. */
struct course {
    const struct ms_trajectory_spec *spec;
    const struct ms_lease *lease;
    const struct ms_samples *train_samples, *dev_samples;
    struct ms_config config; /* of its first configuration: all but iterations holds for every one */
    int64_t first_config;
    double work_per_iteration;
    double seconds_before; /* of training, in earlier runs */
    struct ms_network start;
    struct ms_train *train;
    int64_t piece;       /* iterations of the next one */
    double last_piece_s; /* how long the last one took */
    double *costs;       /* [LARGEST_PIECE] */
    int64_t kept;        /* the iteration that is stored already, be it as a checkpoint or as a result */
    double kept_s;       /* when that was */
    struct ms_totals *totals;
};

bool ms_trajectory_is_better(double accuracy, int64_t config, double best_accuracy, int64_t best_config)
{
    return config >= 0 && (best_config < 0 || accuracy > best_accuracy ||
                           (accuracy == best_accuracy && config < best_config));
}

/* ---- beginning ----------------------------------------------------------------------------------------- */

static void keep(struct course *course, int64_t iteration)
{
    course->kept = iteration;
    course->kept_s = ms_clock_monotonic_s();
}

/* The parameters where the trajectory begins: as stored, or as the seed makes them. */
static enum ms_code begin_parameters(struct course *course, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = course->spec->sweep;
    const struct ms_config *config = &course->config;
    struct ms_resume resume = {
        .slots = {course->lease->slots[0], course->lease->slots[1]},
        .iteration = course->lease->from_iteration,
        .network = &course->start,
    };
    enum ms_code code = ms_store_begin(sweep->store, config->trajectory, &resume, err);

    if (code != MS_OK)
        return code;
    if (resume.iteration == 0)
        ms_network_init(&course->start, config->seed, config->init_scale, sweep->kernel->precision);
    course->seconds_before = resume.seconds;
    keep(course, resume.iteration);
    return MS_OK;
}

static enum ms_code begin(struct course *course, struct ms_error *err)
{
    const struct ms_trajectory_spec *spec = course->spec;
    const struct ms_config *config = &course->config;
    struct ms_train_spec train_spec = {
        .kernel = spec->sweep->kernel,
        .samples = course->train_samples,
        .learning_rate = config->learning_rate,
        .tick = spec->tick,
        .context = spec->context,
    };
    enum ms_code code;

    code = ms_network_alloc(&course->start, course->train_samples->n_x, config->n_h, config->activation, err);
    if (code == MS_OK)
        code = begin_parameters(course, err);
    if (code == MS_OK)
        code = ms_train_open(&train_spec, &course->start, course->kept, &course->train, err);
    return code;
}

/* ---- training ------------------------------------------------------------------------------------------ */

static int64_t first_piece(double work_per_iteration)
{
    double piece = first_piece_work / work_per_iteration;

    return piece >= FIRST_PIECE ? FIRST_PIECE : piece >= 1 ? (int64_t)piece : 1;
}

/* Twice as many iterations where they took too little time, half as many where too much. */
static void adapt_piece(struct course *course)
{
    double checkpoint_s = course->spec->sweep->checkpoint_s;
    double target_s = checkpoint_s < piece_s ? checkpoint_s : piece_s;

    if (course->last_piece_s < target_s && course->piece < LARGEST_PIECE)
        course->piece *= 2;
    else if (course->last_piece_s > 2 * target_s && course->piece > 1)
        course->piece /= 2;
}

/* One call of the training loop, at most `piece` iterations, and what comes of it. */
static enum ms_code train_piece(struct course *course, int64_t until, enum ms_train_state *state,
                                struct ms_error *err)
{
    struct ms_train *train = course->train;
    struct ms_totals *totals = course->totals;
    int64_t before = ms_train_iteration(train), trained;
    double seconds = ms_train_seconds(train), suspended_s = ms_train_suspended_s(train);

    if (until - before > course->piece)
        until = before + course->piece;
    *state = ms_train_run(train, until, course->costs);
    trained = ms_train_iteration(train) - before;
    seconds = ms_train_seconds(train) - seconds;
    course->last_piece_s = seconds;
    adapt_piece(course);
    totals->iterations += trained;
    totals->work_trained += course->work_per_iteration * (double)trained;
    totals->train_s += seconds;
    totals->suspended_s += ms_train_suspended_s(train) - suspended_s;
    return ms_store_costs(course->spec->sweep->store, ms_train_costs(train) - before, course->costs, err);
}

/* ---- checkpoints --------------------------------------------------------------------------------------- */

/* Keeps the present state, unless it is kept already: at an iteration count of the grid the result is. */
static enum ms_code checkpoint(struct course *course, struct ms_error *err)
{
    const struct ms_checkpoint state = {
        .iteration = ms_train_iteration(course->train),
        .seconds = course->seconds_before + ms_train_seconds(course->train),
        .network = ms_train_network(course->train),
    };
    double started_s = ms_clock_monotonic_s();
    enum ms_code code;

    if (state.iteration == course->kept || course->lease->slots[0] < 0)
        return MS_OK;
    code = ms_store_checkpoint(course->spec->sweep->store, &state, err);
    keep(course, state.iteration);
    course->totals->checkpoints++;
    course->totals->checkpoint_s += course->kept_s - started_s;
    return code;
}

/* Whether the next piece would end too late for a checkpoint: no more than the interval is ever lost. */
static bool is_checkpoint_due(const struct course *course)
{
    return ms_clock_monotonic_s() - course->kept_s + course->last_piece_s >=
           course->spec->sweep->checkpoint_s;
}

static enum ms_code train_until(struct course *course, int64_t until, enum ms_train_state *state,
                                struct ms_error *err)
{
    enum ms_code code = MS_OK;

    *state = MS_TRAIN_REACHED;
    while (code == MS_OK && *state == MS_TRAIN_REACHED && ms_train_iteration(course->train) < until) {
        if (is_checkpoint_due(course))
            code = checkpoint(course, err);
        if (code == MS_OK)
            code = train_piece(course, until, state, err);
    }
    return code;
}

/* ---- results ------------------------------------------------------------------------------------------- */

static void count_result(struct course *course, const struct ms_result *result)
{
    struct ms_totals *totals = course->totals;

    if (result->status == MS_DIVERGED) {
        totals->diverged++;
        return;
    }
    totals->done++;
    if (ms_trajectory_is_better(result->dev.accuracy, result->config, totals->best_dev_accuracy,
                                totals->best_config)) {
        totals->best_config = result->config;
        totals->best_dev_accuracy = result->dev.accuracy;
    }
}

/* Stores the present parameters as the result of the configurations order[from] .. order[to - 1]. */
static enum ms_code store_results(struct course *course, enum ms_status status, int32_t from, int32_t to,
                                  struct ms_error *err)
{
    const struct ms_trajectory_spec *spec = course->spec;
    const struct ms_sweep_spec *sweep = spec->sweep;
    struct ms_result result = {
        .status = status,
        .iterations_done = ms_train_iteration(course->train),
        .network = ms_train_network(course->train),
        .train_seconds = course->seconds_before + ms_train_seconds(course->train),
    };
    enum ms_code code;

    code = ms_evaluate(sweep->kernel, result.network, course->train_samples, spec->tick, spec->context,
                       &result.train, err);
    if (code == MS_OK)
        code = ms_evaluate(sweep->kernel, result.network, course->dev_samples, spec->tick, spec->context,
                           &result.dev, err);
    for (int32_t i = from; code == MS_OK && i < to; i++) {
        result.config = course->first_config + spec->order[i];
        code = ms_store_result(sweep->store, &result, err);
        /* What the lease begins behind was counted by an earlier run. */
        if (code == MS_OK && sweep->grid->iterations[spec->order[i]] > course->lease->from_iteration)
            count_result(course, &result);
    }
    keep(course, result.iterations_done);
    return code;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* From one iteration count to the next; a trajectory that diverges settles all that are left at once. */
static enum ms_code pass_counts(struct course *course, int64_t to, bool *stopped, struct ms_error *err)
{
    const struct ms_grid *grid = course->spec->sweep->grid;
    const int32_t *order = course->spec->order;
    enum ms_code code = MS_OK;

    for (int32_t i = 0; code == MS_OK && i < grid->n_iterations && grid->iterations[order[i]] <= to; i++) {
        int64_t until = grid->iterations[order[i]];
        enum ms_train_state state;

        if (until <= ms_train_iteration(course->train))
            continue;
        code = train_until(course, until, &state, err);
        if (code != MS_OK)
            return code;
        switch (state) {
        case MS_TRAIN_REACHED:
            code = store_results(course, MS_DONE, i, i + 1, err);
            break;
        case MS_TRAIN_DIVERGED:
            course->totals->work_spared += course->work_per_iteration *
                                           (double)(to - ms_train_iteration(course->train));
            return store_results(course, MS_DIVERGED, i, grid->n_iterations, err);
        case MS_TRAIN_STOPPED:
            *stopped = true;
            return checkpoint(course, err);
        }
    }
    return code;
}

enum ms_code ms_trajectory_train(const struct ms_trajectory_spec *spec, const struct ms_lease *lease,
                                 int64_t t, struct ms_totals *totals, bool *stopped, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = spec->sweep;
    int64_t first_config = ms_grid_first_config(sweep->grid, t);
    struct ms_config config = ms_grid_config(sweep->grid, first_config);
    double costs[LARGEST_PIECE];
    struct course course = {
        .spec = spec,
        .lease = lease,
        .train_samples = &sweep->train[config.dataset],
        .dev_samples = &sweep->dev[config.dataset],
        .config = config,
        .first_config = first_config,
        .costs = costs,
        .totals = totals,
    };
    enum ms_code code;

    *stopped = false;
    course.work_per_iteration = ms_plan_cost(config.activation, course.train_samples->n_x, config.n_h,
                                             course.train_samples->m);
    course.piece = first_piece(course.work_per_iteration);
    code = begin(&course, err);
    if (code == MS_OK)
        code = pass_counts(&course, lease->to_iteration, stopped, err);
    if (course.train != NULL)
        ms_train_close(course.train);
    ms_network_free(&course.start);
    return code;
}
