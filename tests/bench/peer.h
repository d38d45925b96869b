/* The common part of the peers in C. A peer trains on request, like those in Python (peers/peer.py).
 *
 *     static const struct peer moonsweep = {"moonsweep", open, train, close};
 *
 *     int main(int argc, char **argv)
 *     {
 *         return peer_main(&moonsweep, argc, argv);
 *     }
 *
 * The argument of the program is a job file, which determines the data and the initial parameters. The program first
 * writes a line that describes it. Then, for every line of standard input
 *
 *     ACTIVATION N_H RATE ITERATIONS SECONDS
 *
 * it trains the network from its initial parameters, repeatedly until SECONDS have passed but at least once, and
 * answers
 *
 *     RUNS ELAPSED_SECONDS PROCESSOR_SECONDS COST
 *
 * with the cost before the last update.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_PEER_H
#define MOONSWEEP_BENCH_PEER_H

#include "moonsweep/job.h"

struct peer {
    const char *name;

    /* Prepares data, which it borrows until close, for networks of up to n_h hidden units. *description says how it
     * will train, e.g. the instruction set. */
    enum ms_code (*open)(const struct ms_data *data, int32_t n_h, void **state, const char **description,
                         struct ms_error *err);

    /* Makes `iterations` updates of network, or of a copy of it, and sets costs [iterations] to the cost before
     * each. */
    enum ms_code (*train)(void *state, struct ms_network *network, double learning_rate, int64_t iterations,
                          double *costs, struct ms_error *err);

    void (*close)(void *state); /* NULL is allowed */
};

/* Serves requests until there are no more; returns the process's exit status. */
int peer_main(const struct peer *peer, int argc, char **argv);

#endif
