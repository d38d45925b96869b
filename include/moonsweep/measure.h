/* Measures how long networks take to train here: a few iterations and evaluations of each, in turns.
 *
 *     const struct ms_measure_spec spec = {.clock = ms_clock_thread_s, .seconds = 1};
 *     code = ms_measure(&spec, cases, n, measured, err);
 *     ... measured[i].iteration_s ...
 *
 * The time of an iteration hardly depends on the parameters, so the initial ones do for all. Every case is measured in
 * several rounds, of which the median counts: so neither an interruption nor a change of the processor's clock matters
 * much. Several threads may measure at the same time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MEASURE_H
#define MOONSWEEP_MEASURE_H

#include "moonsweep/kernel.h"
#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A network to be measured. */
struct ms_measure_case {
    const struct ms_kernel *kernel; /* of the samples' precision */
    const struct ms_samples *train;
    const struct ms_samples *dev; /* NULL: evaluations are not measured */
    enum ms_activation activation;
    int32_t n_h;
};

struct ms_measured {
    double iteration_s;  /* of one iteration on the training set; NaN: it was not measured */
    double evaluation_s; /* of evaluating both sets; NaN likewise */
    int rounds;          /* in which it was measured */
};

enum { MS_MEASURE_ROUNDS = 5 /* of each case, if there is time */ };

struct ms_measure_spec {
    double (*clock)(void); /* the seconds that count, of this thread */

    /* What all measurements together should take. They take at most twice as long: cases are left out if there are too
     * many, or if they are too slow. */
    double seconds;
    bool is_first_certain; /* the first case is measured whatever it takes */
};

/* Measures cases[n] into measured[n]. As the last cases are those that are left out, they should be the slowest. Errors:
 * MS_NO_MEMORY. */
enum ms_code ms_measure(const struct ms_measure_spec *spec, const struct ms_measure_case *cases, int64_t n,
                        struct ms_measured *measured, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
