/* Training as a competent programmer would write it in C: arrays of samples, loops that the compiler vectorises, and
 * the vector versions of the C library's tanh, exp and log. It is the reference for moonsweep's speed.
 *
 *     struct straightforward *training;
 *     straightforward_open(&data, n_h, &training, err);
 *     straightforward_train(training, &network, learning_rate, iterations, costs);
 *     straightforward_close(training);
 *
 * It is compiled with -Ofast -march=native (meson.build), so that it loses no time to exact rounding or portability. It
 * supports two features and float64, and uses none of moonsweep's mathematical functions.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_STRAIGHTFORWARD_H
#define MOONSWEEP_BENCH_STRAIGHTFORWARD_H

#include "moonsweep/data.h"
#include "moonsweep/network.h"

struct straightforward;

/* Returns the compiler and its flags. */
const char *straightforward_description(void);

/* Allocates memory to train networks of up to n_h hidden units on data, which is copied. Errors: MS_BAD_INPUT (not
 * two features), MS_NO_MEMORY. */
enum ms_code straightforward_open(const struct ms_data *data, int32_t n_h, struct straightforward **training,
                                  struct ms_error *err);

/* Makes `iterations` updates of network, which has at most n_h units, and sets costs [iterations] to the cost before
 * each. */
void straightforward_train(struct straightforward *training, struct ms_network *network, double learning_rate,
                           int64_t iterations, double *costs);

/* NULL is harmless. */
void straightforward_close(struct straightforward *training);

#endif
