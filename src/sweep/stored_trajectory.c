/* Connects the walk along a trajectory (moonsweep/trajectory.h) with the writer: its functions are those of a
 * sink, which stores pieces, checkpoints and results. Two invariants of docs/protocol.md are kept here:
 *
 *   I9   Neither the order of training nor the choice of ranks changes a result: parameters, costs and accuracies are a
 *        function of the job alone (src/train ensures this; best.c breaks ties by the lowest index).
 *   I12  A trajectory that has checkpoint slots never loses more work than the interval of checkpoints, whatever ends
 *        the sweep.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "stored_trajectory.h"

#include "moonsweep/clock.h"
#include "moonsweep/trajectory.h"

/* The number of iterations after which costs, totals and checkpoints are handled. A piece should take about piece_s
 * (but no longer than the interval of checkpoints); the first piece is small enough for a slow machine and a large
 * network. */
enum { FIRST_PIECE = 64, LARGEST_PIECE = 8192 };
static const double piece_s = 0.1, first_piece_work = 3e7;

/* A trajectory in training. */
struct course {
    const struct ms_stored_trajectory_spec *spec;
    const struct ms_lease *lease;
    const struct ms_kernel *kernel;
    const struct ms_samples *train_samples, *dev_samples;
    struct ms_config config; /* the one with the most iterations; the others differ only in iterations */
    double work_per_iteration;
    double seconds_before, cpu_seconds_before; /* of training, in earlier runs */
    struct ms_patience patience_before;        /* of the costs of earlier runs; unused at iteration 0 */
    struct ms_train *train;
    int64_t piece;       /* iterations of the next piece */
    double last_piece_s; /* duration of the last piece */
    double *costs;       /* [LARGEST_PIECE] */
    int64_t stored;      /* the last iteration that is stored, as a checkpoint or as a result */
    double stored_s;     /* when it was stored */
    struct ms_totals *totals;
};

/* ---- beginning ----------------------------------------------------------------------------------------- */

static void note_stored(struct course *course, int64_t iteration)
{
    course->stored = iteration;
    course->stored_s = ms_clock_monotonic_s();
}

/* Sets start to the parameters with which training starts: those stored, or the initial parameters of the seed.
 * Errors: also MS_WORK_LEFT, if a tick stopped their drawing. */
static enum ms_code begin_parameters(struct course *course, struct ms_network *start, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = course->spec->sweep;
    const struct ms_config *config = &course->config;
    const struct ms_stop_request stop = {course->spec->tick, course->spec->context};
    struct ms_resume resume = {
        .slots = {course->lease->slots[0], course->lease->slots[1]},
        .iteration = course->lease->from_iteration,
        .network = start,
    };
    enum ms_code code;

    if (course->lease->is_continued) /* by another rank: I15 */
        ms_writer_refresh(sweep->writer);
    code = ms_writer_begin(sweep->writer, config->trajectory, &resume, err);
    if (code != MS_OK)
        return code;
    if (resume.iteration == 0)
        code = ms_network_init_stoppable(start, config->seed, config->init_scale, course->kernel->precision,
                                         &stop, err);
    course->seconds_before = resume.seconds;
    course->cpu_seconds_before = resume.cpu_seconds;
    course->patience_before = resume.patience;
    note_stored(course, resume.iteration);
    return code;
}

static enum ms_code begin_anew(struct course *course, struct ms_error *err)
{
    const struct ms_stored_trajectory_spec *spec = course->spec;
    const struct ms_config *config = &course->config;
    struct ms_train_spec train_spec = {
        .kernel = course->kernel,
        .samples = course->train_samples,
        .learning_rate = config->learning_rate,
        .tick = spec->tick,
        .context = spec->context,
        .rules = spec->sweep->rules,
        .computes_recurring = spec->sweep->computes_recurring,
        .team = spec->sweep->team,
        .dataset = config->dataset,
        .memory = spec->memory,
    };
    struct ms_network start;
    enum ms_code code = ms_network_alloc(&start, course->train_samples->n_x, config->n_h, config->activation,
                                         err);

    if (code == MS_OK)
        code = begin_parameters(course, &start, err);
    if (code == MS_OK)
        code = ms_train_open(&train_spec, &start, course->stored, &course->train, err);
    ms_network_free(&start);
    if (code == MS_OK && course->stored > 0)
        ms_train_know(course->train, &course->patience_before);
    return code;
}

/* ---- slices -------------------------------------------------------------------------------------------- */

void ms_kept_training_close(struct ms_kept_training *kept)
{
    if (kept->train != NULL)
        ms_train_close(kept->train);
    *kept = (struct ms_kept_training){0};
}

/* Continues the training that was kept, if it is that of this trajectory at the first iteration of the lease: then no other
 * rank has trained it since, and its history is the one that the writer has begun last. */
static bool go_on(struct course *course)
{
    struct ms_kept_training *kept = course->spec->kept;

    if (kept->train == NULL || kept->trajectory != course->config.trajectory ||
        ms_train_iteration(kept->train) != course->lease->from_iteration)
        return false;
    course->train = kept->train;
    course->seconds_before = kept->seconds_before;
    course->cpu_seconds_before = kept->cpu_seconds_before;
    course->piece = kept->piece;
    course->last_piece_s = kept->last_piece_s;
    note_stored(course, ms_train_iteration(course->train));
    *kept = (struct ms_kept_training){0};
    return true;
}

/* Keeps the training for the next slice. */
static void keep(struct course *course)
{
    *course->spec->kept = (struct ms_kept_training){
        .trajectory = course->config.trajectory,
        .train = course->train,
        .seconds_before = course->seconds_before,
        .cpu_seconds_before = course->cpu_seconds_before,
        .piece = course->piece,
        .last_piece_s = course->last_piece_s,
    };
    course->train = NULL;
}

static enum ms_code begin(struct course *course, struct ms_error *err)
{
    if (go_on(course))
        return MS_OK;
    ms_kept_training_close(course->spec->kept);
    return begin_anew(course, err);
}

/* ---- training ------------------------------------------------------------------------------------------ */

static int64_t first_piece(double work_per_iteration)
{
    double piece = first_piece_work / work_per_iteration;

    return piece >= FIRST_PIECE ? FIRST_PIECE : piece >= 1 ? (int64_t)piece : 1;
}

/* Doubles the iterations of a piece that took too little time, and halves those of one that took too much. */
static void adapt_piece(struct course *course)
{
    double checkpoint_s = course->spec->sweep->checkpoint_s;
    double target_s = checkpoint_s < piece_s ? checkpoint_s : piece_s;

    if (course->last_piece_s < target_s && course->piece < LARGEST_PIECE)
        course->piece *= 2;
    else if (course->last_piece_s > 2 * target_s && course->piece > 1)
        course->piece /= 2;
}

/* An end_piece of struct ms_trajectory_sink. */
static enum ms_code store_piece(void *context, const struct ms_trajectory_piece *piece, struct ms_error *err)
{
    struct course *course = context;
    struct ms_totals *totals = course->totals;

    course->last_piece_s = piece->seconds;
    adapt_piece(course);
    totals->iterations += piece->iterations - piece->repeated;
    totals->repeated += piece->repeated;
    totals->work_trained += course->work_per_iteration * (double)(piece->iterations - piece->repeated);
    totals->work_spared += course->work_per_iteration * (double)piece->repeated;
    totals->train_s += piece->seconds;
    totals->cpu_s += piece->cpu_seconds;
    totals->suspended_s += piece->suspended_s;
    return ms_writer_costs(course->spec->sweep->writer, piece->n_costs, piece->costs, err);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- checkpoints --------------------------------------------------------------------------------------- */

/* Stores a checkpoint of the current state, unless that state is stored already, as the result at an iteration count of
 * the grid is. */
static enum ms_code checkpoint(struct course *course, struct ms_error *err)
{
    const struct ms_checkpoint state = {
        .iteration = ms_train_iteration(course->train),
        .seconds = course->seconds_before + ms_train_seconds(course->train),
        .cpu_seconds = course->cpu_seconds_before + ms_train_cpu_seconds(course->train),
        .patience = ms_train_patience(course->train),
        .network = ms_train_network(course->train),
    };
    double started_s = ms_clock_monotonic_s();
    enum ms_code code;

    if (state.iteration == course->stored || course->lease->slots[0] < 0) /* C4 */
        return MS_OK;
    code = ms_writer_checkpoint(course->spec->sweep->writer, &state, err);
    note_stored(course, state.iteration);
    course->totals->checkpoints++;
    course->totals->checkpoint_s += course->stored_s - started_s;
    return code;
}

/* Whether a checkpoint after the next piece would be too late (I12). */
static bool is_checkpoint_due(const struct course *course)
{
    return ms_clock_monotonic_s() - course->stored_s + course->last_piece_s >=
           course->spec->sweep->checkpoint_s;
}

/* Tells the ranks that could help how much work is left. */
static void tell_helpers(const struct course *course)
{
    const int64_t left = smaller(course->config.iterations, course->lease->to_iteration) -
                         ms_train_iteration(course->train);

    if (course->spec->sweep->team != NULL)
        ms_team_expect(course->spec->sweep->team, course->work_per_iteration * (double)left);
}

/* A begin_piece of struct ms_trajectory_sink. */
static enum ms_code begin_piece(void *context, int64_t *iterations, struct ms_error *err)
{
    struct course *course = context;

    *iterations = course->piece;
    tell_helpers(course);
    return is_checkpoint_due(course) ? checkpoint(course, err) : MS_OK;
}

/* ---- results ------------------------------------------------------------------------------------------- */

static void count_result(struct course *course, const struct ms_result *result)
{
    struct ms_totals *totals = course->totals;

    if (result->status == MS_DIVERGED) {
        totals->diverged++;
        return;
    }
    if (result->status == MS_STOPPED)
        totals->stopped++;
    else
        totals->done++;
    ms_best_take(&totals->best, result->config, result->dev.accuracy);
}

/* A take_result of struct ms_trajectory_sink. */
static enum ms_code store_result(void *context, const struct ms_trajectory_result *passed,
                                 struct ms_error *err)
{
    struct course *course = context;
    const struct ms_sweep_spec *sweep = course->spec->sweep;
    const struct ms_result result = {
        .config = passed->config,
        .status = ms_status_of_end(passed->diverged, passed->ended_by),
        .ended_by = passed->ended_by,
        .iterations_done = passed->iterations_done,
        .network = passed->network,
        .train = passed->train,
        .dev = passed->dev,
        .patience = passed->patience,
        .train_seconds = course->seconds_before + passed->seconds,
        .train_cpu_seconds = course->cpu_seconds_before + passed->cpu_seconds,
    };
    bool is_final = false;
    enum ms_code code = MS_OK;

    const bool is_new = ms_grid_config(sweep->grid, passed->config).iterations >
                        course->lease->from_iteration;

    /* A run may have been killed after it had committed some of the rows of a trajectory that has ended, and a training
     * that had to start earlier than the lease passes rows that are committed. */
    if (result.status != MS_DONE || !is_new)
        code = ms_writer_is_final(sweep->writer, result.config, &is_final, err);
    if (code == MS_OK && !is_final)
        code = ms_writer_result(sweep->writer, &result, err);
    /* Results up to the start of the lease were counted by an earlier lease or run. */
    if (code == MS_OK && !is_final && is_new)
        count_result(course, &result);
    note_stored(course, result.iterations_done);
    return code;
}

static const struct ms_trajectory_sink storing = {
    .begin_piece = begin_piece, .end_piece = store_piece, .take_result = store_result};

/* ---- the whole trajectory ------------------------------------------------------------------------------ */

static enum ms_code walk(struct course *course, enum ms_trajectory_end *end, struct ms_error *err)
{
    const struct ms_stored_trajectory_spec *spec = course->spec;
    struct ms_trajectory trajectory = {
        .train = course->train,
        .train_samples = course->train_samples,
        .dev_samples = course->dev_samples,
        .members = spec->members,
        .n_members = ms_grid_members(spec->sweep->grid, course->config.trajectory, spec->members),
        .rules = spec->sweep->rules,
        .cpu_seconds_before = course->cpu_seconds_before,
        .to = smaller(course->config.iterations, course->lease->to_iteration),
        .costs = course->costs,
        .room = LARGEST_PIECE,
        .tick = spec->tick,
        .tick_context = spec->context,
        .sink = &storing,
        .context = course,
    };
    enum ms_train_state state;
    enum ms_code code = MS_OK;

    if (trajectory.rules.max_seconds > 0)
        code = ms_writer_time_end(spec->sweep->writer, trajectory.n_members, spec->members, &trajectory.end,
                                  err);
    if (code == MS_OK)
        code = ms_trajectory_walk(&trajectory, &state, err);
    if (code != MS_OK)
        return code;
    if (state == MS_TRAIN_DIVERGED || state == MS_TRAIN_ENDED) {
        course->totals->work_spared += course->work_per_iteration *
                                       (double)(trajectory.to - ms_train_iteration(course->train));
        *end = MS_TRAJECTORY_ENDED;
        return MS_OK;
    }
    *end = state == MS_TRAIN_STOPPED ? MS_TRAJECTORY_STOPPED : MS_TRAJECTORY_TRAINED;
    return *end == MS_TRAJECTORY_STOPPED || course->lease->is_slice ? checkpoint(course, err) : MS_OK;
}

enum ms_code ms_stored_trajectory_train(const struct ms_stored_trajectory_spec *spec,
                                        const struct ms_lease *lease, int64_t t, struct ms_totals *totals,
                                        enum ms_trajectory_end *end, struct ms_error *err)
{
    const struct ms_sweep_spec *sweep = spec->sweep;
    const struct ms_config config = ms_grid_trajectory(sweep->grid, t).longest;
    double costs[LARGEST_PIECE];
    struct course course = {
        .spec = spec,
        .lease = lease,
        .kernel = ms_kernels_for(sweep->kernels, config.activation, config.n_h),
        .train_samples = &sweep->train[config.dataset],
        .dev_samples = &sweep->dev[config.dataset],
        .config = config,
        .costs = costs,
        .totals = totals,
    };
    enum ms_code code;

    course.work_per_iteration = ms_plan_cost(config.activation, course.train_samples->n_x, config.n_h,
                                             course.train_samples->m);
    course.piece = first_piece(course.work_per_iteration);
    code = begin(&course, err);
    if (code == MS_OK)
        code = walk(&course, end, err);
    else if (code == MS_WORK_LEFT) { /* before anything was trained, so there is nothing to store */
        *end = MS_TRAJECTORY_STOPPED;
        code = MS_OK;
    }
    if (code == MS_OK && *end == MS_TRAJECTORY_TRAINED && lease->is_slice)
        keep(&course);
    if (course.train != NULL)
        ms_train_close(course.train);
    return code;
}
