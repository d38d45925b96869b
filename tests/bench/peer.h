/* What the peers in C share: a peer trains on request, as those in Python do (peers/peer.py).
 *
 *     static const struct peer moonsweep = {"moonsweep", open, train, close};
 *
 *     int main(int argc, char **argv)
 *     {
 *         return peer_main(&moonsweep, argc, argv);
 *     }
 *
 * The program takes a job file, whose data and start the networks have. First it writes a line that says what it
 * is; then, for every line of standard input
 *
 *     ACTIVATION N_H RATE ITERATIONS SECONDS
 *
 * it trains the network from its start again and again until SECONDS have passed, at least once, and answers
 *
 *     RUNS ELAPSED_SECONDS PROCESSOR_SECONDS COST
 *
 * with the cost before the last update. */
#ifndef MOONSWEEP_BENCH_PEER_H
#define MOONSWEEP_BENCH_PEER_H

#include "moonsweep/job.h"

struct peer {
    const char *name;

    /* Lays data out, borrowed until close, for networks of up to n_h hidden units; *description says how it will
     * train, e.g. the instruction set. */
    enum ms_code (*open)(const struct ms_data *data, int32_t n_h, void **state, const char **description,
                         struct ms_error *err);

    /* Makes `iterations` updates of network, or of a copy of it; the cost before each in costs [iterations]. */
    enum ms_code (*train)(void *state, struct ms_network *network, double learning_rate, int64_t iterations,
                          double *costs, struct ms_error *err);

    void (*close)(void *state); /* of NULL: nothing */
};

/* Serves requests until there are no more; returns the process's exit status. */
int peer_main(const struct peer *peer, int argc, char **argv);

#endif
