/* The input for measuring a kernel: a network and generated samples, described by a line of text.
 *
 *     struct bench_case one;
 *     if (bench_case_make("avx512 float64 tanh 2 5 1600", &one, &err) == MS_OK)
 *         ... one.kernel, one.network, one.samples ...
 *     bench_case_free(&one);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_CASE_H
#define MOONSWEEP_BENCH_CASE_H

#include "moonsweep/train.h"

struct bench_case {
    const struct ms_kernel *kernel;
    struct ms_samples samples; /* owned: standard normal features, labels by the first one and noise */
    struct ms_network network; /* owned: with the initial parameters of a sweep */
};

/* text: instruction set, precision, activation, n_x, n_h and samples, separated by blanks; anything after them is
 * ignored. Errors: MS_BAD_USAGE if it is not a case that this processor can run, MS_NO_MEMORY. */
enum ms_code bench_case_make(const char *text, struct bench_case *one, struct ms_error *err);
void bench_case_free(struct bench_case *one);

#endif
