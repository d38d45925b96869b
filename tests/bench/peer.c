/* Reads requests line by line, trains for as long as each asks for, and answers with times and the last cost.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_SIZE = 256 };

struct request {
    struct ms_network start; /* owned */
    double learning_rate;
    int64_t iterations;
    double least_s; /* training is repeated until they have passed */
};

static double clock_s(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Parses the five words of a request. An invalid number counts as 0. */
static enum ms_code read_request(char *line, const struct ms_job *job, int32_t n_x, struct request *request,
                                 struct ms_error *err)
{
    enum { ACTIVATION, N_H, RATE, ITERATIONS, SECONDS, WORDS };
    char *words[WORDS], *rest;
    enum ms_activation activation;
    enum ms_code code;
    int64_t n_h;

    for (int w = 0; w < WORDS; w++) {
        words[w] = strtok_r(w == 0 ? line : NULL, " \n", &rest);
        if (words[w] == NULL)
            return ms_fail(err, MS_BAD_INPUT, "a request must have %d words, but this one has %d", WORDS, w);
    }
    n_h = strtoll(words[N_H], NULL, 10);
    request->learning_rate = strtod(words[RATE], NULL);
    request->iterations = strtoll(words[ITERATIONS], NULL, 10);
    request->least_s = strtod(words[SECONDS], NULL);
    if (!ms_activation_find(words[ACTIVATION], &activation) || n_h < 1 || n_h > ms_grid_max_n_h(&job->grid) ||
        request->iterations < 1)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s %s %s is not a network within the job's sizes with at least one iteration",
                       words[ACTIVATION], words[N_H], words[ITERATIONS]);
    code = ms_network_alloc(&request->start, n_x, (int32_t)n_h, activation, err);
    if (code == MS_OK)
        ms_network_init(&request->start, job->grid.seed[0], job->grid.init_scale[0], MS_FLOAT64);
    return code;
}

/* Trains the request's network, repeatedly until its seconds have passed, and writes the answer. */
static enum ms_code answer(const struct peer *peer, void *state, const struct request *request,
                           struct ms_error *err)
{
    struct ms_network network = {0};
    double *costs = malloc((size_t)request->iterations * sizeof *costs);
    enum ms_code code;
    double started, processor_started, elapsed;
    int64_t runs = 0;

    code = ms_network_alloc(&network, request->start.n_x, request->start.n_h, request->start.activation, err);
    if (code == MS_OK && costs == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "no memory for %" PRId64 " costs", request->iterations);
    if (code != MS_OK)
        goto cleanup;

    started = clock_s(CLOCK_MONOTONIC);
    processor_started = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    do {
        ms_network_copy(&network, &request->start);
        code = peer->train(state, &network, request->learning_rate, request->iterations, costs, err);
        elapsed = clock_s(CLOCK_MONOTONIC) - started;
        runs++;
    } while (code == MS_OK && elapsed < request->least_s);
    if (code == MS_OK)
        (void)printf("%" PRId64 " %.9f %.9f %.17g\n", runs, elapsed,
                     clock_s(CLOCK_PROCESS_CPUTIME_ID) - processor_started, costs[request->iterations - 1]);

cleanup:
    free(costs);
    ms_network_free(&network);
    return code;
}

static enum ms_code serve(const struct peer *peer, void *state, const struct ms_job *job, int32_t n_x,
                          struct ms_error *err)
{
    char line[LINE_SIZE];
    enum ms_code code = MS_OK;

    while (code == MS_OK && fgets(line, sizeof line, stdin) != NULL) {
        struct request request = {0};

        code = read_request(line, job, n_x, &request, err);
        if (code == MS_OK)
            code = answer(peer, state, &request, err);
        (void)fflush(stdout);
        ms_network_free(&request.start);
    }
    return code;
}

static enum ms_code run(const struct peer *peer, const char *path, struct ms_error *err)
{
    struct ms_job job = {0};
    struct ms_dataset *datasets = NULL;
    const char *description;
    void *state = NULL;
    enum ms_code code;

    code = ms_job_read(path, &job, err);
    if (code == MS_OK)
        code = ms_job_data(&job, NULL, &datasets, err);
    if (code == MS_OK)
        code = peer->open(&datasets[0].train, ms_grid_max_n_h(&job.grid), &state, &description, err);
    if (code == MS_OK) {
        (void)printf("%s, %s\n", peer->name, description);
        (void)fflush(stdout);
        code = serve(peer, state, &job, datasets[0].train.n_x, err);
    }
    peer->close(state);
    ms_datasets_free(datasets, job.grid.n_datasets);
    ms_job_free(&job);
    return code;
}

int peer_main(const struct peer *peer, int argc, char **argv)
{
    struct ms_error err;
    enum ms_code code = argc == 2 ? run(peer, argv[1], &err)
                                  : ms_fail(&err, MS_BAD_USAGE, "expected one argument, a job file");

    if (code != MS_OK)
        (void)fprintf(stderr, "%s: %s\n", peer->name, err.text);
    return ms_exit_status(code);
}
