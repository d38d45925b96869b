/* Multiplies log2(e), and for tanh the factors that turn it into a sigmoid, into the parameters, so that
 * kernels compute powers of 2 without further products. The range follows from bounds on the arguments, which
 * need only the largest value of each feature: they take no pass over the samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
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

/* A first stride should take less: it is the same on the slowest processor, and is adapted afterwards. */
enum { STRIDES_PER_PART = 4 };

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
    double finite; /* a hidden argument below this cannot overflow */
} limits[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = {WIDE_LIMIT_F64, NARROW_LIMIT_F64, 0x1p1022},
    [MS_FLOAT32] = {WIDE_LIMIT_F32, NARROW_LIMIT_F32, 0x1p126},
};

/* In the output's bound, the output of relu counts as at least this: so a W2 that overflows when it is folded exceeds all
 * limits, even if its unit is 0. */
static const double least_relu = 0x1p-100;

int32_t ms_precision_lanes(enum ms_precision precision)
{
    return precision == MS_FLOAT64 ? 8 : 16;
}

void ms_pass_place(struct ms_pass *pass, struct ms_arena *arena, const struct ms_samples *samples,
                   const struct ms_network *shape, bool is_forward)
{
    const enum ms_precision precision = samples->precision;
    const int64_t n_h = shape->n_h, n_x = samples->n_x;

    *pass = (struct ms_pass){.samples = samples,
                             .activation = shape->activation,
                             .n_h = shape->n_h,
                             .is_forward = is_forward,
                             .part = part_of(samples->n_x)};
    pass->W1 = ms_arena_take(arena, ms_reals_bytes(precision, n_h * n_x));
    pass->b1 = ms_arena_take(arena, ms_reals_bytes(precision, n_h));
    pass->W2 = ms_arena_take(arena, ms_reals_bytes(precision, n_h));
    if (!is_forward)
        pass->activations = ms_arena_take(arena,
                                          ms_reals_bytes(precision, n_h * BLOCK_CHUNKS * samples->chunk));
}

enum ms_code ms_pass_alloc(struct ms_pass *pass, const struct ms_samples *samples,
                           const struct ms_network *shape, struct ms_error *err)
{
    struct ms_arena arena = {.memory = NULL};

    ms_pass_place(pass, &arena, samples, shape, false);
    arena = (struct ms_arena){.memory = ms_reals_alloc_bytes(arena.used)};
    if (arena.memory == NULL)
        return ms_fail_memory(err, NULL, "to train %d hidden %s", shape->n_h,
                              ms_plural(shape->n_h, "unit", "units"));
    ms_pass_place(pass, &arena, samples, shape, false);
    return MS_OK;
}

void ms_pass_free(struct ms_pass *pass)
{
    free(pass->W1); /* the first part of the block */
    *pass = (struct ms_pass){.samples = NULL};
}

/* to[first .. end-1] = from[first .. end-1] * scale in the pass's precision. */
static void scale_reals(enum ms_precision precision, void *to, const double *from, int64_t first, int64_t end,
                        double scale)
{
    if (precision == MS_FLOAT64)
        for (int64_t i = first; i < end; i++)
            ((double *)to)[i] = from[i] * scale;
    else
        for (int64_t i = first; i < end; i++)
            ((float *)to)[i] = (float)(from[i] * scale);
}

/* What is added up over the hidden units. */
struct folded {
    double hidden, output; /* bounds on |W1_j . x + b1_j| and on |W2 . A1 + b2| over all samples */
    double z0;             /* the output's argument without hidden units, not scaled yet */
};

/* A bound on the output of a hidden unit whose argument has the bound `unit`; NaN if that is NaN. */
static double most_output(enum ms_activation activation, double unit)
{
    if (activation != MS_RELU)
        return 1;
    return unit < least_relu ? least_relu : unit;
}

/* Adds units first .. end-1. */
static void bound_arguments(const struct ms_network *network, const double *x_max, int32_t first, int32_t end,
                            struct folded *folded)
{
    for (int32_t j = first; j < end; j++) {
        double unit = fabs(network->b1[j]);

        for (int32_t i = 0; i < network->n_x; i++)
            unit += fabs(network->W1[(int64_t)j * network->n_x + i]) * x_max[i];
        folded->output += fabs(network->W2[j]) * most_output(network->activation, unit);
        folded->hidden = folded->hidden > unit ? folded->hidden : unit;
    }
}

static enum ms_range range_of(const struct ms_network *network, enum ms_precision precision,
                              const struct folded *folded)
{
    const double wide = limits[precision].wide * margin, narrow = limits[precision].narrow;
    double hidden = folded->hidden, output = folded->output;

    if (network->activation == MS_RELU)
        hidden = hidden < limits[precision].finite ? 0 : (double)INFINITY;
    else
        hidden *= network->activation == MS_TANH ? 2 * log2_e : log2_e;
    output *= log2_e;
    if (hidden < wide && output < narrow * margin)
        return MS_RANGE_NARROW;
    return hidden < wide && output < wide ? MS_RANGE_WIDE : MS_RANGE_ANY;
}

/* Folds units first .. end-1.
 *
 * sigmoid(z) = 1 / (1 + 2^(-z log2 e)); tanh(z) = 1 - 2 s with s = 1 / (1 + 2^(2 z log2 e)): the 1 is folded into z0
 * and the -2 into W2. */
static void fold_units(struct ms_pass *pass, const struct ms_network *network, int32_t first, int32_t end,
                       struct folded *folded)
{
    const enum ms_precision precision = pass->samples->precision;
    const int64_t n_x = network->n_x;
    const double hidden = network->activation == MS_RELU   ? 1
                          : network->activation == MS_TANH ? 2 * log2_e
                                                           : -log2_e;
    const double output = network->activation == MS_TANH ? 2 * log2_e : -log2_e;

    scale_reals(precision, pass->W1, network->W1, first * n_x, end * n_x, hidden);
    scale_reals(precision, pass->b1, network->b1, first, end, hidden);
    scale_reals(precision, pass->W2, network->W2, first, end, output);
    if (network->activation == MS_TANH)
        for (int32_t j = first; j < end; j++)
            folded->z0 += network->W2[j];
    bound_arguments(network, pass->samples->x_max, first, end, folded);
}

void ms_pass_fold(struct ms_pass *pass, const struct ms_network *network)
{
    const enum ms_precision precision = pass->samples->precision;
    struct folded folded = {.output = fabs(network->b2), .z0 = network->b2};

    for (int32_t j = 0; j < network->n_h && !ms_pass_is_left(pass);) {
        const int32_t end = ms_pass_part_end(pass, j);

        fold_units(pass, network, j, end, &folded);
        j = end;
    }
    pass->z0 = ms_precision_round(precision, folded.z0 * -log2_e);
    pass->range = range_of(network, precision, &folded);
}

int64_t ms_pass_stride(const struct ms_pass *pass)
{
    const int64_t chunks = pass->part / STRIDES_PER_PART / pass->n_h;

    return chunks > 1 ? chunks : 1;
}
