/* Computes an iteration sample by sample, and next to each value the bound of its error.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "textbook.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "demand.h"
#include "train/range.h"

/* How the bounds are derived. u is the unit roundoff (2^-53, 2^-24), eta the smallest positive real. An operation with
 * result r has an error of at most u |r| + eta. The error of a kernel's value is the rounding of its operations
 * plus the errors of the operands times the derivatives with respect to them. Terms of u^2 are neglected; to
 * compensate, every count below is larger than the actual number of operations.
 *
 *   t    argument of a unit: n_x fused operations and the folding of log2(e), of magnitude M = |b1| + sum |W1 x|
 *   a    its activation: 4 u in sigmoid (4 units in the last place) and tanh themselves, plus the error of t times the
 *        slope, which is at most 1/4 and 1
 *   g'   its slope: changes by at most 0.1 (sigmoid) and 0.8 (tanh) times a change of t; relu's jumps where t is 0
 *   z    the output's argument: n_h fused operations and the folding, magnitude |b2| + sum |W2| A, where A is 3 for
 *        tanh (its 1 and -2 are added separately), else the largest |a|
 *   dz   A2 - Y: 4 u in the sigmoid, u in the subtraction, 1/4 of the error of z
 *   cost -log P of a sample changes by at most the change of z; the error of P is 4 units in its last place, at most a
 *        relative 8 u, and the rounding of the product adds another u
 *   sums of n terms: u times the number of additions that a term passes through, times the sum of magnitudes */
struct rounding {
    long double u, eta, largest_wide; /* the largest argument that is not clamped */
    long double additions;            /* that a term passes through: in its lane, over segments, over lanes */
};

/* A number, the bound on the kernel's error, and the sum of the magnitudes of its terms. */
struct estimate {
    long double value, error, magnitude;
};

/* A unit, for one sample. */
struct unit {
    struct estimate t, a, slope;
};

static struct rounding rounding_of(const struct ms_samples *samples)
{
    const bool is_double = samples->precision == MS_FLOAT64;
    const int64_t chunks_in_segment = (samples->chunks + samples->segments - 1) / samples->segments;

    return (struct rounding){
        .u = is_double ? 0x1p-53L : 0x1p-24L,
        .eta = is_double ? DBL_TRUE_MIN : FLT_TRUE_MIN,
        .largest_wide = is_double ? WIDE_LIMIT_F64 : WIDE_LIMIT_F32,
        .additions = 8.0L * (long double)chunks_in_segment + 6 + 4 + 2,
    };
}

static long double sigmoid(long double t)
{
    return t >= 0 ? 1 / (1 + expl(-t)) : expl(t) / (1 + expl(t));
}

/* -log of the probability of label y, given the output's argument z: log(1 + exp(-+z)). */
static long double log_loss(long double z, bool y)
{
    const long double t = y ? -z : z;

    return t > 0 ? t + log1pl(expl(-t)) : log1pl(expl(t));
}

static long double activation(enum ms_activation g, long double t)
{
    if (g == MS_RELU)
        return t > 0 ? t : 0;
    return g == MS_TANH ? tanhl(t) : sigmoid(t);
}

static void activate(const struct rounding *r, enum ms_activation g, struct unit *unit)
{
    const long double t = unit->t.value, e = unit->t.error, a = activation(g, t);

    switch (g) {
    case MS_TANH:
        unit->a = (struct estimate){a, fminl(2, e + 4 * r->u), 3};
        unit->slope = (struct estimate){1 - a * a, fminl(1, 0.8L * e + 20 * r->u), 1};
        break;
    case MS_SIGMOID:
        unit->a = (struct estimate){a, fminl(1, e / 4 + 4 * r->u), 1};
        unit->slope = (struct estimate){a * (1 - a), fminl(0.25L, 0.1L * e + 8 * r->u), 0.25L};
        break;
    default:
        unit->a = (struct estimate){a, e, unit->t.magnitude};
        unit->slope = (struct estimate){t > 0, fabsl(t) <= e, 1};
    }
}

/* Returns the weight of a sample with label y. */
static long double weight_of(const struct ms_samples *samples, bool y)
{
    return samples->weighted ? samples->weight[y] : 1;
}

/* Computes the hidden layer for sample x, and returns the argument z of the output. */
static struct estimate forward(const struct rounding *r, const struct ms_network *network, const double *x,
                               struct unit *units)
{
    struct estimate z = {network->b2, 0, fabsl(network->b2)};

    for (int32_t j = 0; j < network->n_h; j++) {
        const long double W2 = network->W2[j];
        struct unit *unit = &units[j];
        long double x_sum = 1;

        unit->t = (struct estimate){network->b1[j], 0, fabsl(network->b1[j])};
        for (int32_t i = 0; i < network->n_x; i++) {
            const long double term = (long double)network->W1[(int64_t)j * network->n_x + i] * x[i];

            unit->t.value += term;
            unit->t.magnitude += fabsl(term);
            x_sum += fabs(x[i]);
        }
        unit->t.error = (network->n_x + 6) * (r->u * unit->t.magnitude + r->eta * x_sum);
        activate(r, network->activation, unit);
        z.value += W2 * unit->a.value;
        z.magnitude += fabsl(W2) * unit->a.magnitude;
        z.error += fabsl(W2) * unit->a.error + r->eta * (1 + unit->a.magnitude);
    }
    z.error += (2 * network->n_h + 8) * (r->u * z.magnitude + r->eta);
    return z;
}

/* Adds a term to a sum over the samples. */
static void add(struct estimate *sum, long double value, long double error, long double magnitude)
{
    sum->value += value;
    sum->error += error;
    sum->magnitude += magnitude;
}

/* Adds the gradients of one sample to those of the parameters, without the division by m. */
static void backward(const struct rounding *r, const struct ms_network *network, const double *x,
                     const struct unit *units, struct estimate dz, struct estimate *gradient)
{
    const int32_t n_x = network->n_x, n_h = network->n_h;
    struct estimate *dW1 = gradient, *db1 = dW1 + (int64_t)n_h * n_x, *dW2 = db1 + n_h, *db2 = dW2 + n_h;
    const long double abs_dz = fabsl(dz.value);

    add(db2, dz.value, dz.error, abs_dz);
    for (int32_t j = 0; j < n_h; j++, dW1 += n_x) {
        const struct estimate a = units[j].a, g = units[j].slope;
        const long double W2 = network->W2[j], abs_W2 = fabsl(W2);
        const long double d_error = dz.error * (fabsl(g.value) + g.error) +
                                    abs_dz * (g.error + 4 * r->u * fabsl(g.value)) + r->eta;

        for (int32_t i = 0; i < n_x; i++)
            add(&dW1[i], dz.value * W2 * g.value * x[i], abs_W2 * (fabs(x[i]) * d_error + r->eta),
                abs_W2 * fabs(x[i]) * abs_dz * g.value);
        add(&db1[j], dz.value * W2 * g.value, abs_W2 * d_error, abs_W2 * abs_dz * g.value);
        add(&dW2[j], dz.value * a.value,
            dz.error * (a.magnitude + a.error) + abs_dz * (a.error + 4 * r->u * a.magnitude) + r->eta,
            abs_dz * a.magnitude);
    }
}

/* Returns the sum over the samples divided by m, with the bound after adding, scaling and rounding to the precision. */
static struct textbook_value mean(const struct rounding *r, const struct estimate *sum, int64_t m,
                                  int32_t n_x)
{
    const long double additions = r->additions + n_x + 8;

    return (struct textbook_value){
        sum->value / m,
        (sum->error + additions * r->u * (sum->magnitude + sum->error)) / m + 8 * r->eta,
    };
}

/* The cost of a sample. Beyond the largest argument that is not clamped, the kernel's cost is that of the limit. */
static struct estimate cost_of(const struct rounding *r, struct estimate z, bool y)
{
    const long double value = log_loss(z.value, y);

    return (struct estimate){value, z.error + 10 * r->u, value * 1.5L < r->largest_wide ? 0 : value};
}

void textbook_open(struct textbook *textbook, const struct kernel_inputs *inputs)
{
    const struct rounding r = rounding_of(&inputs->samples);
    const struct ms_network *network = &inputs->network;
    const struct ms_data *data = &inputs->data;
    const int64_t size = ms_network_size(network);
    struct unit *units = demand_memory(NULL, (size_t)network->n_h * sizeof *units);
    struct estimate *sums = demand_memory(NULL, (size_t)size * sizeof *sums), cost = {0, 0, 0};

    *textbook = (struct textbook){.gradient = demand_memory(NULL, (size_t)size * sizeof *textbook->gradient)};
    for (int64_t i = 0; i < size; i++)
        sums[i] = (struct estimate){0, 0, 0};
    for (int64_t row = 0; row < data->rows; row++) {
        const double *x = data->X + row * data->n_x;
        const struct estimate z = forward(&r, network, x, units), one = cost_of(&r, z, data->y[row]);
        const long double dz = data->y[row] ? -sigmoid(-z.value) : sigmoid(z.value);
        const long double weight = weight_of(&inputs->samples, data->y[row]);

        add(&cost, weight * one.value, weight * (one.error + 4 * r.u * one.value), weight * one.magnitude);
        backward(&r, network, x, units,
                 (struct estimate){weight * dz, weight * fminl(1, z.error / 4 + 6 * r.u), weight}, sums);
        for (int32_t j = 0; j < network->n_h; j++)
            textbook->largest = fmaxl(textbook->largest, units[j].t.magnitude);
        textbook->largest = fmaxl(textbook->largest, z.magnitude);
    }
    textbook->cost = mean(&r, &cost, data->rows, network->n_x);
    textbook->cost.bound += 4 * r.u * textbook->cost.value;
    textbook->largest = fmaxl(textbook->largest, cost.value);
    for (int64_t i = 0; i < size; i++) {
        textbook->gradient[i] = mean(&r, &sums[i], data->rows, network->n_x);
        textbook->largest = fmaxl(textbook->largest, sums[i].magnitude);
    }
    free(units);
    free(sums);
}

void textbook_close(struct textbook *textbook)
{
    free(textbook->gradient);
    *textbook = (struct textbook){.gradient = NULL};
}

long double textbook_cost(const struct ms_network *network, const struct ms_data *data,
                          const struct ms_samples *samples)
{
    long double sum = 0;

    for (int64_t row = 0; row < data->rows; row++) {
        long double z = network->b2;

        for (int32_t j = 0; j < network->n_h; j++) {
            long double t = network->b1[j];

            for (int32_t i = 0; i < network->n_x; i++)
                t += (long double)network->W1[(int64_t)j * network->n_x + i] * data->X[row * data->n_x + i];
            z += network->W2[j] * activation(network->activation, t);
        }
        sum += weight_of(samples, data->y[row]) * log_loss(z, data->y[row]);
    }
    return sum / data->rows;
}
