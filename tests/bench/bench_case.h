/* What a kernel is measured with: a small network and made-up samples, as a line of text names them.
 *
 *     struct bench_case one;
 *     if (bench_case_make("avx512 float64 tanh 2 5 1600", &one, &err) == MS_OK)
 *         ... one.kernel, one.network, one.samples ...
 *     bench_case_free(&one);
 */
#ifndef MOONSWEEP_BENCH_CASE_H
#define MOONSWEEP_BENCH_CASE_H

#include <stdio.h>

#include "moonsweep/train.h"

struct bench_case {
    const struct ms_kernel *kernel;
    struct ms_samples samples; /* owned: standard normal features, labels by the first one and noise */
    struct ms_network network; /* owned: as a sweep starts */
};

/* text: instruction set, precision, activation, n_x, n_h and samples, separated by blanks; what follows them
 * is the caller's. Errors: MS_BAD_USAGE where it does not name a case of this processor's, MS_NO_MEMORY. */
enum ms_code bench_case_make(const char *text, struct bench_case *one, struct ms_error *err);
void bench_case_free(struct bench_case *one);

#endif
