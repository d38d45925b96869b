/* Multiplies log2(e), and for tanh the factors that turn it into a sigmoid, into the parameters, so that
 * kernels compute powers of 2 without further products. The range follows from bounds on the arguments, which
 * need only the largest value of each feature: they take no pass over the samples. */
#include "pass.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "range.h"
#include "reals.h"

/* A kernel computes at most two chunks of samples at once. */
enum { BLOCK_CHUNKS = 2 };

/* The number of parameters for which a kernel computes a block between two looks: a few milliseconds of work at most. */
enum { PART_PARAMETERS = 1 << 14 };

/* Returns the number of units with so many parameters, a multiple of the number that a kernel computes at once. */
static int32_t part_of(int32_t n_x)
{
    const int32_t units = PART_PARAMETERS / (n_x + 2) / 4 * 4;

    return units > 4 ? units : 4;
}

static const double log2_e = 0x1.71547652b82fep+0;

/* The bounds are sums of rounded numbers; this allows for more than their rounding errors. */
static const double margin = 0.999;

static const struct {
    double wide, narrow;
} limits[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = {WIDE_LIMIT_F64, NARROW_LIMIT_F64},
    [MS_FLOAT32] = {WIDE_LIMIT_F32, NARROW_LIMIT_F32},
};

int32_t ms_precision_lanes(enum ms_precision precision)
{
    return precision == MS_FLOAT64 ? 8 : 16;
}

/* The number of hidden values that a kernel keeps for each block of samples. */
static int64_t activations_of(const struct ms_samples *samples, int64_t n_h)
{
    return n_h * BLOCK_CHUNKS * samples->chunk;
}

enum ms_code ms_pass_alloc(struct ms_pass *pass, const struct ms_samples *samples,
                           const struct ms_network *shape, struct ms_error *err)
{
    const int64_t n_h = shape->n_h;
    struct ms_pass made = {
        .samples = samples,
        .activation = shape->activation,
        .n_h = shape->n_h,
        .part = part_of(samples->n_x),
        .W1 = ms_reals_alloc(samples->precision, n_h * samples->n_x),
        .b1 = ms_reals_alloc(samples->precision, n_h),
        .W2 = ms_reals_alloc(samples->precision, n_h),
        .activations = ms_reals_alloc(samples->precision, activations_of(samples, n_h)),
    };

    if (!made.W1 || !made.b1 || !made.W2 || !made.activations) {
        ms_pass_free(&made);
        return ms_fail_memory(err, NULL, "to train %d hidden %s", shape->n_h,
                              ms_plural(shape->n_h, "unit", "units"));
    }
    *pass = made;
    return MS_OK;
}

int64_t ms_pass_bytes(const struct ms_samples *samples, int32_t n_h)
{
    const int64_t parameters = n_h * ((int64_t)samples->n_x + 2);

    return (int64_t)ms_reals_bytes(samples->precision, parameters + activations_of(samples, n_h));
}

void ms_pass_free(struct ms_pass *pass)
{
    free(pass->W1);
    free(pass->b1);
    free(pass->W2);
    free(pass->activations);
    *pass = (struct ms_pass){.samples = NULL};
}

/* to[n] = from[n] * scale in the pass's precision. */
static void scale_reals(enum ms_precision precision, void *to, const double *from, int64_t n, double scale)
{
    if (precision == MS_FLOAT64)
        for (int64_t i = 0; i < n; i++)
            ((double *)to)[i] = from[i] * scale;
    else
        for (int64_t i = 0; i < n; i++)
            ((float *)to)[i] = (float)(from[i] * scale);
}

/* Computes bounds on |W1_j . x + b1_j| and on |W2 . A1 + b2| over all samples. The output of a hidden unit is at most
 * 1, or for relu at most its argument. */
static void bound_arguments(const struct ms_network *network, const double *x_max, double *hidden,
                            double *output)
{
    double all = 0, out = fabs(network->b2);

    for (int32_t j = 0; j < network->n_h; j++) {
        double unit = fabs(network->b1[j]);

        for (int32_t i = 0; i < network->n_x; i++)
            unit += fabs(network->W1[(int64_t)j * network->n_x + i]) * x_max[i];
        out += fabs(network->W2[j]) * (network->activation == MS_RELU ? unit : 1);
        all = all > unit ? all : unit;
    }
    *hidden = all;
    *output = out;
}

static enum ms_range range_of(const struct ms_network *network, const struct ms_samples *samples)
{
    const double wide = limits[samples->precision].wide * margin, narrow = limits[samples->precision].narrow;
    double hidden, output;

    bound_arguments(network, samples->x_max, &hidden, &output);
    if (network->activation == MS_RELU)
        hidden = 0;
    else
        hidden *= network->activation == MS_TANH ? 2 * log2_e : log2_e;
    output *= log2_e;
    if (hidden < wide && output < narrow * margin)
        return MS_RANGE_NARROW;
    return hidden < wide && output < wide ? MS_RANGE_WIDE : MS_RANGE_ANY;
}

/* sigmoid(z) = 1 / (1 + 2^(-z log2 e)); tanh(z) = 1 - 2 s with s = 1 / (1 + 2^(2 z log2 e)): the 1 is folded into z0
 * and the -2 into W2. */
void ms_pass_fold(struct ms_pass *pass, const struct ms_network *network)
{
    const enum ms_precision precision = pass->samples->precision;
    const int64_t n_h = network->n_h;
    const double hidden = network->activation == MS_RELU   ? 1
                          : network->activation == MS_TANH ? 2 * log2_e
                                                           : -log2_e;
    const double output = network->activation == MS_TANH ? 2 * log2_e : -log2_e;
    double z0 = network->b2;

    scale_reals(precision, pass->W1, network->W1, n_h * network->n_x, hidden);
    scale_reals(precision, pass->b1, network->b1, n_h, hidden);
    scale_reals(precision, pass->W2, network->W2, n_h, output);
    if (network->activation == MS_TANH)
        for (int64_t j = 0; j < n_h; j++)
            z0 += network->W2[j];
    pass->z0 = ms_precision_round(precision, z0 * -log2_e);
    pass->range = range_of(network, pass->samples);
}
