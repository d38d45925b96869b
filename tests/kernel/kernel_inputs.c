/* Draws the samples and parameters of a case, and sets the special values that the case is about.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "kernel_inputs.h"

#include <math.h>
#include <string.h>

#include "demand.h"
#include "moonsweep/rng.h"
#include "train/pass.h"
#include "train/range.h"

static double uniform(struct ms_rng *rng, double low, double high)
{
    return low + (high - low) * ms_rng_double(rng);
}

/* ---- the arguments of CASE_ARGUMENTS ----------------------------------------------------------------- */

static double limit_of(const struct kernel_case *one)
{
    const bool is_double = one->precision == MS_FLOAT64;

    if (one->range == MS_RANGE_NARROW && one->activation == MS_RELU) /* relu passes them to the output */
        return is_double ? NARROW_LIMIT_F64 : NARROW_LIMIT_F32;
    return is_double ? WIDE_LIMIT_F64 : WIDE_LIMIT_F32;
}

/* Returns the next number of the precision above x (by > 0) or below it (by < 0), or x rounded to it (by == 0). */
static double neighbour(enum ms_precision precision, double x, int by)
{
    if (by == 0)
        return ms_precision_round(precision, x);
    if (precision == MS_FLOAT64)
        return nextafter(x, by > 0 ? INFINITY : -INFINITY);
    return (double)nextafterf((float)x, by > 0 ? INFINITY : -INFINITY);
}

/* Returns a number with random bits. */
static double random_bits(enum ms_precision precision, struct ms_rng *rng)
{
    const uint64_t high = ms_rng_u32(rng), bits = high << 32 | ms_rng_u32(rng);
    const uint32_t half = (uint32_t)high;
    double x;
    float y;

    memcpy(&x, &bits, sizeof x);
    memcpy(&y, &half, sizeof y);
    return precision == MS_FLOAT64 ? x : (double)y;
}

/* Returns a tie of the reduction or a neighbour of one. Arguments are reduced to multiples of 1/8 (1/16 in float32), so
 * ties are the odd multiples of half of that. Every 11th half is used, so that the rows cycle through the whole range
 * and each cycle has other ties. */
static double tie(const struct kernel_case *one, int64_t row)
{
    const double half = one->precision == MS_FLOAT64 ? 0x1p-4 : 0x1p-5, limit = limit_of(one);
    const int64_t halves = row / 3 * 11;
    const double x = fmod((double)halves * half, 2 * limit) - limit;

    return fmin(fmax(neighbour(one->precision, x, (int)(row % 3) - 1), -limit), limit);
}

/* Returns a number near a subnormal or a small power of two. */
static double tiny(const struct kernel_case *one, struct ms_rng *rng)
{
    const int power = (int)(ms_rng_u32(rng) % (one->precision == MS_FLOAT64 ? 1075 : 150));

    return ldexp(uniform(rng, -1, 1), -power);
}

static double argument(const struct kernel_case *one, struct ms_rng *rng, int64_t row)
{
    switch (one->arguments) {
    case CASE_TIES:
        return tie(one, row);
    case CASE_DENSE:
        return uniform(rng, -1, 1) * (one->range == MS_RANGE_ANY ? 2 : 1) * limit_of(one);
    case CASE_TINY:
        return tiny(one, rng);
    default:
        return random_bits(one->precision, rng);
    }
}

/* ---- samples and networks ---------------------------------------------------------------------------- */

static void make_data(const struct kernel_case *one, struct ms_rng *rng, struct ms_data *data)
{
    struct ms_error err;
    const int64_t special = ms_rng_u32(rng) % one->m;

    demand(ms_data_alloc(data, one->m, one->n_x, &err) == MS_OK, "%s", err.text);
    for (int64_t row = 0; row < one->m; row++) {
        double *x = data->X + row * one->n_x;

        for (int32_t i = 0; i < one->n_x; i++) {
            x[i] = uniform(rng, -1.5, 1.5);
            if (one->special == CASE_ARGUMENTS)
                x[i] = argument(one, rng, row);
            else if (one->special == CASE_ALL_FEATURES)
                x[i] = copysign(1, x[i]) * one->value;
            x[i] = ms_precision_round(one->precision, x[i]);
        }
        if (one->special == CASE_ONE_FEATURE && row == special)
            x[0] = one->value;
        /* noisy labels, which can only partly be learnt */
        data->y[row] = x[0] * x[0] + uniform(rng, -1, 1) > x[one->n_x - 1];
    }
}

static void make_network(const struct kernel_case *one, struct ms_rng *rng, struct ms_network *network)
{
    struct ms_error err;
    const int64_t sizes[CASE_ARRAY_COUNT] = {(int64_t)one->n_h * one->n_x, one->n_h, one->n_h, 1};

    demand(ms_network_alloc(network, one->n_x, one->n_h, one->activation, &err) == MS_OK, "%s", err.text);
    ms_network_init(network, ms_rng_u32(rng), one->init_scale, one->precision);
    for (int32_t j = 0; j < one->n_h; j++)
        network->b1[j] = ms_precision_round(one->precision, uniform(rng, -1, 1) * one->init_scale);
    network->b2 = ms_precision_round(one->precision, uniform(rng, -1, 1) * one->init_scale);
    if (one->special == CASE_ONE_PARAMETER) {
        double *const arrays[CASE_ARRAY_COUNT] = {network->W1, network->b1, network->W2, &network->b2};

        arrays[one->where][ms_rng_u32(rng) % sizes[one->where]] = one->value;
    }
}

static void set_real(enum ms_precision precision, void *array, int i, double x)
{
    if (precision == MS_FLOAT64)
        ((double *)array)[i] = x;
    else
        ((float *)array)[i] = (float)x;
}

/* Sets two units whose arguments are x and -x. The output's argument is their difference, which for relu is x. */
static void set_arguments(struct kernel_inputs *inputs)
{
    const enum ms_precision precision = inputs->one->precision;

    for (int unit = 0; unit < 2; unit++) {
        set_real(precision, inputs->pass.W1, unit, unit ? -1 : 1);
        set_real(precision, inputs->pass.b1, unit, 0);
        set_real(precision, inputs->pass.W2, unit, unit ? -1 : 1);
    }
    inputs->pass.z0 = 0;
    inputs->pass.range = inputs->one->range;
}

void kernel_inputs_make(const struct kernel_case *one, uint32_t seed, struct kernel_inputs *inputs)
{
    struct ms_rng rng;
    struct ms_error err;

    *inputs = (struct kernel_inputs){.one = one};
    ms_rng_seed(&rng, seed * 1000003u + (uint32_t)one->number);
    make_data(one, &rng, &inputs->data);
    make_network(one, &rng, &inputs->network);
    demand(ms_samples_make(&inputs->samples, &inputs->data, one->precision, NULL, &err) == MS_OK, "%s",
           err.text);
    if (one->weight[0] > 0)
        demand(ms_samples_weigh(&inputs->samples, one->weight, &err) == MS_OK, "%s", err.text);
    demand(ms_pass_alloc(&inputs->pass, &inputs->samples, &inputs->network, &err) == MS_OK, "%s", err.text);
    /* Readers reject data that are not finite, so ms_samples_make need not notice a NaN among them. */
    if (isnan(one->value))
        inputs->samples.x_max[0] = INFINITY;
    ms_pass_fold(&inputs->pass, &inputs->network);
    if (one->special == CASE_ARGUMENTS)
        set_arguments(inputs);
}

void kernel_inputs_free(struct kernel_inputs *inputs)
{
    ms_pass_free(&inputs->pass);
    ms_network_free(&inputs->network);
    ms_samples_free(&inputs->samples);
    ms_data_free(&inputs->data);
}
