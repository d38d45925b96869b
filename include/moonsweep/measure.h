/* Measures how long networks take to train here: a few iterations and evaluations of each, in turns.
 *
 *     const struct ms_measure_spec spec = {.kernel = kernel, .clock = ms_clock_thread_s, .seconds = 1};
 *     code = ms_measure(&spec, cases, n, measured, err);
 *     ... measured[i].iteration_s ...
 *
 * The time of an iteration hardly depends on the parameters, so the initial ones do for all. Every case is measured in
 * several rounds, of which the median counts: so neither an interruption nor a change of the processor's clock matters
 * much. Several threads may measure at the same time. */
#ifndef MOONSWEEP_MEASURE_H
#define MOONSWEEP_MEASURE_H

#include "moonsweep/kernel.h"
#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A network to be measured. */
struct ms_measure_case {
    const struct ms_samples *train, *dev;
    enum ms_activation activation;
    int32_t n_h;
};

struct ms_measured {
    double iteration_s;  /* of one iteration on the training set; NaN: it was not measured */
    double evaluation_s; /* of evaluating both sets; NaN likewise */
};

struct ms_measure_spec {
    const struct ms_kernel *kernel; /* of the samples' precision */
    double (*clock)(void);          /* the seconds that count, of this thread */
    double
        seconds; /* what all measurements together should take. The first case is measured whatever it takes; others
                     * are not if there are too many, or if they are too slow */
};

/* Measures cases[n] into measured[n]. As the last cases are those that are left out, they should be the slowest. Errors:
 * MS_NO_MEMORY. */
enum ms_code ms_measure(const struct ms_measure_spec *spec, const struct ms_measure_case *cases, int64_t n,
                        struct ms_measured *measured, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
