/* Measures the accuracy of 1 / (1 + 2^t) as computed by the kernels.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "available_kernels.h"
#include "document.h"
#include "moonsweep/rng.h"
#include "train/pass.h"
#include "train/range.h"
#include "train/reals.h"
#include "unit.h"

enum { exact_bits = 200, few = TIMES(8000), many = 5 * few, BATCH = 8192 };

static struct ms_error err;

/* The properties of each precision, and the error bounds of docs/numerics.md: for the sigmoid in units in the last
 * place, for tanh = 1 - 2 / (1 + 2^t) absolute errors in units of 2^-digits. */
static const struct {
    int digits;
    double limit;   /* of |t|; larger arguments are clamped */
    double spacing; /* of the arguments whose powers of two are in the table */
    double sigmoid_bound, tanh_bound;
    double worst_known[2]; /* the arguments with the largest errors that the searches have found */
} properties[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = {53, WIDE_LIMIT_F64, 1.0 / 8, 3.95, 3.72, {0x1.95df96e3baf8fp+0, -0x1.3c53e6a67ed37p+0}},
    [MS_FLOAT32] = {24, WIDE_LIMIT_F32, 1.0 / 16, 3.29, 3.4, {0x1.96def6p+0, -0x1.d31c6cp-1}},
};

struct worst {
    double error, at;
};

/* Measures the function where a kernel computes it for the output. Two relu units pass the only feature on unchanged,
 * z = max(0, x) - max(0, -x) = x, so that A2 = 1 / (1 + 2^x). */
struct measurement {
    enum ms_precision precision;
    const struct ms_kernel *kernels[MAX_KERNELS];
    int kernel_count;
    struct ms_data waiting; /* room for BATCH samples; the first waiting.rows are arguments to be measured */
    struct ms_samples samples;
    struct ms_pass pass;
    void *sums, *values, *others;
    bool quick; /* uses the C library's float64 exp2 as exact, which suffices for float32 */
    mpfr_t t, exact, difference;
    int64_t arguments;
    struct worst sigmoid, tanh;
};

static double get(enum ms_precision precision, const void *reals, int64_t i)
{
    return precision == MS_FLOAT64 ? ((const double *)reals)[i] : (double)((const float *)reals)[i];
}

static void set(enum ms_precision precision, void *reals, int64_t i, double x)
{
    if (precision == MS_FLOAT64)
        ((double *)reals)[i] = x;
    else
        ((float *)reals)[i] = (float)x;
}

/* Makes the pass of the network that passes its feature on. */
static void open_pass(struct measurement *measurement)
{
    struct ms_network shape;

    ck_assert_int_eq(ms_network_alloc(&shape, 1, 2, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(ms_pass_alloc(&measurement->pass, &measurement->samples, &shape, &err), MS_OK);
    for (int j = 0; j < 2; j++) {
        set(measurement->precision, measurement->pass.W1, j, j == 0 ? 1 : -1);
        set(measurement->precision, measurement->pass.W2, j, j == 0 ? 1 : -1);
        set(measurement->precision, measurement->pass.b1, j, 0);
    }
    measurement->pass.z0 = 0;
    measurement->pass.range = MS_RANGE_ANY;
    ms_network_free(&shape);
}

static void measurement_open(struct measurement *measurement, enum ms_precision precision)
{
    *measurement = (struct measurement){.precision = precision};
    measurement->kernel_count = available_kernels(precision, measurement->kernels);
    ck_assert_int_eq(ms_data_alloc(&measurement->waiting, BATCH, 1, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&measurement->samples, &measurement->waiting, precision, NULL, &err),
                     MS_OK);
    open_pass(measurement);
    measurement->sums = ms_reals_alloc(precision,
                                       ms_pass_sums(&measurement->pass) * ms_precision_lanes(precision));
    measurement->values = ms_reals_alloc(precision, BATCH);
    measurement->others = ms_reals_alloc(precision, BATCH);
    ck_assert(measurement->sums && measurement->values && measurement->others);
    ms_samples_free(&measurement->samples);
    measurement->waiting.rows = 0;
    mpfr_init2(measurement->t, 53);
    mpfr_init2(measurement->exact, exact_bits);
    mpfr_init2(measurement->difference, exact_bits);
}

static void note(struct worst *worst, double error, double t)
{
    if (isnan(
            error)) /* an assertion would make a record of each argument, which takes longer than the measurement */
        ck_abort_msg("the error of 1 / (1 + 2^%a) is NaN", t);
    if (error > worst->error)
        *worst = (struct worst){error, t};
}

/* Returns |s - 1 / (1 + 2^t)|, and sets *exponent to that of the power of two above the exact value. */
static double error_of(struct measurement *measurement, double t, double s, int *exponent)
{
    if (measurement->quick) {
        const double exact = 1 / (1 + exp2(t));

        (void)frexp(exact, exponent);
        return fabs(s - exact);
    }
    mpfr_set_d(measurement->t, t, MPFR_RNDN);
    mpfr_exp2(measurement->exact, measurement->t, MPFR_RNDN);
    mpfr_add_ui(measurement->exact, measurement->exact, 1, MPFR_RNDN);
    mpfr_ui_div(measurement->exact, 1, measurement->exact, MPFR_RNDN);
    mpfr_sub_d(measurement->difference, measurement->exact, s, MPFR_RNDN);
    *exponent = (int)mpfr_get_exp(measurement->exact);
    return fabs(mpfr_get_d(measurement->difference, MPFR_RNDA));
}

static void measure_value(struct measurement *measurement, double t, double s)
{
    const int digits = properties[measurement->precision].digits;
    int exponent;
    const double error = error_of(measurement, t, s, &exponent);

    note(&measurement->sigmoid, ldexp(error, digits - exponent), t);
    note(&measurement->tanh, ldexp(2 * error, digits), t);
    measurement->arguments++;
}

/* Compares the predictions that a kernel counts without computing probabilities with those by its probabilities. All
 * samples have label 0. */
static void compare_predictions(struct measurement *measurement, const struct ms_kernel *kernel,
                                const void *probabilities)
{
    struct ms_predictions predictions = {.is_overflow = false};
    int64_t ones = 0;

    for (int64_t i = 0; i < measurement->waiting.rows; i++)
        ones += get(measurement->precision, probabilities, i) > 0.5;
    kernel->clear(&measurement->pass, measurement->sums);
    kernel->evaluate(&measurement->pass, 0, measurement->samples.chunks, measurement->sums, &predictions);
    ck_assert(!predictions.is_overflow);
    ck_assert_msg(predictions.ones[0] == ones && predictions.ones[1] == 0,
                  "%s: %lld predictions of 1 near %a, of which %lld have probabilities above 1/2",
                  kernel->isa, (long long)predictions.ones[0], measurement->waiting.X[0], (long long)ones);
}

/* Computes the waiting arguments with every kernel. The values of the first one are measured; the others' must be the
 * same. */
static void measurement_flush(struct measurement *measurement)
{
    const int64_t count = measurement->waiting.rows;

    if (count == 0)
        return;
    ck_assert_int_eq(
        ms_samples_make(&measurement->samples, &measurement->waiting, measurement->precision, NULL, &err),
        MS_OK);
    for (int k = 0; k < measurement->kernel_count; k++) {
        void *values = k == 0 ? measurement->values : measurement->others;

        measurement->kernels[k]->predict(&measurement->pass, 0, measurement->samples.chunks, values);
        compare_predictions(measurement, measurement->kernels[k], values);
        ck_assert_msg(memcmp(values, measurement->values, ms_reals_bytes(measurement->precision, count)) == 0,
                      "%s and %s differ near %a", measurement->kernels[0]->isa, measurement->kernels[k]->isa,
                      measurement->waiting.X[0]);
    }
    for (int64_t i = 0; i < count; i++)
        measure_value(measurement, measurement->waiting.X[i],
                      get(measurement->precision, measurement->values, i));
    ms_samples_free(&measurement->samples);
    measurement->waiting.rows = 0;
}

/* Measures at t, rounded to the precision, and at -t. |t| must be within the limit. */
static void measure(struct measurement *measurement, double t)
{
    const double argument = ms_precision_round(measurement->precision, t);

    if (fabs(argument) > properties[measurement->precision].limit)
        ck_abort_msg("the argument %a is beyond the limit", argument);
    for (int sign = -1; sign <= 1; sign += 2) {
        measurement->waiting.X[measurement->waiting.rows++] = sign * argument;
        if (measurement->waiting.rows == BATCH)
            measurement_flush(measurement);
    }
}

static double neighbour(enum ms_precision precision, double t, double towards)
{
    return precision == MS_FLOAT64 ? nextafter(t, towards) : (double)nextafterf((float)t, (float)towards);
}

/* Measures at t >= 0 and at its `count` neighbours on either side, down to 0 and up to the limit. */
static void measure_around(struct measurement *measurement, double t, int count)
{
    const double limit = properties[measurement->precision].limit;
    double below = t, above = t;

    measure(measurement, t);
    for (int i = 0; i < count; i++) {
        measure(measurement, below = neighbour(measurement->precision, below, 0));
        measure(measurement, above = neighbour(measurement->precision, above, limit));
    }
}

/* Measures at `count` evenly spaced arguments of [0, high], and at as many uniformly random ones. */
static void measure_over(struct measurement *measurement, double high, int count)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, 20260);
    for (int i = 0; i <= count; i++) {
        measure(measurement, high * i / count);
        measure(measurement, high * ms_rng_double(&rng));
    }
}

/* Measures at random arguments of every magnitude, including subnormal ones. */
static void measure_every_magnitude(struct measurement *measurement)
{
    const double limit = properties[measurement->precision].limit;
    const int lowest = measurement->precision == MS_FLOAT64 ? DBL_MIN_EXP - DBL_MANT_DIG
                                                            : FLT_MIN_EXP - FLT_MANT_DIG;
    struct ms_rng rng;

    ms_rng_seed(&rng, 1);
    for (int power = lowest; ldexp(1, power) < limit; power++) {
        measure_around(measurement, ldexp(1, power), 4);
        for (int i = 0; i < 32; i++)
            measure(measurement, fmin(limit, ldexp(1 + ms_rng_double(&rng), power)));
    }
}

/* Prints the largest errors and checks that they are within their bounds. */
static void measurement_report(struct measurement *measurement)
{
    const char *name = ms_precision_name(measurement->precision);
    const int digits = properties[measurement->precision].digits;

    measurement_flush(measurement);
    printf("# %s: %" PRId64
           " arguments, largest error of the sigmoid %.4f ulp at %a, of tanh %.4f * 2^-%d at "
           "%a;",
           name, measurement->arguments, measurement->sigmoid.error, measurement->sigmoid.at,
           measurement->tanh.error, digits, measurement->tanh.at);
    for (int k = 0; k < measurement->kernel_count; k++)
        printf(" %s", measurement->kernels[k]->isa);
    printf("\n");
    ck_assert_int_gt(measurement->arguments, 0);
    ck_assert_msg(measurement->sigmoid.error <= properties[measurement->precision].sigmoid_bound,
                  "the sigmoid in %s is off by %.4f ulp at %a", name, measurement->sigmoid.error,
                  measurement->sigmoid.at);
    ck_assert_msg(measurement->tanh.error <= properties[measurement->precision].tanh_bound,
                  "tanh in %s is off by %.4f * 2^-%d at %a", name, measurement->tanh.error, digits,
                  measurement->tanh.at);
}

static void measurement_close(struct measurement *measurement)
{
    mpfr_clears(measurement->t, measurement->exact, measurement->difference, (mpfr_ptr)NULL);
    ms_pass_free(&measurement->pass);
    ms_data_free(&measurement->waiting);
    free(measurement->sums);
    free(measurement->values);
    free(measurement->others);
}

/* In each precision, with few arguments and in the long version with many. */
START_TEST(sigmoid_and_tanh_are_within_their_bounds_over_the_whole_range)
{
    const enum ms_precision precision = (enum ms_precision)(_i % MS_PRECISION_COUNT);
    const int count = _i < MS_PRECISION_COUNT ? few : many;
    const double limit = properties[precision].limit, spacing = properties[precision].spacing;
    struct measurement measurement;

    measurement_open(&measurement, precision);
    measure_over(&measurement, limit, count);
    measure_over(&measurement, 60, count);
    measure_over(&measurement, 4, count);
    measure_over(&measurement, 2 * spacing, count);
    measure_every_magnitude(&measurement);
    for (int i = 0; i * spacing / 2 <= limit; i++) /* arguments of the table, and midpoints between them */
        measure_around(&measurement, i * spacing / 2, 3);
    measure_around(&measurement, limit, 1000);
    for (int i = 0; i < 2; i++)
        measure(&measurement, properties[precision].worst_known[i]);
    measurement_report(&measurement);
    document_states("numerics.md", "| %.2f ulp | %.2f | %.2f * 2^-%d | %.2f |", measurement.sigmoid.error,
                    properties[precision].sigmoid_bound, measurement.tanh.error, properties[precision].digits,
                    properties[precision].tanh_bound);
    measurement_close(&measurement);
}
END_TEST

/* Takes minutes, so it has a tag (docs/numerics.md). */
START_TEST(sigmoid_and_tanh_are_within_their_bounds_at_every_float32)
{
    const float limit = WIDE_LIMIT_F32;
    uint32_t last;
    struct measurement measurement;

    memcpy(&last, &limit, sizeof last);
    measurement_open(&measurement, MS_FLOAT32);
    measurement.quick = true;
    for (uint32_t bits = 0; bits <= last; bits++) {
        float t;

        memcpy(&t, &bits, sizeof t);
        measure(&measurement, (double)t);
    }
    measurement_report(&measurement);
    measurement_close(&measurement);
}
END_TEST

/* Measures every float32 argument from low to high, or a random float64 argument for each of these. */
static void search(struct measurement *measurement, float low, float high)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, 20261);
    for (float t = low; t < high; t = nextafterf(t, high))
        measure(measurement, measurement->precision == MS_FLOAT32
                                 ? (double)t
                                 : (double)low + (double)(high - low) * ms_rng_double(&rng));
}

/* In the intervals where the errors of tanh and of the sigmoid are largest. */
START_TEST(a_search_where_errors_are_largest_stays_within_the_bounds)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    struct measurement measurement;

    measurement_open(&measurement, precision);
    measurement.quick = precision == MS_FLOAT32;
    search(&measurement, 0.5F, 1.25F);
    search(&measurement, 1.5625F, 1.75F);
    measurement_report(&measurement);
    measurement_close(&measurement);
}
END_TEST

/* Returns 1 / (1 + 2^t) as a kernel computes it for the output. */
static double value_at(struct measurement *measurement, const struct ms_kernel *kernel, double t)
{
    measurement->waiting.rows = 1;
    measurement->waiting.X[0] = t;
    ck_assert_int_eq(
        ms_samples_make(&measurement->samples, &measurement->waiting, measurement->precision, NULL, &err),
        MS_OK);
    kernel->predict(&measurement->pass, 0, 1, measurement->values);
    ms_samples_free(&measurement->samples);
    measurement->waiting.rows = 0;
    return get(measurement->precision, measurement->values, 0);
}

START_TEST(special_values_are_as_documented)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const double limit = properties[precision].limit,
                 tiny = precision == MS_FLOAT64 ? DBL_TRUE_MIN : FLT_TRUE_MIN;
    const double huge = precision == MS_FLOAT64 ? DBL_MAX : FLT_MAX;
    struct measurement measurement;

    measurement_open(&measurement, precision);
    for (int k = 0; k < measurement.kernel_count; k++) {
        const struct ms_kernel *kernel = measurement.kernels[k];
        const double beyond[] = {neighbour(precision, limit, INFINITY), 2 * limit, huge, INFINITY};

        ck_assert(value_at(&measurement, kernel, 0.0) == 0.5);
        ck_assert(value_at(&measurement, kernel, -0.0) == 0.5);
        ck_assert(value_at(&measurement, kernel, tiny) == 0.5);
        ck_assert(value_at(&measurement, kernel, -tiny) == 0.5);
        ck_assert(isnan(value_at(&measurement, kernel, NAN)));
        ck_assert(isnan(value_at(&measurement, kernel, -NAN)));
        for (int i = 0; i < 4; i++) {
            ck_assert(value_at(&measurement, kernel, beyond[i]) == value_at(&measurement, kernel, limit));
            ck_assert(value_at(&measurement, kernel, -beyond[i]) == 1);
        }
    }
    measurement_close(&measurement);
}
END_TEST

/* Measures at t alone, so that the error of one prediction does not cancel that of another. */
static void measure_alone(struct measurement *measurement, double t)
{
    measurement->waiting.X[measurement->waiting.rows++] = ms_precision_round(measurement->precision, t);
    measurement_flush(measurement);
}

/* Near 0, rounding decides: arguments 0.01 units of the last place of A0 apart, which is between 2 and 4, with their
 * neighbours, and powers of two. measurement_flush compares. */
START_TEST(predictions_are_those_of_the_probabilities)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const double place = ldexp(1, precision == MS_FLOAT64 ? -51 : -22);
    struct measurement measurement;

    measurement_open(&measurement, precision);
    for (int i = -400; i <= 400; i++) {
        const double t = ms_precision_round(precision, i / 100.0 * place);

        measure_alone(&measurement, t);
        measure_alone(&measurement, neighbour(precision, t, INFINITY));
        measure_alone(&measurement, neighbour(precision, t, -INFINITY));
    }
    for (int exponent = -60; exponent < 0; exponent++) {
        measure_alone(&measurement, ldexp(1, exponent));
        measure_alone(&measurement, -ldexp(1, exponent));
    }
    measurement_close(&measurement);
}
END_TEST

/* Compares hidden units with the output. The only sample is x = 0, so the argument of unit j is b1[j]. The output does
 * not depend on the units (W2 = 0), and P = 1/2, so the first lane's sum for dW2[j] is half the value of the unit. */
static void compare_hidden(struct measurement *measurement, const struct ms_kernel *kernel,
                           enum ms_range range, const double *arguments, int32_t n_h)
{
    const int32_t lanes = ms_precision_lanes(measurement->precision);
    struct ms_network shape;
    struct ms_data data;
    struct ms_samples samples;
    struct ms_pass pass;
    void *sums;

    ck_assert_int_eq(ms_data_alloc(&data, 1, 1, &err), MS_OK);
    data.y[0] = 0;
    ck_assert_int_eq(ms_samples_make(&samples, &data, measurement->precision, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&shape, 1, n_h, MS_SIGMOID, &err), MS_OK);
    ck_assert_int_eq(ms_pass_alloc(&pass, &samples, &shape, &err), MS_OK);
    pass.range = range;
    pass.z0 = 0;
    for (int32_t j = 0; j < n_h; j++) {
        set(measurement->precision, pass.W1, j, 1);
        set(measurement->precision, pass.b1, j, arguments[j]);
        set(measurement->precision, pass.W2, j, 0);
    }
    sums = ms_reals_alloc(measurement->precision, ms_pass_sums(&pass) * lanes);
    ck_assert_ptr_nonnull(sums);
    kernel->clear(&pass, sums);
    kernel->accumulate(&pass, 0, 1, sums);
    for (int32_t j = 0; j < n_h; j++) {
        const double hidden = 2 * get(measurement->precision, sums, (3 * (int64_t)j + 2) * lanes);
        const double output = value_at(measurement, kernel, arguments[j]);

        ck_assert_msg(fabs(hidden) == output, "%s: 1 / (1 + 2^%a) is %a in a hidden unit, %a in the output",
                      kernel->isa, arguments[j], hidden, output);
    }
    free(sums);
    ms_pass_free(&pass);
    ms_network_free(&shape);
    ms_samples_free(&samples);
    ms_data_free(&data);
}

START_TEST(hidden_units_and_the_output_compute_the_same_values)
{
    enum { n_h = 2000 };
    const enum ms_precision precision = (enum ms_precision)_i;
    double arguments[n_h];
    struct ms_rng rng;
    struct measurement measurement;

    ms_rng_seed(&rng, 7);
    for (int j = 0; j < n_h; j++)
        arguments[j] = ms_precision_round(precision, properties[precision].limit *
                                                         (2 * ms_rng_double(&rng) - 1) *
                                                         (j % 2 == 0 ? 1 : ms_rng_double(&rng) / 16));
    measurement_open(&measurement, precision);
    for (int k = 0; k < measurement.kernel_count; k++)
        for (int range = 0; range < MS_RANGE_COUNT; range++)
            compare_hidden(&measurement, measurement.kernels[k], (enum ms_range)range, arguments, n_h);
    measurement_close(&measurement);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("logistic");
    TCase *tests = tcase_create("logistic"), *specials = tcase_create("specials"),
          *every = tcase_create("every"), *searches = tcase_create("searches");

    tcase_add_loop_test(tests, sigmoid_and_tanh_are_within_their_bounds_over_the_whole_range, 0,
                        MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, hidden_units_and_the_output_compute_the_same_values, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(specials, special_values_are_as_documented, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(specials, predictions_are_those_of_the_probabilities, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, specials);
    tcase_set_timeout(every, 0);
    tcase_set_tags(every, "long");
    tcase_add_test(every, sigmoid_and_tanh_are_within_their_bounds_at_every_float32);
    suite_add_tcase(suite, every);
    tcase_set_timeout(searches, 0);
    tcase_set_tags(searches, "long");
    tcase_add_loop_test(searches, sigmoid_and_tanh_are_within_their_bounds_over_the_whole_range,
                        MS_PRECISION_COUNT, 2 * MS_PRECISION_COUNT);
    tcase_add_loop_test(searches, a_search_where_errors_are_largest_stays_within_the_bounds, 0,
                        MS_PRECISION_COUNT);
    suite_add_tcase(suite, searches);
    return suite;
}
