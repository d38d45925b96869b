/* Measures some networks and estimates all others from them. First it chooses what to measure: a few sizes of
 * each activation, on up to three data sets. Then several threads measure all of that. A size between two
 * that were measured is interpolated; a number of samples that was not measured changes the time in
 * proportion to the work.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_speed.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "job_sizes.h"
#include "moonsweep/clock.h"
#include "moonsweep/kernels.h"
#include "moonsweep/measure.h"
#include "moonsweep/plan.h"

enum {
    SIZES = 8, /* numbers of hidden units that are measured, of each activation */
    SETS = 3,  /* data sets that are measured */
    POINTS = SETS * MS_ACTIVATION_COUNT * SIZES,
    THREADS = 64 /* that measure at once, at most */
};

/* The measurements take so many processor seconds of each thread, or this share of the expected time of the job, but no
 * less than the least time. */
static const double most_s = 0.6, share_of_job = 0.05, least_s = 0.005;

/* What storing a configuration takes besides its evaluation: its row, its checksums, and its part in opening and closing
 * a trajectory. Measured on a sweep of 200,000 small configurations. */
static const double row_s = 8e-6, row_s_a_byte = 0.5e-9;

/* What storing a cost takes. */
static const double cost_s = 3e-9;

/* A network that is measured. */
struct point {
    int32_t set, size; /* positions in struct survey */
    enum ms_activation activation;
    double work; /* of an iteration, as the plan expects it */
};

/* The measurements: networks of some sizes with each activation, on some of the data sets. */
struct survey {
    const struct ms_job *job;
    const struct ms_dataset *datasets;
    struct ms_kernels kernels;
    double seconds;    /* that the measurements should take */
    int32_t set[SETS]; /* the data sets that are measured, the smallest training set first */
    int32_t n_sets;
    struct ms_samples train[SETS], dev[SETS]; /* owned */
    int32_t n_h[MS_ACTIVATION_COUNT][SIZES];  /* ascending */
    int32_t n_sizes[MS_ACTIVATION_COUNT];     /* 0: the job has no network with this activation */
    struct point points[POINTS];              /* the least work first */
    int64_t n_points;
    struct ms_measured measured[SETS][MS_ACTIVATION_COUNT][SIZES];
};

/* ---- what to measure ------------------------------------------------------------------------------------- */

static int compare_integers(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

/* Chooses at most `most` of values[n], which it sorts: the smallest, the largest, and some between. Returns their
 * number. */
static int32_t choose(int32_t *values, int64_t n, int32_t most, int32_t *chosen)
{
    int64_t distinct = 0;
    int32_t count;

    qsort(values, (size_t)n, sizeof *values, compare_integers);
    for (int64_t i = 0; i < n; i++)
        if (i == 0 || values[i] != values[distinct - 1])
            values[distinct++] = values[i];
    count = distinct < most ? (int32_t)distinct : most;
    for (int32_t i = 0; i < count; i++)
        chosen[i] = values[count > 1 ? i * (distinct - 1) / (count - 1) : 0];
    return count;
}

static enum ms_code choose_sizes(struct survey *survey, struct ms_error *err)
{
    const struct ms_grid *grid = &survey->job->grid;
    const int64_t trajectories = ms_grid_trajectories(grid) /
                                 grid->n_datasets; /* the same for each data set */
    int32_t *values = malloc((size_t)trajectories * sizeof *values);

    if (!values)
        return ms_fail_memory(err, survey->job->path, "to measure its networks");
    for (int a = 0; a < MS_ACTIVATION_COUNT; a++) {
        int64_t n = 0;

        for (int64_t t = 0; t < trajectories; t++) {
            const struct ms_config config = ms_grid_trajectory(grid, t).longest;

            if ((int)config.activation == a)
                values[n++] = config.n_h;
        }
        survey->n_sizes[a] = choose(values, n, SIZES, survey->n_h[a]);
    }
    free(values);
    return MS_OK;
}

/* Chooses the data sets with the smallest training set, the largest, and one whose size is next to their geometric mean. */
static void choose_sets(struct survey *survey)
{
    const struct ms_dataset *datasets = survey->datasets;
    const int32_t largest = ms_job_largest_dataset(survey->job, datasets);
    int32_t smallest = 0, middle = 0;
    double wanted;

    for (int32_t d = 1; d < survey->job->grid.n_datasets; d++)
        smallest = datasets[d].train.rows < datasets[smallest].train.rows ? d : smallest;
    wanted = sqrt((double)datasets[smallest].train.rows * (double)datasets[largest].train.rows);
    for (int32_t d = 1; d < survey->job->grid.n_datasets; d++)
        if (fabs((double)datasets[d].train.rows - wanted) <
            fabs((double)datasets[middle].train.rows - wanted))
            middle = d;
    survey->set[survey->n_sets++] = smallest;
    if (datasets[middle].train.rows > datasets[smallest].train.rows &&
        datasets[middle].train.rows < datasets[largest].train.rows)
        survey->set[survey->n_sets++] = middle;
    if (datasets[largest].train.rows > datasets[smallest].train.rows)
        survey->set[survey->n_sets++] = largest;
}

static int compare_points(const void *a, const void *b)
{
    const double x = ((const struct point *)a)->work, y = ((const struct point *)b)->work;

    return (x > y) - (x < y);
}

/* Lists the networks to measure. */
static void list_points(struct survey *survey)
{
    for (int32_t s = 0; s < survey->n_sets; s++)
        for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
            for (int32_t i = 0; i < survey->n_sizes[a]; i++) {
                const struct ms_samples *train = &survey->train[s];
                const enum ms_activation activation = (enum ms_activation)a;

                survey->points[survey->n_points++] = (struct point){
                    .set = s,
                    .size = i,
                    .activation = activation,
                    .work = ms_plan_cost(activation, train->n_x, survey->n_h[a][i], train->m),
                };
            }
    qsort(survey->points, (size_t)survey->n_points, sizeof *survey->points, compare_points);
}

/* Chooses the kernels as a sweep on so many ranks does. */
static enum ms_code choose_kernels(struct survey *survey, const struct ms_kernel_sizes *sizes, int32_t ranks,
                                   struct ms_error *err)
{
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];
    const int32_t n = ms_kernel_sizes_heaviest(sizes, heaviest);
    const struct ms_kernels_spec spec = {
        .clock = ms_clock_thread_s,
        .seconds = ms_kernels_seconds(&survey->kernels, sizes->work * ms_plan_seconds_per_work / ranks),
        .samples = &survey->train[survey->n_sets - 1] /* the largest set */};

    return spec.seconds > 0 ? ms_kernels_measure(&survey->kernels, &spec, heaviest, n, err) : MS_OK;
}

/* Lays out the samples that are measured, chooses the kernels, and decides for how long to measure. */
static enum ms_code open_survey(struct survey *survey, int32_t ranks, struct ms_error *err)
{
    const struct ms_job *job = survey->job;
    struct ms_kernel_sizes sizes;
    enum ms_code code = ms_kernels_open(job->precision, NULL, &survey->kernels, err);

    choose_sets(survey);
    if (code == MS_OK)
        code = choose_sizes(survey, err);
    for (int32_t s = 0; code == MS_OK && s < survey->n_sets; s++)
        code = ms_samples_make_sets(&survey->train[s], &survey->dev[s], &survey->datasets[survey->set[s]],
                                    &job->class_weight, job->precision, NULL, err);
    if (code != MS_OK)
        return code;
    list_points(survey);
    sizes = job_sizes(job, survey->datasets);
    survey->seconds = fmin(fmax(share_of_job * ms_plan_seconds_per_work * sizes.work, least_s), most_s);
    return choose_kernels(survey, &sizes, ranks, err);
}

static void close_survey(struct survey *survey)
{
    for (int32_t s = 0; s < survey->n_sets; s++) {
        ms_samples_free(&survey->train[s]);
        ms_samples_free(&survey->dev[s]);
    }
}

/* ---- measuring ------------------------------------------------------------------------------------------- */

/* A thread that measures all points. */
struct measurer {
    const struct survey *survey;
    struct ms_measured measured[POINTS];
    enum ms_code code;
    struct ms_error err;
};

static void *measure(void *context)
{
    struct measurer *measurer = context;
    const struct survey *survey = measurer->survey;
    const struct ms_measure_spec spec = {
        .clock = ms_clock_thread_s, .seconds = survey->seconds, .is_first_certain = true};
    struct ms_measure_case cases[POINTS];

    for (int64_t i = 0; i < survey->n_points; i++) {
        const struct point *point = &survey->points[i];
        const int32_t n_h = survey->n_h[point->activation][point->size];

        cases[i] = (struct ms_measure_case){
            .kernel = ms_kernels_for(&survey->kernels, point->activation, n_h),
            .train = &survey->train[point->set],
            .dev = &survey->dev[point->set],
            .activation = point->activation,
            .n_h = n_h,
        };
    }
    measurer->code = ms_measure(&spec, cases, survey->n_points, measurer->measured, &measurer->err);
    return NULL;
}

/* The mean of what the threads have measured of a point; NaN if one of them has not. */
static struct ms_measured mean(const struct measurer *measurers, int32_t n, int64_t point)
{
    struct ms_measured sum = {.rounds = 0};

    for (int32_t i = 0; i < n; i++) {
        sum.iteration_s += measurers[i].measured[point].iteration_s / n;
        sum.evaluation_s += measurers[i].measured[point].evaluation_s / n;
    }
    return sum;
}

/* Puts the measurements in their places. What was not measured takes longer than the point before, in proportion to the
 * expected work. */
static void take_measurements(struct survey *survey, const struct measurer *measurers, int32_t n)
{
    struct ms_measured before = {.rounds = 0};

    for (int64_t i = 0; i < survey->n_points; i++) {
        const struct point *point = &survey->points[i];
        struct ms_measured measured = mean(measurers, n, i);

        if (isnan(measured.iteration_s)) {
            const double ratio = point->work /
                                 survey->points[i - 1].work; /* the first one is always measured */

            measured.iteration_s = before.iteration_s * ratio;
            measured.evaluation_s = before.evaluation_s * ratio;
        }
        survey->measured[point->set][point->activation][point->size] = before = measured;
    }
}

/* Measures with n threads, this one included. If the system permits fewer, those measure. */
static enum ms_code run_survey(struct survey *survey, int32_t n, struct ms_error *err)
{
    struct measurer *measurers = calloc((size_t)n, sizeof *measurers);
    pthread_t threads[THREADS];
    int32_t started = 1;
    enum ms_code code = MS_OK;

    if (!measurers)
        return ms_fail_memory(err, survey->job->path, "to measure its networks");
    for (int32_t i = 0; i < n; i++)
        measurers[i].survey = survey;
    while (started < n && pthread_create(&threads[started], NULL, measure, &measurers[started]) == 0)
        started++;
    (void)measure(&measurers[0]);
    for (int32_t i = 1; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    for (int32_t i = started - 1; i >= 0; i--)
        if (measurers[i].code != MS_OK) {
            code = measurers[i].code;
            *err = measurers[i].err;
        }
    if (code == MS_OK)
        take_measurements(survey, measurers, started);
    free(measurers);
    return code;
}

/* ---- what follows for all trajectories ------------------------------------------------------------------- */

/* The times at n_h on the line through two neighbours of n_h, and constant beyond the measured sizes. */
static struct ms_measured interpolate(const int32_t *sizes, const struct ms_measured *values, int32_t n,
                                      int32_t n_h)
{
    const struct ms_measured *low, *high;
    int32_t i = 1;
    double share;

    while (i < n && sizes[i] < n_h)
        i++;
    if (i == n)
        return values[n - 1];
    low = &values[i - 1];
    high = &values[i];
    share = (double)(n_h - sizes[i - 1]) / (double)(sizes[i] - sizes[i - 1]);
    return (struct ms_measured){
        .iteration_s = low->iteration_s + (high->iteration_s - low->iteration_s) * share,
        .evaluation_s = low->evaluation_s + (high->evaluation_s - low->evaluation_s) * share};
}

/* The position of the measured data set whose training set has the most similar size. */
static int32_t nearest_set(const struct survey *survey, double rows)
{
    int32_t nearest = 0;

    for (int32_t s = 1; s < survey->n_sets; s++)
        if (fabs((double)survey->train[s].m - rows) < fabs((double)survey->train[nearest].m - rows))
            nearest = s;
    return nearest;
}

/* What is known of a network that need not have been measured. */
static struct ms_measured estimate(const struct survey *survey, const struct ms_config *config)
{
    const struct ms_data *train = &survey->datasets[config->dataset].train;
    const int32_t s = nearest_set(survey, (double)train->rows);
    const double ratio = ms_plan_cost(config->activation, train->n_x, config->n_h, train->rows) /
                         ms_plan_cost(config->activation, train->n_x, config->n_h, survey->train[s].m);
    const struct ms_measured there = interpolate(survey->n_h[config->activation],
                                                 survey->measured[s][config->activation],
                                                 survey->n_sizes[config->activation], config->n_h);

    return (struct ms_measured){.iteration_s = ratio * there.iteration_s,
                                .evaluation_s = ratio * there.evaluation_s};
}

static enum ms_code estimate_all(const struct survey *survey, struct plan_speed *speed, struct ms_error *err)
{
    const struct ms_grid *grid = &survey->job->grid;
    const int64_t trajectories = ms_grid_trajectories(grid);
    const double row_bytes = 8.0 * ms_grid_max_n_h(grid) * (survey->train[0].n_x + 2);

    speed->iteration_s = malloc((size_t)trajectories * sizeof *speed->iteration_s);
    speed->result_s = malloc((size_t)trajectories * sizeof *speed->result_s);
    if (!speed->iteration_s || !speed->result_s)
        return ms_fail_memory(err, survey->job->path, "to estimate the time of %lld trajectories",
                              (long long)trajectories);
    for (int64_t t = 0; t < trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(grid, t).longest;
        const struct ms_measured estimated = estimate(survey, &config);

        speed->iteration_s[t] = estimated.iteration_s + cost_s;
        speed->result_s[t] = estimated.evaluation_s + row_s + row_s_a_byte * row_bytes;
    }
    return MS_OK;
}

enum ms_code plan_speed_measure(const struct ms_job *job, const struct ms_dataset *datasets, int32_t threads,
                                struct plan_speed *speed, struct ms_error *err)
{
    struct survey *survey = calloc(1, sizeof *survey);
    enum ms_code code;

    if (!survey)
        return ms_fail_memory(err, job->path, "to measure its networks");
    survey->job = job;
    survey->datasets = datasets;
    code = open_survey(survey, threads, err);
    if (code == MS_OK)
        code = run_survey(survey, threads < THREADS ? threads : THREADS, err);
    if (code == MS_OK)
        code = estimate_all(survey, speed, err);
    close_survey(survey);
    free(survey);
    return code;
}

void plan_speed_free(struct plan_speed *speed)
{
    free(speed->iteration_s);
    free(speed->result_s);
}
