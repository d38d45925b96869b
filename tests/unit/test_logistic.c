/* The accuracy of 1 / (1 + 2^t), as every kernel computes it. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels_here.h"
#include "moonsweep/rng.h"
#include "train/pass.h"
#include "train/range.h"
#include "train/reals.h"
#include "unit.h"

enum { exact_bits = 200, many = TIMES(40000), BATCH = 8192 };

static struct ms_error err;

/* What differs between the precisions, and the bounds that docs/numerics.md states: of the sigmoid in units of
 * its last place, of tanh = 1 - 2 / (1 + 2^t) absolutely, in units of 2^-digits. */
static const struct {
    int digits;
    double limit;   /* of |t|, what is beyond is clamped */
    double spacing; /* of the arguments whose powers of two are in the table */
    double sigmoid_bound, tanh_bound;
} properties[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = {53, WIDE_LIMIT_F64, 1.0 / 8, 4, 4},
    [MS_FLOAT32] = {24, WIDE_LIMIT_F32, 1.0 / 16, 4, 4},
};

struct worst {
    double error, at;
};

/* Measures the function where a kernel computes it for the output. Two relu units hand the only feature on as
 * it is, z = max(0, x) - max(0, -x) = x, so that A2 = 1 / (1 + 2^x). */
struct proof {
    enum ms_precision precision;
    const struct ms_kernel *kernels[MAX_KERNELS_HERE];
    int kernel_count;
    struct ms_data waiting; /* BATCH samples: arguments to be measured, of which there are waiting.rows */
    struct ms_samples samples;
    struct ms_pass pass;
    void *sums, *values, *others;
    bool quick; /* take the C library's float64 exp2 for exact, which float32 allows */
    mpfr_t t, exact, difference;
    int64_t arguments;
    struct worst sigmoid, tanh;
};

static double get(enum ms_precision precision, const void *reals, int64_t i)
{
    return precision == MS_FLOAT64 ? ((const double *)reals)[i] : (double)((const float *)reals)[i];
}

static void put(enum ms_precision precision, void *reals, int64_t i, double x)
{
    if (precision == MS_FLOAT64)
        ((double *)reals)[i] = x;
    else
        ((float *)reals)[i] = (float)x;
}

/* The pass of the network that hands its feature on. */
static void open_pass(struct proof *proof)
{
    struct ms_network shape;

    ck_assert_int_eq(ms_network_alloc(&shape, 1, 2, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(ms_pass_alloc(&proof->pass, &proof->samples, &shape, &err), MS_OK);
    for (int j = 0; j < 2; j++) {
        put(proof->precision, proof->pass.W1, j, j == 0 ? 1 : -1);
        put(proof->precision, proof->pass.W2, j, j == 0 ? 1 : -1);
        put(proof->precision, proof->pass.b1, j, 0);
    }
    proof->pass.z0 = 0;
    proof->pass.range = MS_RANGE_ANY;
    ms_network_free(&shape);
}

static void proof_open(struct proof *proof, enum ms_precision precision)
{
    *proof = (struct proof){.precision = precision};
    proof->kernel_count = kernels_here(precision, proof->kernels);
    ck_assert_int_eq(ms_data_alloc(&proof->waiting, BATCH, 1, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&proof->samples, &proof->waiting, precision, &err), MS_OK);
    open_pass(proof);
    proof->sums = ms_reals_alloc(precision, ms_pass_sums(&proof->pass) * ms_precision_lanes(precision));
    proof->values = ms_reals_alloc(precision, BATCH);
    proof->others = ms_reals_alloc(precision, BATCH);
    ck_assert(proof->sums && proof->values && proof->others);
    ms_samples_free(&proof->samples);
    proof->waiting.rows = 0;
    mpfr_init2(proof->t, 53);
    mpfr_init2(proof->exact, exact_bits);
    mpfr_init2(proof->difference, exact_bits);
}

static void note(struct worst *worst, double error, double t)
{
    ck_assert_msg(!isnan(error), "1 / (1 + 2^%a) has no error that can be measured", t);
    if (error > worst->error)
        *worst = (struct worst){error, t};
}

/* |s - 1 / (1 + 2^t)|, and the exponent of the power of two above the exact value. */
static double error_of(struct proof *proof, double t, double s, int *exponent)
{
    if (proof->quick) {
        const double exact = 1 / (1 + exp2(t));

        (void)frexp(exact, exponent);
        return fabs(s - exact);
    }
    mpfr_set_d(proof->t, t, MPFR_RNDN);
    mpfr_exp2(proof->exact, proof->t, MPFR_RNDN);
    mpfr_add_ui(proof->exact, proof->exact, 1, MPFR_RNDN);
    mpfr_ui_div(proof->exact, 1, proof->exact, MPFR_RNDN);
    mpfr_sub_d(proof->difference, proof->exact, s, MPFR_RNDN);
    *exponent = (int)mpfr_get_exp(proof->exact);
    return fabs(mpfr_get_d(proof->difference, MPFR_RNDA));
}

static void measure(struct proof *proof, double t, double s)
{
    const int digits = properties[proof->precision].digits;
    int exponent;
    const double error = error_of(proof, t, s, &exponent);

    note(&proof->sigmoid, ldexp(error, digits - exponent), t);
    note(&proof->tanh, ldexp(2 * error, digits), t);
    proof->arguments++;
}

/* Computes what waits with every kernel: the first one's values are measured, the others' must be the same. */
static void proof_flush(struct proof *proof)
{
    const int64_t count = proof->waiting.rows;

    if (count == 0)
        return;
    ck_assert_int_eq(ms_samples_make(&proof->samples, &proof->waiting, proof->precision, &err), MS_OK);
    for (int k = 0; k < proof->kernel_count; k++) {
        void *values = k == 0 ? proof->values : proof->others;

        proof->kernels[k]->clear(&proof->pass, proof->sums);
        proof->kernels[k]->evaluate(&proof->pass, 0, proof->samples.chunks, proof->sums, values);
        ck_assert_msg(memcmp(values, proof->values, ms_reals_bytes(proof->precision, count)) == 0,
                      "%s and %s differ near %a", proof->kernels[0]->isa, proof->kernels[k]->isa,
                      proof->waiting.X[0]);
    }
    for (int64_t i = 0; i < count; i++)
        measure(proof, proof->waiting.X[i], get(proof->precision, proof->values, i));
    ms_samples_free(&proof->samples);
    proof->waiting.rows = 0;
}

/* Measures at t, rounded to the precision, and at -t; |t| within the limit. */
static void proof_at(struct proof *proof, double t)
{
    const double argument = ms_precision_round(proof->precision, t);

    ck_assert(fabs(argument) <= properties[proof->precision].limit);
    for (int sign = -1; sign <= 1; sign += 2) {
        proof->waiting.X[proof->waiting.rows++] = sign * argument;
        if (proof->waiting.rows == BATCH)
            proof_flush(proof);
    }
}

static double neighbour(enum ms_precision precision, double t, double towards)
{
    return precision == MS_FLOAT64 ? nextafter(t, towards) : (double)nextafterf((float)t, (float)towards);
}

/* t >= 0 and its neighbours, count on either side, as far as they are within 0 and the limit. */
static void proof_around(struct proof *proof, double t, int count)
{
    const double limit = properties[proof->precision].limit;
    double below = t, above = t;

    proof_at(proof, t);
    for (int i = 0; i < count; i++) {
        proof_at(proof, below = neighbour(proof->precision, below, 0));
        proof_at(proof, above = neighbour(proof->precision, above, limit));
    }
}

/* Evenly spaced arguments of [0, high], and as many uniformly random ones. */
static void proof_over(struct proof *proof, double high)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, 20260);
    for (int i = 0; i <= many; i++) {
        proof_at(proof, high * i / many);
        proof_at(proof, high * ms_rng_double(&rng));
    }
}

/* Random arguments of every size, subnormal ones among them. */
static void proof_of_every_size(struct proof *proof)
{
    const double limit = properties[proof->precision].limit;
    const int lowest = proof->precision == MS_FLOAT64 ? DBL_MIN_EXP - DBL_MANT_DIG
                                                      : FLT_MIN_EXP - FLT_MANT_DIG;
    struct ms_rng rng;

    ms_rng_seed(&rng, 1);
    for (int power = lowest; ldexp(1, power) < limit; power++) {
        proof_around(proof, ldexp(1, power), 4);
        for (int i = 0; i < 32; i++)
            proof_at(proof, fmin(limit, ldexp(1 + ms_rng_double(&rng), power)));
    }
}

/* Reports the largest errors and holds them to their bounds. */
static void proof_report(struct proof *proof)
{
    const char *name = ms_precision_name(proof->precision);
    const int digits = properties[proof->precision].digits;

    proof_flush(proof);
    printf("# %s: %" PRId64
           " arguments, largest error of the sigmoid %.4f ulp at %a, of tanh %.4f * 2^-%d at "
           "%a;",
           name, proof->arguments, proof->sigmoid.error, proof->sigmoid.at, proof->tanh.error, digits,
           proof->tanh.at);
    for (int k = 0; k < proof->kernel_count; k++)
        printf(" %s", proof->kernels[k]->isa);
    printf("\n");
    ck_assert_int_gt(proof->arguments, 0);
    ck_assert_msg(proof->sigmoid.error <= properties[proof->precision].sigmoid_bound,
                  "the sigmoid in %s is off by %.4f ulp at %a", name, proof->sigmoid.error,
                  proof->sigmoid.at);
    ck_assert_msg(proof->tanh.error <= properties[proof->precision].tanh_bound,
                  "tanh in %s is off by %.4f * 2^-%d at %a", name, proof->tanh.error, digits, proof->tanh.at);
}

static void proof_close(struct proof *proof)
{
    mpfr_clears(proof->t, proof->exact, proof->difference, (mpfr_ptr)NULL);
    ms_pass_free(&proof->pass);
    ms_data_free(&proof->waiting);
    free(proof->sums);
    free(proof->values);
    free(proof->others);
}

START_TEST(sigmoid_and_tanh_are_within_their_bounds_over_the_whole_range)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const double limit = properties[precision].limit, spacing = properties[precision].spacing;
    struct proof proof;

    proof_open(&proof, precision);
    proof_over(&proof, limit);
    proof_over(&proof, 60);
    proof_over(&proof, 4);
    proof_over(&proof, 2 * spacing);
    proof_of_every_size(&proof);
    for (int i = 0; i * spacing / 2 <= limit; i++) /* the table's arguments, and the ties between them */
        proof_around(&proof, i * spacing / 2, 3);
    proof_around(&proof, limit, 1000);
    proof_report(&proof);
    proof_close(&proof);
}
END_TEST

/* Minutes; run by its tag (docs/numerics.md). */
START_TEST(sigmoid_and_tanh_are_within_their_bounds_at_every_float32)
{
    const float limit = WIDE_LIMIT_F32;
    uint32_t last;
    struct proof proof;

    memcpy(&last, &limit, sizeof last);
    proof_open(&proof, MS_FLOAT32);
    proof.quick = true;
    for (uint32_t bits = 0; bits <= last; bits++) {
        float t;

        memcpy(&t, &bits, sizeof t);
        proof_at(&proof, (double)t);
    }
    proof_report(&proof);
    proof_close(&proof);
}
END_TEST

/* 1 / (1 + 2^t) of one argument. */
static double value_at(struct proof *proof, const struct ms_kernel *kernel, double t)
{
    proof->waiting.rows = 1;
    proof->waiting.X[0] = t;
    ck_assert_int_eq(ms_samples_make(&proof->samples, &proof->waiting, proof->precision, &err), MS_OK);
    kernel->clear(&proof->pass, proof->sums);
    kernel->evaluate(&proof->pass, 0, 1, proof->sums, proof->values);
    ms_samples_free(&proof->samples);
    proof->waiting.rows = 0;
    return get(proof->precision, proof->values, 0);
}

START_TEST(specials_are_as_documented)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const double limit = properties[precision].limit,
                 tiny = precision == MS_FLOAT64 ? DBL_TRUE_MIN : FLT_TRUE_MIN;
    const double huge = precision == MS_FLOAT64 ? DBL_MAX : FLT_MAX;
    struct proof proof;

    proof_open(&proof, precision);
    for (int k = 0; k < proof.kernel_count; k++) {
        const struct ms_kernel *kernel = proof.kernels[k];
        const double beyond[] = {neighbour(precision, limit, INFINITY), 2 * limit, huge, INFINITY};

        ck_assert(value_at(&proof, kernel, 0.0) == 0.5);
        ck_assert(value_at(&proof, kernel, -0.0) == 0.5);
        ck_assert(value_at(&proof, kernel, tiny) == 0.5);
        ck_assert(value_at(&proof, kernel, -tiny) == 0.5);
        ck_assert(isnan(value_at(&proof, kernel, NAN)));
        ck_assert(isnan(value_at(&proof, kernel, -NAN)));
        for (int i = 0; i < 4; i++) {
            ck_assert(value_at(&proof, kernel, beyond[i]) == value_at(&proof, kernel, limit));
            ck_assert(value_at(&proof, kernel, -beyond[i]) == 1);
        }
    }
    proof_close(&proof);
}
END_TEST

/* A hidden layer of one sample, x = 0: unit j's argument is b1[j]. Its output does not hang on them (W2 = 0),
 * P = 1/2, so that the first lane's sum for dW2[j] is half the unit's value. */
static void compare_hidden(struct proof *proof, const struct ms_kernel *kernel, enum ms_range range,
                           const double *arguments, int32_t n_h)
{
    const int32_t lanes = ms_precision_lanes(proof->precision);
    struct ms_network shape;
    struct ms_data data;
    struct ms_samples samples;
    struct ms_pass pass;
    void *sums;

    ck_assert_int_eq(ms_data_alloc(&data, 1, 1, &err), MS_OK);
    data.y[0] = 0;
    ck_assert_int_eq(ms_samples_make(&samples, &data, proof->precision, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&shape, 1, n_h, MS_SIGMOID, &err), MS_OK);
    ck_assert_int_eq(ms_pass_alloc(&pass, &samples, &shape, &err), MS_OK);
    pass.range = range;
    pass.z0 = 0;
    for (int32_t j = 0; j < n_h; j++) {
        put(proof->precision, pass.W1, j, 1);
        put(proof->precision, pass.b1, j, arguments[j]);
        put(proof->precision, pass.W2, j, 0);
    }
    sums = ms_reals_alloc(proof->precision, ms_pass_sums(&pass) * lanes);
    ck_assert_ptr_nonnull(sums);
    kernel->clear(&pass, sums);
    kernel->accumulate(&pass, 0, 1, sums);
    for (int32_t j = 0; j < n_h; j++) {
        const double hidden = 2 * get(proof->precision, sums, (3 * (int64_t)j + 2) * lanes);
        const double output = value_at(proof, kernel, arguments[j]);

        ck_assert_msg(fabs(hidden) == output, "%s: 1 / (1 + 2^%a) is %a of a hidden unit, %a of the output",
                      kernel->isa, arguments[j], hidden, output);
    }
    free(sums);
    ms_pass_free(&pass);
    ms_network_free(&shape);
    ms_samples_free(&samples);
    ms_data_free(&data);
}

START_TEST(hidden_units_have_the_values_of_the_output)
{
    enum { n_h = 2000 };
    const enum ms_precision precision = (enum ms_precision)_i;
    double arguments[n_h];
    struct ms_rng rng;
    struct proof proof;

    ms_rng_seed(&rng, 7);
    for (int j = 0; j < n_h; j++)
        arguments[j] = ms_precision_round(precision, properties[precision].limit *
                                                         (2 * ms_rng_double(&rng) - 1) *
                                                         (j % 2 == 0 ? 1 : ms_rng_double(&rng) / 16));
    proof_open(&proof, precision);
    for (int k = 0; k < proof.kernel_count; k++)
        for (int range = 0; range < MS_RANGE_COUNT; range++)
            compare_hidden(&proof, proof.kernels[k], (enum ms_range)range, arguments, n_h);
    proof_close(&proof);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("logistic");
    TCase *tests = tcase_create("logistic"), *every = tcase_create("every");

    tcase_add_loop_test(tests, sigmoid_and_tanh_are_within_their_bounds_over_the_whole_range, 0,
                        MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, specials_are_as_documented, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, hidden_units_have_the_values_of_the_output, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    tcase_set_timeout(every, 0);
    tcase_set_tags(every, "long");
    tcase_add_test(every, sigmoid_and_tanh_are_within_their_bounds_at_every_float32);
    suite_add_tcase(suite, every);
    return suite;
}
