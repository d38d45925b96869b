/* The accuracy of log, exp, sin and cos, measured against MPFR, and their bits.
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

#include "document.h"
#include "moonsweep/maths.h"
#include "moonsweep/rng.h"
#include "unit.h"

/* The tests over the whole range are loop tests: _i is `few`, or `many` in the long version. They draw _i times FEW
 * arguments at a time. */
enum { exact_bits = 200, FEW = TIMES(20000), few = 1, many = 10 };

static const double pi = 0x1.921fb54442d18p+1, ln2 = 0x1.62e42fefa39efp-1;

typedef int mpfr_function(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding);

/* Our functions and those of MPFR, the bounds that docs/numerics.md states, the arguments with the largest errors that
 * searches have found, the very largest first, and the interval that the long test searches. Errors are in units in the
 * last place. */
enum { LOG, EXP, SIN, COS, FUNCTIONS };
static const struct function {
    const char *name;
    double (*ours)(double);
    mpfr_function *exact;
    double bound;
    double worst_known[2];
    double low, high;
} functions[FUNCTIONS] = {
    [LOG] = {"log", ms_log, mpfr_log, 0.52, {0x1.01f205b548847p+0, 0x1.01ec9bf49b4c5p+0}, 1, 1.01},
    [EXP] = {"exp", ms_exp, mpfr_exp, 0.52, {0x1.4fafac833cd62p-1, 0x1.4ff0937f02fb5p-1}, 0.65, 0.66},
    [SIN] = {"sin", ms_sin, mpfr_sin, 0.85, {0x1.2dc0b00c5c2c4p+1, -0x1.be7eb851eb852p+9}, 0.76, 0.7854},
    [COS] = {"cos", ms_cos, mpfr_cos, 0.85, {0x1.9bd814cd02fefp-1, 0x1.98cfde6cb6864p-1}, 0.785, 0.81},
};

/* A function, and the largest error measured so far. */
struct measurement {
    const struct function *function;
    double worst, worst_at;
    int64_t arguments;
    mpfr_t x, y, difference;
};

/* Returns the unit in the last place of float64 numbers near the exact value y, as an exponent of two. */
static long last_place(mpfr_srcptr y)
{
    const long exponent = mpfr_zero_p(y) ? DBL_MIN_EXP : (long)mpfr_get_exp(y);

    return (exponent < DBL_MIN_EXP ? DBL_MIN_EXP : exponent) - DBL_MANT_DIG;
}

/* Measures the error at x. The result must be infinite exactly if the exact value rounds to infinity. */
static void measure(struct measurement *measurement, double x)
{
    const double ours = measurement->function->ours(x);
    double error;

    mpfr_set_d(measurement->x, x, MPFR_RNDN);
    measurement->function->exact(measurement->y, measurement->x, MPFR_RNDN);
    measurement->arguments++;
    if (isinf(ours) || isinf(mpfr_get_d(measurement->y, MPFR_RNDN))) {
        ck_assert_msg(ours == mpfr_get_d(measurement->y, MPFR_RNDN), "%s(%a) is %a",
                      measurement->function->name, x, ours);
        return;
    }
    mpfr_sub_d(measurement->difference, measurement->y, ours, MPFR_RNDN);
    mpfr_mul_2si(measurement->difference, measurement->difference, -last_place(measurement->y), MPFR_RNDN);
    error = fabs(mpfr_get_d(measurement->difference, MPFR_RNDA));
    if (isnan(error)) /* an assertion would make a record of each argument, which takes long */
        ck_abort_msg("%s(%a) is %a", measurement->function->name, x, ours);
    if (error > measurement->worst) {
        measurement->worst = error;
        measurement->worst_at = x;
    }
}

/* Begins a measurement with the arguments at which errors are known to be large. */
static void measurement_open(struct measurement *measurement, int function)
{
    *measurement = (struct measurement){.function = &functions[function]};
    mpfr_init2(measurement->x, 53);
    mpfr_init2(measurement->y, exact_bits);
    mpfr_init2(measurement->difference, exact_bits);
    for (int i = 0; i < 2; i++)
        measure(measurement, measurement->function->worst_known[i]);
}

/* Measures at x and at its `count` float64 neighbours on either side; the function must be defined there. */
static void measure_around(struct measurement *measurement, double x, int count)
{
    double below = x, above = x;

    measure(measurement, x);
    for (int i = 0; i < count; i++) {
        measure(measurement, below = nextafter(below, -INFINITY));
        measure(measurement, above = nextafter(above, INFINITY));
    }
}

/* Measures at evenly spaced arguments of [low, high], and at as many uniformly random ones. */
static void measure_over(struct measurement *measurement, double low, double high, int count)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, 20260);
    for (int i = 0; i <= count; i++) {
        measure(measurement, low + (high - low) * i / count);
        measure(measurement, low + (high - low) * ms_rng_double(&rng));
    }
}

/* Prints the largest error, and checks that it is within the bound and the one that the document states. */
static void measurement_close(struct measurement *measurement)
{
    const struct function *function = measurement->function;

    printf("# %s: %" PRId64 " arguments, largest error %.4f ulp at %a\n", function->name,
           measurement->arguments, measurement->worst, measurement->worst_at);
    ck_assert_int_gt(measurement->arguments, 0);
    ck_assert_msg(measurement->worst <= function->bound, "%s is off by %.4f ulp at %a, more than %g",
                  function->name, measurement->worst, measurement->worst_at, function->bound);
    document_states("numerics.md", "| %.4f ulp | %a | %g |", measurement->worst, measurement->worst_at,
                    function->bound);
    mpfr_clears(measurement->x, measurement->y, measurement->difference, (mpfr_ptr)NULL);
}

static double of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static uint64_t random_bits(struct ms_rng *rng)
{
    const uint64_t high = ms_rng_u32(rng);

    return high << 32 | ms_rng_u32(rng);
}

START_TEST(the_logarithm_is_within_its_bound_over_the_whole_range)
{
    struct measurement measurement;
    struct ms_rng rng;

    measurement_open(&measurement, LOG);
    measure_over(&measurement, 0x1p-54, 1, _i * FEW);
    measure_over(&measurement, 0.5, 2, _i * FEW);
    measure_around(&measurement, 1, 20000);
    for (int power = -1070; power < 1024; power++)
        measure_around(&measurement, ldexp(1, power), 8);
    for (int i = 1; i < 16; i++)
        measure(&measurement, i * DBL_TRUE_MIN);
    for (int i = 0; i <= 256; i++) /* the ends of the intervals of the table */
        measure_around(&measurement, 0.5 + i / 256.0, 50);
    measure_around(&measurement, DBL_MIN, 1000);
    measure(&measurement, DBL_MAX);
    ms_rng_seed(&rng, 1);
    for (int i = 0; i < _i * FEW; i++) /* random bits of positive finite numbers, including subnormal ones */
        measure(&measurement, of_bits(1 + random_bits(&rng) % (bits_of(DBL_MAX))));
    for (int i = 0; i < _i * FEW / 4; i++)
        measure(&measurement, of_bits(1 + random_bits(&rng) % bits_of(DBL_MIN)));
    measurement_close(&measurement);
}
END_TEST

START_TEST(the_exponential_is_within_its_bound_over_the_whole_range)
{
    struct measurement measurement;
    struct ms_rng rng;

    measurement_open(&measurement, EXP);
    measure_over(&measurement, -1, 1, _i * FEW);
    measure_over(&measurement, -708, 710, _i * FEW);
    measure_over(&measurement, -746, -708, _i * FEW); /* subnormal results */
    for (int n = -1076 * 64; n <= 1024 * 64;
         n += _i == few ? 7 : 1) /* in each of the 64 parts of a power of two */
        measure_around(&measurement, (n + 0.5) * (ln2 / 64), 1); /* the ends of the reduced range */
    measure_around(&measurement, 0, 1000);
    measure_around(&measurement, 0x1.62e42fefa39efp9, 1000);   /* where it overflows */
    measure_around(&measurement, -0x1.74910d52d3051p9, 1000);  /* where it underflows to 0 */
    measure_around(&measurement, -0x1.6232bdd7abcd2p9, 20000); /* where it leaves the normal numbers */
    ms_rng_seed(&rng, 2);
    for (int i = 0; i < _i * FEW; i++) { /* small arguments of every magnitude */
        const double x = of_bits(random_bits(&rng) & ~((uint64_t)1 << 62));

        if (x > -800 && x < 800)
            measure(&measurement, x);
    }
    measurement_close(&measurement);
}
END_TEST

static void measure_trigonometric(struct measurement *measurement, int times)
{
    struct ms_rng rng;

    measure_over(measurement, -pi, pi, 2 * times * FEW);
    measure_over(measurement, -1000, 1000, times * FEW);
    measure_over(measurement, -1e6, 1e6, times * FEW);
    for (int n = 1; n <= 636619; n += n < 2000 ? 1 : 50 / times) /* arguments near zeros of the function */
        measure_around(measurement, n * (pi / 2), 1);
    measure(measurement, 0x1.93c05c9ed3cbcp+19); /* where 99 bits of pi/2 were too few */
    measure(measurement, 0x1.93c05c9ed3cbcp+18);
    for (int n = -2000; n < 2000; n++)
        measure_around(measurement, (n + 0.5) * (pi / 2), 4); /* the ends of the reduced range */
    for (int power = -1074; power < 20; power++) {
        measure_around(measurement, ldexp(1, power), 8);
        measure_around(measurement, -ldexp(1, power), 8);
    }
    measure(measurement, 1e6);
    measure(measurement, -1e6);
    ms_rng_seed(&rng, 3);
    for (int i = 0; i < times * FEW; i++) {
        const double x = of_bits(random_bits(&rng));

        if (fabs(x) <= 1e6)
            measure(measurement, x);
    }
    measurement_close(measurement);
}

START_TEST(the_sine_is_within_its_bound_up_to_a_million)
{
    struct measurement measurement;

    measurement_open(&measurement, SIN);
    measure_trigonometric(&measurement, _i);
}
END_TEST

START_TEST(the_cosine_is_within_its_bound_up_to_a_million)
{
    struct measurement measurement;

    measurement_open(&measurement, COS);
    measure_trigonometric(&measurement, _i);
}
END_TEST

/* Takes minutes, so it has a tag (docs/numerics.md). */
START_TEST(a_search_where_errors_are_largest_stays_within_the_bound)
{
    struct measurement measurement;
    struct ms_rng rng;

    measurement_open(&measurement, _i);
    ms_rng_seed(&rng, 20261);
    for (int i = 0; i < 1000 * FEW; i++) {
        const struct function *function = measurement.function;

        measure(&measurement, function->low + (function->high - function->low) * ms_rng_double(&rng));
    }
    measurement_close(&measurement);
}
END_TEST

START_TEST(special_values_are_as_documented)
{
    const uint64_t nan = 0x7ff8000000000000;

    ck_assert(ms_log(0.0) == -INFINITY);
    ck_assert(ms_log(-0.0) == -INFINITY);
    ck_assert(ms_log(INFINITY) == INFINITY);
    ck_assert_uint_eq(bits_of(ms_log(1)), 0);
    ck_assert_uint_eq(bits_of(ms_log(-DBL_TRUE_MIN)), nan);
    ck_assert_uint_eq(bits_of(ms_log(-INFINITY)), nan);
    ck_assert_uint_eq(bits_of(ms_log(-NAN)), nan);
    ck_assert(ms_exp(0.0) == 1);
    ck_assert(ms_exp(INFINITY) == INFINITY);
    ck_assert(ms_exp(DBL_MAX) == INFINITY);
    ck_assert_uint_eq(bits_of(ms_exp(-INFINITY)), 0);
    ck_assert_uint_eq(bits_of(ms_exp(-DBL_MAX)), 0);
    ck_assert_uint_eq(bits_of(ms_exp(-NAN)), nan);
    ck_assert_uint_eq(bits_of(ms_sin(-0.0)), bits_of(-0.0));
    ck_assert_uint_eq(bits_of(ms_sin(DBL_TRUE_MIN)), 1);
    ck_assert(ms_cos(0) == 1);
    for (int i = 0; i < 4; i++) {
        const double beyond = (double[]){1000000.0000000001, -1000000.0000000001, INFINITY, -NAN}[i];

        ck_assert_uint_eq(bits_of(ms_sin(beyond)), nan);
        ck_assert_uint_eq(bits_of(ms_cos(beyond)), nan);
    }
}
END_TEST

START_TEST(every_nan_becomes_the_canonical_one_and_nothing_else_changes)
{
    ck_assert_uint_eq(bits_of(ms_canonical(NAN)), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(of_bits(0xfff8000000000123))), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(of_bits(0x7ff0000000000001))), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(-0.0)), bits_of(-0.0));
    ck_assert_uint_eq(bits_of(ms_canonical(-INFINITY)), bits_of(-INFINITY));
    ck_assert_uint_eq(bits_of(ms_canonical(DBL_TRUE_MIN)), 1);
}
END_TEST

/* Returns the FNV-1a hash of the bits of the results, lowest byte first. */
static uint64_t hash_of(double (*function)(double), double low, double high)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (int i = 0; i <= 100000; i++) {
        const uint64_t bits = bits_of(function(low + (high - low) * (i / 100000.0)));

        for (int byte = 0; byte < 8; byte++)
            hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 0x100000001b3;
    }
    return hash;
}

START_TEST(results_have_the_same_bits_on_every_machine)
{
    /* The hashes change only if the algorithm of a function changes, and then `numerics` of the file format is raised.
     * If they differ with a machine, compiler or flag, so do results. */
    static const struct {
        double (*function)(double);
        double low, high;
        uint64_t hash;
    } cases[] = {
        {ms_log, 0x1p-53, 1, 0x5d6e20b2ef23e355}, {ms_log, 1, 1e300, 0x44b182a9a2ce0be8},
        {ms_exp, -40, 40, 0x31a6409295a69508},    {ms_exp, -746, 710, 0x94709de1d6f40746},
        {ms_sin, 0, 3.14, 0x38e345e41cb660ed},    {ms_sin, -1e6, 1e6, 0x7f1c2a0967095e9d},
        {ms_cos, 0, 3.14, 0x3ae101529b2a5162},    {ms_cos, -1e6, 1e6, 0x1d6b5123bbb5f9b7},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(hash_of(cases[i].function, cases[i].low, cases[i].high) == cases[i].hash,
                      "case %zu has the hash %#018" PRIx64, i,
                      hash_of(cases[i].function, cases[i].low, cases[i].high));
}
END_TEST

/* Adds the tests over the whole range. times: `few` or `many`. */
static void add_whole_range(TCase *tests, int times)
{
    tcase_add_loop_test(tests, the_logarithm_is_within_its_bound_over_the_whole_range, times, times + 1);
    tcase_add_loop_test(tests, the_exponential_is_within_its_bound_over_the_whole_range, times, times + 1);
    tcase_add_loop_test(tests, the_sine_is_within_its_bound_up_to_a_million, times, times + 1);
    tcase_add_loop_test(tests, the_cosine_is_within_its_bound_up_to_a_million, times, times + 1);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("maths");
    TCase *tests = tcase_create("maths"), *search = tcase_create("search");

    add_whole_range(tests, few);
    tcase_add_test(tests, special_values_are_as_documented);
    tcase_add_test(tests, every_nan_becomes_the_canonical_one_and_nothing_else_changes);
    tcase_add_test(tests, results_have_the_same_bits_on_every_machine);
    suite_add_tcase(suite, tests);
    add_whole_range(search, many);
    tcase_add_loop_test(search, a_search_where_errors_are_largest_stays_within_the_bound, 0, FUNCTIONS);
    tcase_set_tags(search, "long");
    tcase_set_timeout(search, 0);
    suite_add_tcase(suite, search);
    return suite;
}
