/* A result file of one network, for benchmarks that write one or need a run on one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_ONE_NETWORK_H
#define MOONSWEEP_BENCH_ONE_NETWORK_H

#include <stdint.h>

#include "moonsweep/grid.h"
#include "moonsweep/writer.h"

/* A grid of one network with tanh. */
struct one_network {
    int32_t n_h;
    enum ms_activation activation;
    double learning_rate, init_scale;
    uint32_t seed;
    int64_t iterations;
    struct ms_grid grid; /* consists of these values */
};

void one_network_set(struct one_network *one, int32_t n_h, int64_t iterations);

/* Creates a result file of this network and data set at path, begins a run on it, and trains the network next. one and
 * dataset are borrowed until the writer is closed. Errors: as of the functions of moonsweep/writer.h. */
enum ms_code one_network_create(const char *path, const struct one_network *one,
                                const struct ms_dataset *dataset, struct ms_writer **writer,
                                struct ms_error *err);

#endif
