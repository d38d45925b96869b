/* moonsweep as a peer: its public training functions, on one thread. The kernel is chosen as in a sweep: the kernels are
 * measured for each network before it is trained first, which belongs to the turn that does not count.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "moonsweep/clock.h"
#include "moonsweep/kernels.h"
#include "moonsweep/train.h"
#include "peer.h"

/* The time for measuring the kernels of a network. */
static const double measure_s = 0.05;

struct state {
    struct ms_kernels kernels; /* measured for the network that was trained last */
    struct ms_samples samples;
    char names[MS_KERNELS_TEXT]; /* of all kernels to choose from */
};

static void list_names(struct state *state)
{
    const struct ms_kernels *kernels = &state->kernels;
    size_t used = 0;

    for (int32_t k = 0; k < kernels->n_kernels && used < sizeof state->names; k++)
        used += (size_t)snprintf(state->names + used, sizeof state->names - used, "%s%s", k > 0 ? " or " : "",
                                 kernels->kernel[k]->isa);
}

static enum ms_code open_state(const struct ms_data *data, int32_t n_h, void **state,
                               const char **description, struct ms_error *err)
{
    struct state *made = calloc(1, sizeof *made);
    enum ms_code code;

    (void)n_h;
    if (made == NULL)
        return ms_fail(err, MS_NO_MEMORY, "no memory");
    code = ms_kernels_open(MS_FLOAT64, NULL, &made->kernels, err);
    if (code == MS_OK)
        code = ms_samples_make(&made->samples, data, MS_FLOAT64, NULL, err);
    if (code != MS_OK) {
        free(made);
        return code;
    }
    list_names(made);
    *description = made->names;
    *state = made;
    return MS_OK;
}

/* Measures the kernels for networks of this size, unless they were measured for it last. */
static enum ms_code choose(struct state *state, const struct ms_network *network, struct ms_error *err)
{
    const struct ms_kernel_size size = {.activation = network->activation, .n_h = network->n_h};
    const struct ms_kernel_size *last = &state->kernels.points[0].size;
    const struct ms_kernels_spec spec = {
        .clock = ms_clock_thread_s, .seconds = measure_s, .samples = &state->samples};

    if (state->kernels.n_points > 0 && last->activation == size.activation && last->n_h == size.n_h)
        return MS_OK;
    return ms_kernels_measure(&state->kernels, &spec, &size, 1, err);
}

static enum ms_code train(void *state, struct ms_network *network, double learning_rate, int64_t iterations,
                          double *costs, struct ms_error *err)
{
    struct state *s = state;
    struct ms_train_spec spec = {
        .samples = &s->samples, .learning_rate = learning_rate, .computes_recurring = true};
    struct ms_train *training;
    enum ms_train_state reached;
    enum ms_code code = choose(s, network, err);

    spec.kernel = ms_kernels_for(&s->kernels, network->activation, network->n_h);
    if (code == MS_OK)
        code = ms_train_open(&spec, network, 0, &training, err);
    if (code != MS_OK)
        return code;
    reached = ms_train_run(training, iterations, costs);
    ms_train_close(training);
    return reached == MS_TRAIN_REACHED ? MS_OK : ms_fail(err, MS_BAD_INPUT, "training diverged");
}

static void close_state(void *state)
{
    struct state *s = state;

    if (s != NULL)
        ms_samples_free(&s->samples);
    free(s);
}

int main(int argc, char **argv)
{
    static const struct peer moonsweep = {"moonsweep", open_state, train, close_state};

    return peer_main(&moonsweep, argc, argv);
}
