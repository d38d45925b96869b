/* Chooses final configurations by shuffling them, trains each of their trajectories to the largest count that
 * was chosen, and compares every final configuration on the way, also those that were not chosen. The rule
 * about time is not applied again, because it would end a trajectory elsewhere: training ends where it ended
 * then.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "retrain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/clock.h"
#include "moonsweep/live.h"
#include "moonsweep/plan.h"
#include "moonsweep/plural.h"
#include "moonsweep/rng.h"
#include "moonsweep/train.h"
#include "moonsweep/trajectory.h"
#include "moonsweep/version.h"
#include "moonsweep/work.h"
#include "retrain_dropped.h"

/* Iterations after which the costs are compared. */
enum { PIECE = 8192 };

/* Seconds between updates of the progress. */
static const double renewed_s = 0.2;

/* The state of the retraining. */
struct retraining {
    const struct retrain_spec *spec;
    struct retrain_summary summary;
    struct ms_table table;          /* owned */
    int64_t *until;                 /* [trajectories] owned: iterations to train; 0: none */
    struct ms_grid_member *members; /* [ms_grid_max_members] owned: those of the trajectory in training */
    double *costs;                  /* [PIECE] owned: of one piece */
    const struct ms_kernel *kernel;
    struct ms_train_memory memory; /* owned: of the training of each trajectory in turn */
    struct ms_samples train, dev;  /* owned: those of data set number `dataset` */
    int32_t dataset;               /* -1: none yet */
    struct ms_work work;           /* of all that is to be trained */
    double started_s, shown_s;     /* monotonic */
    struct ms_live live;           /* on standard error */
    bool is_live;                  /* the progress is shown there */
};

/* ---- the choice ------------------------------------------------------------------------------------------ */

/* Chooses final configurations, and determines how far their trajectories are to be trained. */
static enum ms_code choose(struct retraining *retraining, struct ms_error *err)
{
    const struct retrain_spec *spec = retraining->spec;
    const struct ms_table *table = &retraining->table;
    int64_t *finals = malloc((size_t)table->configs * sizeof *finals), count = 0;
    struct ms_rng rng;

    retraining->until = calloc((size_t)table->trajectories, sizeof *retraining->until);
    if (!finals || !retraining->until) {
        free(finals);
        return ms_fail_memory(err, spec->path, "to choose configurations");
    }
    for (int64_t c = 0; c < table->configs; c++)
        if (table->rows[c].status == MS_DONE || table->rows[c].status == MS_DIVERGED ||
            table->rows[c].status == MS_STOPPED)
            finals[count++] = c;
    ms_rng_seed(&rng, spec->seed);
    ms_rng_shuffle(&rng, count, finals);
    retraining->summary.chosen = count < spec->count ? count : spec->count;
    for (int64_t i = 0; i < retraining->summary.chosen; i++) {
        const struct ms_config config = ms_grid_config(&spec->stored->job.grid, finals[i]);

        if (config.iterations > retraining->until[config.trajectory])
            retraining->until[config.trajectory] = config.iterations;
    }
    free(finals);
    return MS_OK;
}

/* The seconds that the original training took, from the last configuration of each trajectory; NaN is damage. */
static double expected_seconds(const struct retraining *retraining)
{
    const struct ms_table *table = &retraining->table;
    double seconds = 0;

    for (int64_t c = 0; c < table->configs; c++) {
        const struct ms_config config = ms_grid_config(&retraining->spec->stored->job.grid, c);

        if (config.iterations == retraining->until[config.trajectory] &&
            isfinite(table->rows[c].train_seconds))
            seconds += table->rows[c].train_seconds;
    }
    return seconds;
}

static double work_of(const struct retraining *retraining, const struct ms_config *config, int64_t iterations)
{
    const struct ms_data *data = &retraining->spec->stored->datasets[config->dataset].train;

    return (double)iterations * ms_plan_cost(config->activation, data->n_x, config->n_h, data->rows);
}

static void announce(struct retraining *retraining)
{
    const struct ms_grid *grid = &retraining->spec->stored->job.grid;

    for (int64_t t = 0; t < retraining->table.trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(grid, t).longest;

        retraining->work.whole += work_of(retraining, &config, retraining->until[t]);
    }
    retraining->work.left_at_start = retraining->work.whole;
    (void)fprintf(stderr, "moonsweep: training %lld of %lld %s again, chosen by --seed %lu; %s took %.1f s\n",
                  (long long)retraining->summary.chosen, (long long)retraining->table.configs,
                  ms_plural(retraining->table.configs, "configuration", "configurations"),
                  (unsigned long)retraining->spec->seed, ms_plural(retraining->summary.chosen, "it", "they"),
                  expected_seconds(retraining));
    retraining->live = ms_live_begin(stderr);
    retraining->is_live = ms_terminal_is_live(retraining->live.terminal);
    retraining->started_s = ms_clock_monotonic_s();
}

/* ---- progress -------------------------------------------------------------------------------------------- */

static bool tick(void *context)
{
    struct retraining *retraining = context;
    const double now_s = ms_clock_monotonic_s();
    char line[120], left[40] = "";
    double left_s;

    if (!retraining->is_live || now_s - retraining->shown_s < renewed_s)
        return false;
    retraining->shown_s = now_s;
    retraining->work.seconds = now_s - retraining->started_s;
    left_s = ms_work_left_s(&retraining->work);
    if (!isnan(left_s))
        (void)snprintf(left, sizeof left, ", %.0f s left", left_s);
    (void)snprintf(line, sizeof line, "%.0f%%, %lld %s compared%s", 100 * ms_work_fraction(&retraining->work),
                   (long long)retraining->summary.compared,
                   ms_plural(retraining->summary.compared, "configuration", "configurations"), left);
    ms_live_draw(&retraining->live, line);
    return false;
}

/* ---- a trajectory ---------------------------------------------------------------------------------------- */

/* A trajectory in training. */
struct course {
    struct retraining *retraining;
    struct ms_config config; /* the one with the most iterations */
};

/* An end_piece of struct ms_trajectory_sink. */
static enum ms_code compare_costs(void *context, const struct ms_trajectory_piece *piece,
                                  struct ms_error *err)
{
    struct course *course = context;
    struct retraining *retraining = course->retraining;

    retraining->summary.iterations += piece->iterations;
    retraining->work.trained += work_of(retraining, &course->config, piece->iterations);
    return ms_verify_costs(retraining->spec->verification, course->config.trajectory, piece->first_cost,
                           piece->n_costs, piece->costs, err);
}

/* A take_result of struct ms_trajectory_sink: compares the configuration if it is final. */
static enum ms_code compare_result(void *context, const struct ms_trajectory_result *passed,
                                   struct ms_error *err)
{
    struct course *course = context;
    struct retraining *retraining = course->retraining;
    const struct ms_result result = {
        .config = passed->config,
        .status = ms_status_of_end(passed->diverged, passed->ended_by),
        .ended_by = passed->ended_by,
        .iterations_done = passed->iterations_done,
        .network = passed->network,
        .train = passed->train,
        .dev = passed->dev,
        .patience = passed->patience,
    };

    if (retraining->table.rows[result.config].status == MS_PENDING)
        return MS_OK;
    retraining->summary.compared++;
    return ms_verify_result(retraining->spec->verification, &result, passed->last_cost, err);
}

static const struct ms_trajectory_sink comparing = {.end_piece = compare_costs,
                                                    .take_result = compare_result};

/* Where the rule about time has ended the trajectory of members[count]: another training would end elsewhere. 0: it has
 * not. */
static int64_t end_of(const struct retraining *retraining, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const struct ms_row *row = &retraining->table.rows[retraining->members[i].config];

        if (row->status == MS_STOPPED && row->ended_by == MS_ENDED_BY_TIME)
            return row->iterations_done;
    }
    return 0;
}

/* The rules of the job that depend on nothing but the training. */
static struct ms_end_rules rules_of(const struct retraining *retraining)
{
    struct ms_end_rules rules = retraining->spec->stored->job.stop;

    rules.max_seconds = 0;
    return rules;
}

static enum ms_code walk(struct course *course, struct ms_train *train, struct ms_error *err)
{
    struct retraining *retraining = course->retraining;
    const int64_t n_members = ms_grid_members(&retraining->spec->stored->job.grid, course->config.trajectory,
                                              retraining->members);
    const struct ms_trajectory trajectory = {
        .train = train,
        .train_samples = &retraining->train,
        .dev_samples = &retraining->dev,
        .members = retraining->members,
        .n_members = n_members,
        .rules = rules_of(retraining),
        .end = end_of(retraining, n_members),
        .to = retraining->until[course->config.trajectory],
        .costs = retraining->costs,
        .room = PIECE,
        .tick = tick,
        .tick_context = retraining,
        .sink = &comparing,
        .context = course,
    };
    enum ms_train_state state; /* training is never stopped */
    enum ms_code code = ms_trajectory_walk(&trajectory, &state, err);

    /* After a divergence, or where a rule ends it, the rest is not trained. */
    retraining->work.spared += work_of(retraining, &course->config,
                                       trajectory.to - ms_train_iteration(train));
    return code;
}

/* Lays out the samples of a data set, unless they are those in use. Trajectories of one data set are neighbours. */
static enum ms_code lay_out(struct retraining *retraining, int32_t dataset, struct ms_error *err)
{
    const struct stored_job *stored = retraining->spec->stored;

    if (retraining->dataset == dataset)
        return MS_OK;
    ms_samples_free(&retraining->train);
    ms_samples_free(&retraining->dev);
    retraining->dataset = dataset;
    return ms_samples_make_sets(&retraining->train, &retraining->dev, &stored->datasets[dataset],
                                &stored->job.class_weight, stored->job.precision, NULL, err);
}

static enum ms_code train_again(struct retraining *retraining, int64_t t, struct ms_error *err)
{
    struct course course = {.retraining = retraining,
                            .config = ms_grid_trajectory(&retraining->spec->stored->job.grid, t).longest};
    struct ms_train *train;
    struct ms_train_spec train_spec = {.kernel = retraining->kernel,
                                       .samples = &retraining->train,
                                       .tick = tick,
                                       .context = retraining,
                                       .computes_recurring = true /* to find out whether they do */,
                                       .memory = &retraining->memory};
    struct ms_network start = {0};
    enum ms_code code;

    train_spec.rules = rules_of(retraining);
    train_spec.learning_rate = course.config.learning_rate;
    code = lay_out(retraining, course.config.dataset, err);
    if (code != MS_OK)
        return code;
    code = ms_network_alloc(&start, retraining->train.n_x, course.config.n_h, course.config.activation, err);
    if (code != MS_OK)
        return code;
    ms_network_init(&start, course.config.seed, course.config.init_scale, retraining->kernel->precision);
    code = ms_train_open(&train_spec, &start, 0, &train, err);
    if (code == MS_OK) {
        code = walk(&course, train, err);
        ms_train_close(train);
    }
    ms_network_free(&start);
    return code;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

/* Checks that the same numbers can be expected. */
static enum ms_code check(const struct retraining *retraining, struct ms_error *err)
{
    const struct retrain_spec *spec = retraining->spec;
    const struct ms_grid *grid = &spec->stored->job.grid;

    if (ms_reader_info(ms_verify_reader(spec->verification))->numerics != MS_NUMERICS)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: was computed with numerics %ld, but this program has %d: nothing can be compared",
                       spec->path, (long)ms_reader_info(ms_verify_reader(spec->verification))->numerics,
                       MS_NUMERICS);
    if (retraining->table.configs != ms_grid_configs(grid) ||
        retraining->table.trajectories != ms_grid_trajectories(grid) ||
        ms_reader_info(ms_verify_reader(spec->verification))->precision != spec->stored->job.precision)
        return ms_fail(err, MS_BAD_INPUT, "%s: its sizes do not match its job", spec->path);
    return MS_OK;
}

static enum ms_code prepare(struct retraining *retraining, struct ms_error *err)
{
    const struct retrain_spec *spec = retraining->spec;
    const struct stored_job *stored = spec->stored;
    enum ms_code code = ms_reader_table(ms_verify_reader(spec->verification), &retraining->table, err);

    if (code == MS_OK)
        code = check(retraining, err);
    if (code == MS_OK)
        code = ms_kernel_choose(stored->job.precision, spec->isa, &retraining->kernel, err);
    if (code == MS_OK)
        code = choose(retraining, err);
    if (code != MS_OK)
        return code;
    retraining->members = malloc((size_t)ms_grid_max_members(&stored->job.grid) *
                                 sizeof *retraining->members);
    retraining->costs = malloc(PIECE * sizeof *retraining->costs);
    if (!retraining->members || !retraining->costs)
        return ms_fail_memory(err, spec->path, "for its iteration counts and costs");
    return MS_OK;
}

enum ms_code retrain(const struct retrain_spec *spec, struct retrain_summary *summary, struct ms_error *err)
{
    struct retraining retraining = {.spec = spec, .dataset = -1, .live = {.terminal = -1}};
    enum ms_code code = prepare(&retraining, err);

    if (code == MS_OK)
        announce(&retraining);
    for (int64_t t = 0; code == MS_OK && t < retraining.table.trajectories; t++)
        if (retraining.until[t] > 0)
            code = train_again(&retraining, t, err);
    if (code == MS_OK)
        code = retrain_dropped(spec, &retraining.table, &retraining.summary.dropped, err);
    ms_live_end(&retraining.live);
    retraining.summary.seconds = ms_clock_monotonic_s() - retraining.started_s;
    if (code == MS_OK)
        *summary = retraining.summary;
    ms_train_memory_free(&retraining.memory);
    free(retraining.costs);
    free(retraining.members);
    free(retraining.until);
    ms_samples_free(&retraining.train);
    ms_samples_free(&retraining.dev);
    ms_table_free(&retraining.table);
    return code;
}
