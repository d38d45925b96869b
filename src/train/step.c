/* Applies to the totals what the kernels leave out of their sums (nest.c): the learning rate, 1/m, W2 and the
 * scale of tanh. Everything is computed in float64, and each parameter and the cost are rounded once to the
 * precision of the samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "step.h"

#include "moonsweep/maths.h"

static const double log_2 = 0x1.62e42fefa39efp-1;
static const double sqrt_2 = 0x1.6a09e667f3bcdp+0;

/* Returns the totals of the output, which follow those of the hidden units. */
static const double *output_totals(const struct ms_pass *pass, const double *totals)
{
    return totals + ms_pass_unit_sums(pass);
}

/* Returns -sum(log P) = (excess - exponent) log 2 - log(mantissa) for the sums of one label, or of all. Near a cost of
 * 0 the two terms would cancel, so the mantissa is moved to between sqrt(1/2) and sqrt(2) first. */
static double surprise(const double *sums)
{
    double mantissa = sums[MS_SUM_MANTISSA], exponent = sums[MS_SUM_EXPONENT];
    int halvings = 0;

    for (; mantissa > sqrt_2; mantissa /= 2)
        halvings++;
    exponent += halvings;
    return (sums[MS_SUM_EXCESS] - exponent) * log_2 - ms_log(mantissa);
}

double ms_step_cost(const struct ms_pass *pass, const double *totals)
{
    const struct ms_samples *samples = pass->samples;
    const double *output = output_totals(pass, totals);
    double sum = surprise(output);

    if (samples->weighted)
        sum = samples->weight[0] * sum + samples->weight[1] * surprise(output + MS_SUM_LABEL_1);
    return ms_canonical(ms_precision_round(samples->precision, sum / (double)samples->m));
}

/* Returns the sum of dZ2 A1 over the samples for one unit, from its totals t. For tanh, A1 = 1 - 2 s; for relu, A1 is
 * the argument itself where it is positive. */
static double sum_for_W2(const struct ms_network *network, int32_t j, const double *t, double sum_dz)
{
    const double *W1 = network->W1 + (int64_t)j * network->n_x;
    double sum;

    switch (network->activation) {
    case MS_TANH:
        return sum_dz - 2 * t[network->n_x + 1];
    case MS_SIGMOID:
        return t[network->n_x + 1];
    default:
        sum = network->b1[j] * t[network->n_x];
        for (int32_t i = 0; i < network->n_x; i++)
            sum += W1[i] * t[i];
        return sum;
    }
}

/* Computes the parameters of one unit of next. Returns 0 if all are finite, otherwise NaN: x - x is 0 only for a
 * finite x. */
static inline double update_unit(enum ms_precision precision, const struct ms_network *network, int32_t j,
                                 const double *totals, double rate, double sum_dz, struct ms_network *next)
{
    const double slope = network->activation == MS_TANH ? 4 : 1; /* tanh' = 4 s (1 - s) */
    const double factor = rate * (slope * network->W2[j]);
    const int32_t n_x = network->n_x;
    const double *W1 = network->W1 + (int64_t)j * n_x;
    double *next_W1 = next->W1 + (int64_t)j * n_x, probe = 0;

    for (int32_t i = 0; i < n_x; i++) {
        next_W1[i] = ms_precision_round(precision, W1[i] - factor * totals[i]);
        probe += next_W1[i] - next_W1[i];
    }
    next->b1[j] = ms_precision_round(precision, network->b1[j] - factor * totals[n_x]);
    next->W2[j] = ms_precision_round(precision,
                                     network->W2[j] - rate * sum_for_W2(network, j, totals, sum_dz));
    return probe + ((next->b1[j] - next->b1[j]) + (next->W2[j] - next->W2[j]));
}

bool ms_step_update(const struct ms_pass *pass, const struct ms_network *network, const double *totals,
                    double learning_rate, struct ms_network *next)
{
    const struct ms_samples *samples = pass->samples;
    const double rate = learning_rate / (double)samples->m;
    const double sum_dz = output_totals(pass, totals)[MS_SUM_DZ];
    double probe;

    next->b2 = ms_precision_round(samples->precision, network->b2 - rate * sum_dz);
    probe = next->b2 - next->b2;
    for (int32_t j = 0; j < network->n_h && !ms_pass_is_left(pass);)
        for (const int32_t end = ms_pass_part_end(pass, j); j < end; j++, totals += network->n_x + 2)
            probe += update_unit(samples->precision, network, j, totals, rate, sum_dz, next);
    return probe == 0;
}
