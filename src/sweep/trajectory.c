#include "trajectory.h"

/* Iterations between two looks at the costs and totals: at first few; more until they take long enough. */
enum { FIRST_PIECE = 64, LARGEST_PIECE = 8192 };
static const double piece_s = 0.1;

/* A trajectory under way. */
struct course {
    const struct ms_trajectory_spec *spec;
    const struct ms_samples *train_samples, *dev_samples;
    struct ms_config config; /* of its first configuration: all but iterations holds for every one */
    int64_t first_config;
    int64_t counted_from; /* configurations up to here were counted by an earlier run */
    double work_per_iteration;
    double seconds_before; /* of training, in earlier runs */
    struct ms_network start;
    struct ms_train *train;
    int64_t piece;
    double *costs; /* [LARGEST_PIECE] */
    struct ms_totals *totals;
};

bool ms_trajectory_is_better(double accuracy, int64_t config, double best_accuracy, int64_t best_config)
{
    return config >= 0 && (best_config < 0 || accuracy > best_accuracy ||
                           (accuracy == best_accuracy && config < best_config));
}

/* ---- beginning ----------------------------------------------------------------------------------------- */

/* The parameters at iteration *from: as committed, or as the seed makes them. */
static enum ms_code begin_parameters(struct course *course, int64_t *from, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = course->spec->sweep;
    const struct ms_config *config = &course->config;

    if (*from > 0) {
        enum ms_code code = ms_store_begin(sweep->store, config->trajectory, *from, &course->start,
                                           &course->seconds_before, err);
        if (code != MS_BAD_INPUT)
            return code;
        *from = 0; /* what is stored is damaged: the same bits come out again from the start */
    }
    course->seconds_before = 0;
    ms_network_init(&course->start, config->seed, config->init_scale, sweep->kernel->precision);
    return ms_store_begin(sweep->store, config->trajectory, 0, &course->start, &course->seconds_before, err);
}

static enum ms_code begin(struct course *course, int64_t from, struct ms_error *err)
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
        code = begin_parameters(course, &from, err);
    if (code == MS_OK)
        code = ms_train_open(&train_spec, &course->start, from, &course->train, err);
    return code;
}

/* ---- training ------------------------------------------------------------------------------------------ */

/* One call of the training loop, at most `piece` iterations, and what comes of it. */
static enum ms_code train_piece(struct course *course, int64_t until, enum ms_train_state *state,
                                struct ms_error *err)
{
    struct ms_train *train = course->train;
    struct ms_totals *totals = course->totals;
    int64_t before = ms_train_iteration(train), trained;
    double seconds = ms_train_seconds(train);

    if (until - before > course->piece)
        until = before + course->piece;
    *state = ms_train_run(train, until, course->costs);
    trained = ms_train_iteration(train) - before;
    seconds = ms_train_seconds(train) - seconds;
    if (seconds < piece_s && course->piece < LARGEST_PIECE)
        course->piece *= 2;
    totals->iterations += trained;
    totals->work_trained += course->work_per_iteration * (double)trained;
    totals->train_s += seconds;
    return ms_store_costs(course->spec->sweep->store, ms_train_costs(train) - before, course->costs, err);
}

static enum ms_code train_until(struct course *course, int64_t until, enum ms_train_state *state,
                                struct ms_error *err)
{
    enum ms_code code = MS_OK;

    *state = MS_TRAIN_REACHED;
    while (code == MS_OK && *state == MS_TRAIN_REACHED && ms_train_iteration(course->train) < until)
        code = train_piece(course, until, state, err);
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
        if (code == MS_OK && sweep->grid->iterations[spec->order[i]] > course->counted_from)
            count_result(course, &result);
    }
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
            return MS_OK;
        }
    }
    return code;
}

enum ms_code ms_trajectory_train(const struct ms_trajectory_spec *spec, int64_t t, int64_t from, int64_t to,
                                 struct ms_totals *totals, bool *stopped, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = spec->sweep;
    int64_t first_config = ms_grid_first_config(sweep->grid, t);
    struct ms_config config = ms_grid_config(sweep->grid, first_config);
    double costs[LARGEST_PIECE];
    struct course course = {
        .spec = spec,
        .train_samples = &sweep->train[config.dataset],
        .dev_samples = &sweep->dev[config.dataset],
        .config = config,
        .first_config = first_config,
        .counted_from = from,
        .piece = FIRST_PIECE,
        .costs = costs,
        .totals = totals,
    };
    enum ms_code code;

    *stopped = false;
    course.work_per_iteration = ms_plan_cost(config.activation, course.train_samples->n_x, config.n_h,
                                             course.train_samples->m);
    code = begin(&course, from, err);
    if (code == MS_OK)
        code = pass_counts(&course, to, stopped, err);
    if (course.train != NULL)
        ms_train_close(course.train);
    ms_network_free(&course.start);
    return code;
}
