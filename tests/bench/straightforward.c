/* Forward pass, cost, backward pass and update as loops over arrays of all samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "straightforward.h"

#include <math.h>
#include <stdlib.h>

enum { FEATURES = 2 };

struct straightforward {
    int64_t m;        /* samples */
    double *x1, *x2;  /* [m] each: the features. All arrays below are in the same allocation */
    double *y;        /* [m] the labels, 0 and 1 */
    double *Z2, *dZ2; /* [m] */
    double *A1;       /* [n_h][m] */
};

const char *straightforward_description(void)
{
    return "compiler " __VERSION__ ", " STRAIGHTFORWARD_FLAGS;
}

enum ms_code straightforward_open(const struct ms_data *data, int32_t n_h, struct straightforward **training,
                                  struct ms_error *err)
{
    const int64_t m = data->rows;
    struct straightforward *made;
    double *memory;

    if (data->n_x != FEATURES)
        return ms_fail(err, MS_BAD_INPUT, "straightforward: the data has %ld features; it must have %d",
                       (long)data->n_x, FEATURES);
    made = malloc(sizeof *made);
    memory = malloc((size_t)m * (size_t)(n_h + 5) * sizeof *memory);
    if (made == NULL || memory == NULL) {
        free(made);
        free(memory);
        return ms_fail(err, MS_NO_MEMORY, "no memory for %ld hidden units", (long)n_h);
    }
    *made = (struct straightforward){.m = m,
                                     .x1 = memory,
                                     .x2 = memory + m,
                                     .y = memory + 2 * m,
                                     .Z2 = memory + 3 * m,
                                     .dZ2 = memory + 4 * m,
                                     .A1 = memory + 5 * m};
    for (int64_t i = 0; i < m; i++) {
        made->x1[i] = data->X[FEATURES * i];
        made->x2[i] = data->X[FEATURES * i + 1];
        made->y[i] = data->y[i];
    }
    *training = made;
    return MS_OK;
}

void straightforward_close(struct straightforward *training)
{
    if (training == NULL)
        return;
    free(training->x1);
    free(training);
}

/* Computes A = g(W x + b) of one hidden unit, and adds its part of Z2. */
static void forward_unit(const struct straightforward *t, const struct ms_network *network, int32_t j)
{
    const double w1 = network->W1[FEATURES * j], w2 = network->W1[FEATURES * j + 1], b = network->b1[j];
    const double W2 = network->W2[j];
    const double *restrict x1 = t->x1, *restrict x2 = t->x2;
    double *restrict A = t->A1 + j * t->m, *restrict Z2 = t->Z2;

    switch (network->activation) {
    case MS_TANH:
        for (int64_t i = 0; i < t->m; i++) {
            A[i] = tanh(w1 * x1[i] + w2 * x2[i] + b);
            Z2[i] += W2 * A[i];
        }
        break;
    case MS_SIGMOID:
        for (int64_t i = 0; i < t->m; i++) {
            A[i] = 1 / (1 + exp(-(w1 * x1[i] + w2 * x2[i] + b)));
            Z2[i] += W2 * A[i];
        }
        break;
    default:
        for (int64_t i = 0; i < t->m; i++) {
            A[i] = fmax(w1 * x1[i] + w2 * x2[i] + b, 0);
            Z2[i] += W2 * A[i];
        }
    }
}

/* Computes dZ2 and its sum, and returns the sum of the costs. */
static double output(const struct straightforward *t, double *sum)
{
    const double *restrict y = t->y, *restrict Z2 = t->Z2;
    double *restrict dZ2 = t->dZ2;
    double cost = 0, dZ2_sum = 0;

    for (int64_t i = 0; i < t->m; i++) {
        const double A2 = 1 / (1 + exp(-Z2[i]));

        cost -= log(y[i] > 0 ? A2 : 1 - A2);
        dZ2[i] = A2 - y[i];
        dZ2_sum += dZ2[i];
    }
    *sum = dZ2_sum;
    return cost;
}

/* Updates the parameters of one hidden unit. rate is the learning rate divided by m. */
static void backward_unit(const struct straightforward *t, struct ms_network *network, int32_t j, double rate)
{
    const double W2 = network->W2[j];
    const double *restrict x1 = t->x1, *restrict x2 = t->x2;
    const double *restrict A = t->A1 + j * t->m, *restrict dZ2 = t->dZ2;
    double dw1 = 0, dw2 = 0, db = 0, dW2 = 0;

    switch (network->activation) {
    case MS_TANH:
        for (int64_t i = 0; i < t->m; i++) {
            const double dZ1 = dZ2[i] * (1 - A[i] * A[i]);

            dW2 += dZ2[i] * A[i];
            dw1 += dZ1 * x1[i];
            dw2 += dZ1 * x2[i];
            db += dZ1;
        }
        break;
    case MS_SIGMOID:
        for (int64_t i = 0; i < t->m; i++) {
            const double dZ1 = dZ2[i] * (A[i] * (1 - A[i]));

            dW2 += dZ2[i] * A[i];
            dw1 += dZ1 * x1[i];
            dw2 += dZ1 * x2[i];
            db += dZ1;
        }
        break;
    default:
        for (int64_t i = 0; i < t->m; i++) {
            const double dZ1 = A[i] > 0 ? dZ2[i] : 0;

            dW2 += dZ2[i] * A[i];
            dw1 += dZ1 * x1[i];
            dw2 += dZ1 * x2[i];
            db += dZ1;
        }
    }
    network->W1[FEATURES * j] -= rate * W2 * dw1;
    network->W1[FEATURES * j + 1] -= rate * W2 * dw2;
    network->b1[j] -= rate * W2 * db;
    network->W2[j] -= rate * dW2;
}

void straightforward_train(struct straightforward *training, struct ms_network *network, double learning_rate,
                           int64_t iterations, double *costs)
{
    const int64_t m = training->m;
    double dZ2_sum;

    for (int64_t iteration = 0; iteration < iterations; iteration++) {
        for (int64_t i = 0; i < m; i++)
            training->Z2[i] = network->b2;
        for (int32_t j = 0; j < network->n_h; j++)
            forward_unit(training, network, j);
        costs[iteration] = output(training, &dZ2_sum) / (double)m;
        for (int32_t j = 0; j < network->n_h; j++)
            backward_unit(training, network, j, learning_rate / (double)m);
        network->b2 -= learning_rate / (double)m * dZ2_sum;
    }
}
