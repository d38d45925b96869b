/* Measures all cases in turn, once in each round, so that a change of the machine's speed affects all of
 * them. In its slice of a round a case is trained in pieces that double until a quarter of it is used up.
 * After the deadline the tick interrupts whatever runs, and what it has interrupted does not count.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/measure.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/median.h"
#include "moonsweep/train.h"

enum { ROUNDS = MS_MEASURE_ROUNDS, LARGEST_PIECE = 1024 };

/* The parameters hardly change in the few iterations, and so do not diverge, unless features or weights of classes are so
 * large that an iteration overflows. */
static const double learning_rate = 1e-3, init_scale = 0.01;

/* So many times the seconds of the measurements may pass before the rest is left out. */
static const double patience = 2;

/* What was measured of a case: the values of its rounds so far. */
struct times {
    double iteration_s[ROUNDS], evaluation_s[ROUNDS];
    int rounds;
};

/* The state of ms_measure. */
struct measurement {
    const struct ms_measure_spec *spec;
    double slice_s;    /* the time for a case in a round */
    double deadline_s; /* INFINITY: this case is measured whatever it takes */
    bool is_late;
};

/* An ms_tick: leaves an iteration or an evaluation that takes too long. */
static bool is_too_late(void *context)
{
    struct measurement *measurement = context;

    measurement->is_late = measurement->is_late || measurement->spec->clock() > measurement->deadline_s;
    return measurement->is_late;
}

/* Trains until the slice is used up. Returns the seconds of an iteration, without those of the first one, for which
 * nothing is in the caches yet, unless there is no other. The iteration that diverges counts: it is computed as others. */
static double time_iterations(struct measurement *measurement, struct ms_train *train)
{
    double (*const clock)(void) = measurement->spec->clock;
    double costs[LARGEST_PIECE];
    int64_t piece = 1, first;
    double began_s = clock(), elapsed_s = 0;
    bool has_diverged = ms_train_run(train, 1, costs) == MS_TRAIN_DIVERGED;

    if (has_diverged)
        return clock() - began_s;
    first = ms_train_iteration(train);
    began_s = clock();
    while (!has_diverged && !is_too_late(measurement) &&
           (elapsed_s < measurement->slice_s || first == ms_train_iteration(train))) {
        has_diverged = ms_train_run(train, ms_train_iteration(train) + piece, costs) == MS_TRAIN_DIVERGED;
        elapsed_s = clock() - began_s;
        if (piece < LARGEST_PIECE && elapsed_s < measurement->slice_s / 4)
            piece *= 2;
    }
    return elapsed_s / (double)(ms_train_iteration(train) - first + has_diverged);
}

static enum ms_code time_evaluation(struct measurement *measurement, const struct ms_measure_case *of,
                                    const struct ms_network *network, double *seconds, struct ms_error *err)
{
    const double began_s = measurement->spec->clock();
    struct ms_evaluation evaluation;
    enum ms_code code = ms_evaluate(of->kernel, network, of->train, is_too_late, measurement, &evaluation,
                                    err);

    if (code == MS_OK)
        code = ms_evaluate(of->kernel, network, of->dev, is_too_late, measurement, &evaluation, err);
    *seconds = measurement->spec->clock() - began_s;
    return code == MS_WORK_LEFT ? MS_OK : code; /* it is late, and the seconds do not count */
}

/* Measures a case once, unless it is too late. */
static enum ms_code measure_once(struct measurement *measurement, const struct ms_measure_case *of,
                                 struct times *times, struct ms_error *err)
{
    const struct ms_train_spec train_spec = {.kernel = of->kernel,
                                             .samples = of->train,
                                             .learning_rate = learning_rate,
                                             .tick = is_too_late,
                                             .context = measurement,
                                             .computes_recurring = true};
    struct ms_network network = {.n_h = 0};
    struct ms_train *train = NULL;
    enum ms_code code = ms_network_alloc(&network, of->train->n_x, of->n_h, of->activation, err);

    if (code == MS_OK) {
        ms_network_init(&network, 0, init_scale, of->train->precision);
        code = ms_train_open(&train_spec, &network, 0, &train, err);
    }
    if (code == MS_OK) {
        times->iteration_s[times->rounds] = time_iterations(measurement, train);
        times->evaluation_s[times->rounds] = (double)NAN;
        if (of->dev != NULL)
            code = time_evaluation(measurement, of, &network, &times->evaluation_s[times->rounds], err);
    }
    times->rounds += code == MS_OK && !measurement->is_late;
    ms_train_close(train);
    ms_network_free(&network);
    return code;
}

enum ms_code ms_measure(const struct ms_measure_spec *spec, const struct ms_measure_case *cases, int64_t n,
                        struct ms_measured *measured, struct ms_error *err)
{
    const double deadline_s = spec->clock() + patience * spec->seconds;
    struct measurement measurement = {.spec = spec, .slice_s = spec->seconds / (double)(ROUNDS * n)};
    struct times *times = calloc((size_t)n, sizeof *times);
    enum ms_code code = times != NULL ? MS_OK : ms_fail_memory(err, NULL, "to measure networks");

    for (int64_t i = 0; code == MS_OK && !measurement.is_late && i < ROUNDS * n; i++) {
        measurement.deadline_s = i == 0 && spec->is_first_certain ? (double)INFINITY : deadline_s;
        code = measure_once(&measurement, &cases[i % n], &times[i % n], err);
    }
    for (int64_t i = 0; code == MS_OK && i < n; i++)
        measured[i] = (struct ms_measured){
            .iteration_s = ms_median(times[i].iteration_s, times[i].rounds),
            .evaluation_s = ms_median(times[i].evaluation_s, times[i].rounds),
            .rounds = times[i].rounds,
        };
    free(times);
    return code;
}
