/* The 2-layer network: n_x inputs, n_h hidden units with activation g, one sigmoid output.
 *
 *     A1 = g(W1 X + b1)    A2 = sigmoid(W2 A1 + b2)    prediction 1 where A2 > 0.5
 *
 * Parameters are stored in float64; in a float32 sweep each of them is a float32 value (ms_precision_round).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_NETWORK_H
#define MOONSWEEP_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ms_activation { MS_TANH, MS_SIGMOID, MS_RELU, MS_ACTIVATION_COUNT };
enum ms_precision { MS_FLOAT64, MS_FLOAT32, MS_PRECISION_COUNT };

/* "tanh", "sigmoid", "relu"; "float64", "float32". */
const char *ms_activation_name(enum ms_activation activation);
const char *ms_precision_name(enum ms_precision precision);

/* Finds the value whose name is exactly text; returns false and sets nothing if there is none. */
bool ms_activation_find(const char *text, enum ms_activation *activation);
bool ms_precision_find(const char *text, enum ms_precision *precision);

/* Rounds x to precision. */
static inline double ms_precision_round(enum ms_precision precision, double x)
{
    return precision == MS_FLOAT32 ? (double)(float)x : x;
}

struct ms_network {
    int32_t n_x, n_h;
    enum ms_activation activation;
    double *W1; /* [n_h][n_x] in one block with b1 and W2, owned unless ms_network_use has made the network */
    double *b1; /* [n_h] */
    double *W2; /* [n_h] */
    double b2;
};

/* The number of parameters: n_h * (n_x + 2) + 1. */
int64_t ms_network_size(const struct ms_network *network);

/* Allocates parameters of this shape, all zero; the caller frees them. Errors: MS_NO_MEMORY. */
enum ms_code ms_network_alloc(struct ms_network *network, int32_t n_x, int32_t n_h,
                              enum ms_activation activation, struct ms_error *err);
void ms_network_free(struct ms_network *network);

/* Makes a network of this shape whose parameters are in borrowed memory, [ms_network_size - 1], apart from b2; they are
 * undefined. It must not be freed. */
void ms_network_use(struct ms_network *network, int32_t n_x, int32_t n_h, enum ms_activation activation,
                    double *memory);

/* Sets the initial parameters as the article does: with a newly seeded generator, W1 = randn(n_h, n_x) * init_scale,
 * then W2 = randn(1, n_h) * init_scale; the biases are 0. All are rounded to precision. */
void ms_network_init(struct ms_network *network, uint32_t seed, double init_scale,
                     enum ms_precision precision);

/* The same for networks that may be wide: looks at stop (may be NULL) every MS_STOP_REQUEST_INTERVAL parameters. Errors:
 * MS_WORK_LEFT if it asked for an early end; the parameters are then meaningless. */
enum ms_code ms_network_init_stoppable(struct ms_network *network, uint32_t seed, double init_scale,
                                       enum ms_precision precision, const struct ms_stop_request *stop,
                                       struct ms_error *err);

/* The largest init_scale with which ms_network_init makes finite parameters for every seed: 1.4e307 in float64, 2.8e37
 * in float32. */
double ms_network_largest_scale(enum ms_precision precision);

/* Copies the parameters of `from` to `to`, which has the same shape. */
void ms_network_copy(struct ms_network *to, const struct ms_network *from);

/* Returns whether all parameters of two networks of the same shape have the same bits: 0 and -0 differ. */
bool ms_network_has_same_bits(const struct ms_network *a, const struct ms_network *b);

/* The possible outcomes of a prediction, in the order in which the result file stores them. */
enum ms_outcome {
    MS_TRUE_NEGATIVE,
    MS_FALSE_POSITIVE,
    MS_FALSE_NEGATIVE,
    MS_TRUE_POSITIVE,
    MS_OUTCOME_COUNT
};

/* The results of a network on a set of samples. */
struct ms_evaluation {
    double accuracy; /* percent of the samples that are predicted correctly, not rounded */
    double cost;     /* cross-entropy averaged over the samples */
    int32_t outcomes[MS_OUTCOME_COUNT];
    /* The samples whose probability is NaN, because the network overflows: they have no prediction and no outcome. With
     * the outcomes, the sum is the number of samples. */
    int32_t unpredicted;
};

#ifdef __cplusplus
}
#endif

#endif
