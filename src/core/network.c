/* The names of activations and precisions, and the parameters of a network. W1, b1 and W2 share one block,
 * which is allocated, copied and compared as a whole; b2 is in the struct. Initial parameters are drawn in
 * float64 and then rounded, so that a seed means the same numbers in both precisions but for this
 * rounding.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/network.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/plural.h"
#include "moonsweep/rng.h"

static const char *const activation_names[MS_ACTIVATION_COUNT] = {
    [MS_TANH] = "tanh",
    [MS_SIGMOID] = "sigmoid",
    [MS_RELU] = "relu",
};

static const char *const precision_names[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = "float64",
    [MS_FLOAT32] = "float32",
};

/* Returns the position of text among count names; -1: it is none of them. */
static int find_name(const char *const *names, int count, const char *text)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return -1;
}

const char *ms_activation_name(enum ms_activation activation)
{
    return activation_names[activation];
}

const char *ms_precision_name(enum ms_precision precision)
{
    return precision_names[precision];
}

bool ms_activation_find(const char *text, enum ms_activation *activation)
{
    const int found = find_name(activation_names, MS_ACTIVATION_COUNT, text);

    if (found >= 0)
        *activation = (enum ms_activation)found;
    return found >= 0;
}

bool ms_precision_find(const char *text, enum ms_precision *precision)
{
    const int found = find_name(precision_names, MS_PRECISION_COUNT, text);

    if (found >= 0)
        *precision = (enum ms_precision)found;
    return found >= 0;
}

/* The size of the block that W1, b1 and W2 share, in this order. */
static int64_t block_size(const struct ms_network *network)
{
    return (int64_t)network->n_h * ((int64_t)network->n_x + 2);
}

int64_t ms_network_size(const struct ms_network *network)
{
    return block_size(network) + 1;
}

enum ms_code ms_network_alloc(struct ms_network *network, int32_t n_x, int32_t n_h,
                              enum ms_activation activation, struct ms_error *err)
{
    const struct ms_network shape = {.n_x = n_x, .n_h = n_h};
    double *block = calloc((size_t)block_size(&shape), sizeof *block);

    *network = (struct ms_network){0};
    if (block == NULL)
        return ms_fail_memory(err, NULL, "for a network of %" PRId32 " %s and %" PRId32 " hidden %s", n_x,
                              ms_plural(n_x, "input", "inputs"), n_h, ms_plural(n_h, "unit", "units"));
    ms_network_use(network, n_x, n_h, activation, block);
    return MS_OK;
}

void ms_network_use(struct ms_network *network, int32_t n_x, int32_t n_h, enum ms_activation activation,
                    double *memory)
{
    *network = (struct ms_network){.n_x = n_x,
                                   .n_h = n_h,
                                   .activation = activation,
                                   .W1 = memory,
                                   .b1 = memory + (int64_t)n_h * n_x,
                                   .W2 = memory + (int64_t)n_h * ((int64_t)n_x + 1)};
}

void ms_network_free(struct ms_network *network)
{
    free(network->W1);
    *network = (struct ms_network){0};
}

/* Draws n parameters. Returns false if stop asked for an early end. */
static bool draw(struct ms_rng *rng, double init_scale, enum ms_precision precision,
                 const struct ms_stop_request *stop, int64_t n, double *parameters)
{
    for (int64_t i = 0; i < n; i++) {
        if (i > 0 && ms_stop_request_at(stop, i))
            return false;
        parameters[i] = ms_precision_round(precision, ms_rng_gaussian(rng) * init_scale);
    }
    return true;
}

/* Returns false if stop asked for an early end. */
static bool init(struct ms_network *network, uint32_t seed, double init_scale, enum ms_precision precision,
                 const struct ms_stop_request *stop)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, seed);
    for (int32_t unit = 0; unit < network->n_h; unit++)
        network->b1[unit] = 0;
    network->b2 = 0;
    return draw(&rng, init_scale, precision, stop, (int64_t)network->n_h * network->n_x, network->W1) &&
           draw(&rng, init_scale, precision, stop, network->n_h, network->W2);
}

enum ms_code ms_network_init_stoppable(struct ms_network *network, uint32_t seed, double init_scale,
                                       enum ms_precision precision, const struct ms_stop_request *stop,
                                       struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const bool is_made = init(network, seed, init_scale, precision, stop);

    ms_float_environment_leave(&found);
    return is_made ? MS_OK : ms_stop_request_error(err, "drawing the initial parameters");
}

void ms_network_init(struct ms_network *network, uint32_t seed, double init_scale,
                     enum ms_precision precision)
{
    struct ms_error unused;

    (void)ms_network_init_stoppable(network, seed, init_scale, precision, NULL, &unused);
}

/* ms_rng_gaussian returns x * sqrt(-2 ln(s) / s) where s is at least x * x, so its magnitude is at most sqrt(-2
 * ln(s)). x and y are multiples of 2^-52 that are not both 0, so s is at least 2^-104, and no magnitude exceeds
 * sqrt(208 ln 2) = 12.00728. The limits are DBL_MAX and FLT_MAX divided by that, rounded down to two digits. */
double ms_network_largest_scale(enum ms_precision precision)
{
    return precision == MS_FLOAT32 ? 2.8e37 : 1.4e307;
}

void ms_network_copy(struct ms_network *to, const struct ms_network *from)
{
    memcpy(to->W1, from->W1, (size_t)block_size(from) * sizeof *from->W1);
    to->b2 = from->b2;
}

bool ms_network_has_same_bits(const struct ms_network *a, const struct ms_network *b)
{
    return memcmp(&a->b2, &b->b2, sizeof a->b2) == 0 &&
           memcmp(a->W1, b->W1, (size_t)block_size(a) * sizeof *a->W1) == 0;
}
