/* Compares cost, sums and gradients with the textbook's, within its bounds, and with slopes of its cost.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "bounded.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "array_names.h"
#include "demand.h"
#include "moonsweep/train.h"
#include "textbook.h"

/* Slopes are only computed up to this amount of work: units computed for one cost, times parameters. */
enum { SLOPES_WORK = 100000 };

/* Returns parameter i in the order W1, b1, W2, b2. The first three are contiguous. */
static double *parameter(struct ms_network *network, int64_t i)
{
    return i < ms_network_size(network) - 1 ? &network->W1[i] : &network->b2;
}

static double value_of(const struct ms_network *network, int64_t i)
{
    return i < ms_network_size(network) - 1 ? network->W1[i] : network->b2;
}

static bool is_finite(const struct kernel_inputs *inputs)
{
    for (int64_t i = 0; i < inputs->data.rows * inputs->data.n_x; i++)
        if (!isfinite(inputs->data.X[i]))
            return false;
    for (int64_t i = 0; i < ms_network_size(&inputs->network); i++)
        if (!isfinite(value_of(&inputs->network, i)))
            return false;
    return true;
}

/* Returns the values of one part of iteration 0: part 0 is the state, 1 the cost, 2 the parameters (trained.h). */
static const double *first_iteration(const struct record *trained, int part)
{
    return trained->values + trained->parts[part].first;
}

static bool within(struct bounded *bounded, const struct kernel_case *one, const char *what, double got,
                   long double expected, long double bound, char *fault)
{
    const double part = (double)(fabsl(got - expected) / bound);

    bounded->values++;
    if (part > bounded->worst[one->precision])
        bounded->worst[one->precision] = part;
    if (part <= 1)
        return true;
    (void)snprintf(fault, BOUNDED_TEXT, "%s is %.17g, but the textbook's is %.17Lg +- %.3Lg", what, got,
                   expected, bound);
    return false;
}

/* Returns the error bound of a parameter after one update: the gradient's bound plus the rounding of the step. */
static long double bound_of_step(const struct kernel_inputs *inputs, struct textbook_value gradient,
                                 double before)
{
    const bool is_double = inputs->one->precision == MS_FLOAT64;
    const long double rate = inputs->one->learning_rate, u = is_double ? 0x1p-53L : 0x1p-24L;
    const long double eta = is_double ? DBL_TRUE_MIN : FLT_TRUE_MIN;

    return rate * gradient.bound + 4 * u * (fabsl(before) + fabsl(rate * gradient.value)) +
           eta * (2 + (long double)inputs->data.rows * (1 + rate));
}

static bool check_parameters(struct bounded *bounded, const struct kernel_inputs *inputs,
                             const struct textbook *book, const double *next, char *fault)
{
    const long double rate = inputs->one->learning_rate;

    for (int64_t i = 0; i < ms_network_size(&inputs->network); i++) {
        const struct textbook_value gradient = book->gradient[i];
        const double before = value_of(&inputs->network, i);
        char name[64];

        array_names_format(inputs->one, RECORD_PARAMETERS, i, name, sizeof name);
        if (!within(bounded, inputs->one, name, next[i], before - rate * gradient.value,
                    bound_of_step(inputs, gradient, before), fault))
            return false;
    }
    return true;
}

/* ---- slopes ------------------------------------------------------------------------------------------ */

static const double step = 0x1p-16;

/* Returns whether a step may cross relu's kink at 0 for some unit and sample. */
static bool is_near_kink(const struct kernel_inputs *inputs)
{
    const struct ms_network *network = &inputs->network;

    for (int64_t row = 0; row < inputs->data.rows && network->activation == MS_RELU; row++)
        for (int32_t j = 0; j < network->n_h; j++) {
            double t = network->b1[j], reach = 1;

            for (int32_t i = 0; i < network->n_x; i++) {
                const double x = inputs->data.X[row * network->n_x + i];

                t += network->W1[(int64_t)j * network->n_x + i] * x;
                reach = fmax(reach, fabs(x));
            }
            if (fabs(t) <= 3 * step * reach)
                return true;
        }
    return false;
}

/* Slopes are meaningful only where the cost is smooth over a step, and affordable only for small networks. */
static bool has_slopes(const struct kernel_inputs *inputs)
{
    const struct kernel_case *one = inputs->one;

    return one->special == CASE_ORDINARY && one->init_scale >= 1e-3 && one->init_scale <= 1 &&
           one->learning_rate <= 1 && one->m * one->n_h * ms_network_size(&inputs->network) <= SLOPES_WORK &&
           !is_near_kink(inputs);
}

/* Returns the slope of the textbook's cost with respect to parameter i, by a central difference. The error grows with
 * the square of the step, so the difference from the slope at twice the step is three times the error, and bounds it.
 * The second term of the bound is the rounding of the costs. */
static struct textbook_value slope(struct ms_network *network, const struct kernel_inputs *inputs, int64_t i)
{
    double *const p = parameter(network, i), at = *p;
    long double slopes[2], above = 0;

    for (int k = 0; k < 2; k++) {
        const long double up = at + (k + 1) * step, down = at - (k + 1) * step;

        *p = (double)up;
        above = textbook_cost(network, &inputs->data, &inputs->samples);
        *p = (double)down;
        slopes[k] = (above - textbook_cost(network, &inputs->data, &inputs->samples)) /
                    ((double)up - (double)down);
    }
    *p = at;
    return (struct textbook_value){slopes[0],
                                   fabsl(slopes[1] - slopes[0]) + 256 * LDBL_EPSILON * (1 + above) / step};
}

static bool check_slopes(struct bounded *bounded, const struct kernel_inputs *inputs,
                         const struct textbook *book, const double *next, char *fault)
{
    const long double rate = inputs->one->learning_rate;
    struct ms_network network;
    struct ms_error err;
    bool good = true;

    demand(ms_network_alloc(&network, inputs->network.n_x, inputs->network.n_h, inputs->network.activation,
                            &err) == MS_OK,
           "%s", err.text);
    ms_network_copy(&network, &inputs->network);
    for (int64_t i = 0; i < ms_network_size(&network) && good; i++) {
        const struct textbook_value by_step = slope(&network, inputs, i);
        const double before = value_of(&network, i);
        char name[64] = "by its slope ";

        array_names_format(inputs->one, RECORD_PARAMETERS, i, name + strlen(name),
                           sizeof name - strlen(name));
        good = within(bounded, inputs->one, name, next[i], before - rate * by_step.value,
                      bound_of_step(inputs, book->gradient[i], before) + rate * by_step.bound, fault);
        bounded->slopes++;
    }
    ms_network_free(&network);
    return good;
}

/* ---- a case ------------------------------------------------------------------------------------------ */

/* Returns whether an intermediate value may exceed the largest number of the precision. */
static bool may_overflow(const struct kernel_inputs *inputs, const struct textbook *book)
{
    const double largest = inputs->one->precision == MS_FLOAT64 ? DBL_MAX : FLT_MAX;

    return !(book->largest * fmax(1, inputs->one->learning_rate) < largest * 0x1p-10L);
}

static bool check_iteration(struct bounded *bounded, const struct kernel_inputs *inputs,
                            const struct textbook *book, const struct record *trained, char *fault)
{
    const double *cost = first_iteration(trained, 1), *next = first_iteration(trained, 2);

    if (first_iteration(trained, 0)[0] != MS_TRAIN_REACHED) {
        (void)snprintf(fault, BOUNDED_TEXT,
                       "the first iteration diverges, but no value in it is near overflow");
        return false;
    }
    bounded->iterations++;
    return within(bounded, inputs->one, "cost", cost[1], book->cost.value, book->cost.bound, fault) &&
           check_parameters(bounded, inputs, book, next, fault) &&
           (!has_slopes(inputs) || check_slopes(bounded, inputs, book, next, fault));
}

bool bounded_check(struct bounded *bounded, const struct kernel_inputs *inputs, const struct record *trained,
                   char *fault)
{
    struct textbook book;
    bool good = true;

    if (inputs->one->iterations == 0 || !is_finite(inputs))
        return true;
    textbook_open(&book, inputs);
    if (!may_overflow(inputs, &book))
        good = check_iteration(bounded, inputs, &book, trained, fault);
    textbook_close(&book);
    return good;
}
