#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "moonsweep/rng.h"
#include "unit.h"

enum { exact_bits = 200, many = TIMES(200000) };

static const double pi = 0x1.921fb54442d18p+1, ln2 = 0x1.62e42fefa39efp-1;

typedef int mpfr_function(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding);

/* A function of ours beside MPFR's, and the largest error seen so far, in units of the last place. */
struct proof {
    const char *name;
    double (*ours)(double);
    mpfr_function *exact;
    double worst, worst_at;
    int64_t arguments;
    mpfr_t x, y, difference;
};

static void proof_open(struct proof *proof, const char *name, double (*ours)(double), mpfr_function *exact)
{
    *proof = (struct proof){.name = name, .ours = ours, .exact = exact};
    mpfr_init2(proof->x, 53);
    mpfr_init2(proof->y, exact_bits);
    mpfr_init2(proof->difference, exact_bits);
}

/* The distance of neighbouring float64 numbers at the exact value y, as an exponent of two. */
static long last_place(mpfr_srcptr y)
{
    const long exponent = mpfr_zero_p(y) ? DBL_MIN_EXP : (long)mpfr_get_exp(y);

    return (exponent < DBL_MIN_EXP ? DBL_MIN_EXP : exponent) - DBL_MANT_DIG;
}

/* Measures the error at x. Infinities must be where the exact value rounds to one. */
static void proof_at(struct proof *proof, double x)
{
    const double ours = proof->ours(x);
    double error;

    mpfr_set_d(proof->x, x, MPFR_RNDN);
    proof->exact(proof->y, proof->x, MPFR_RNDN);
    proof->arguments++;
    if (isinf(ours) || isinf(mpfr_get_d(proof->y, MPFR_RNDN))) {
        ck_assert_msg(ours == mpfr_get_d(proof->y, MPFR_RNDN), "%s(%a) is %a", proof->name, x, ours);
        return;
    }
    mpfr_sub_d(proof->difference, proof->y, ours, MPFR_RNDN);
    mpfr_mul_2si(proof->difference, proof->difference, -last_place(proof->y), MPFR_RNDN);
    error = fabs(mpfr_get_d(proof->difference, MPFR_RNDA));
    ck_assert_msg(!isnan(error), "%s(%a) is %a", proof->name, x, ours);
    if (error > proof->worst) {
        proof->worst = error;
        proof->worst_at = x;
    }
}

/* x > 0 (or any x, of a function defined everywhere) and its float64 neighbours, count on either side. */
static void proof_around(struct proof *proof, double x, int count)
{
    double below = x, above = x;

    proof_at(proof, x);
    for (int i = 0; i < count; i++) {
        proof_at(proof, below = nextafter(below, -INFINITY));
        proof_at(proof, above = nextafter(above, INFINITY));
    }
}

/* Evenly spaced arguments of [low, high], and as many uniformly random ones. */
static void proof_over(struct proof *proof, double low, double high, int count)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, 20260);
    for (int i = 0; i <= count; i++) {
        proof_at(proof, low + (high - low) * i / count);
        proof_at(proof, low + (high - low) * ms_rng_double(&rng));
    }
}

/* Reports the largest error and holds it to the bound that docs/numerics.md states. */
static void proof_close(struct proof *proof, double bound)
{
    printf("# %s: %" PRId64 " arguments, largest error %.4f ulp at %a\n", proof->name, proof->arguments,
           proof->worst, proof->worst_at);
    ck_assert_int_gt(proof->arguments, 0);
    ck_assert_msg(proof->worst <= bound, "%s is off by %.4f ulp at %a, more than %g", proof->name,
                  proof->worst, proof->worst_at, bound);
    mpfr_clears(proof->x, proof->y, proof->difference, (mpfr_ptr)NULL);
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
    struct proof proof;
    struct ms_rng rng;

    proof_open(&proof, "log", ms_log, mpfr_log);
    proof_over(&proof, 0x1p-54, 1, many);
    proof_over(&proof, 0.5, 2, many);
    proof_around(&proof, 1, 20000);
    for (int power = -1070; power < 1024; power++)
        proof_around(&proof, ldexp(1, power), 8);
    for (int i = 1; i < 16; i++)
        proof_at(&proof, i * DBL_TRUE_MIN);
    for (int i = 0; i <= 256; i++) /* the ends of the table's intervals */
        proof_around(&proof, 0.5 + i / 256.0, 50);
    proof_around(&proof, DBL_MIN, 1000);
    proof_at(&proof, DBL_MAX);
    ms_rng_seed(&rng, 1);
    for (int i = 0; i < many; i++) /* bit patterns of positive finite numbers, subnormals among them */
        proof_at(&proof, of_bits(1 + random_bits(&rng) % (bits_of(DBL_MAX))));
    for (int i = 0; i < many / 4; i++)
        proof_at(&proof, of_bits(1 + random_bits(&rng) % bits_of(DBL_MIN)));
    proof_close(&proof, 0.52);
}
END_TEST

START_TEST(the_exponential_is_within_its_bound_over_the_whole_range)
{
    struct proof proof;
    struct ms_rng rng;

    proof_open(&proof, "exp", ms_exp, mpfr_exp);
    proof_over(&proof, -1, 1, many);
    proof_over(&proof, -708, 710, many);
    proof_over(&proof, -746, -708, many); /* subnormal results */
    for (int n = -1076 * 64; n <= 1024 * 64; n++)
        proof_around(&proof, (n + 0.5) * (ln2 / 64), 1); /* the ends of the reduced range */
    proof_around(&proof, 0, 1000);
    proof_around(&proof, 0x1.62e42fefa39efp9, 1000);   /* where it overflows */
    proof_around(&proof, -0x1.74910d52d3051p9, 1000);  /* where it underflows to 0 */
    proof_around(&proof, -0x1.6232bdd7abcd2p9, 20000); /* where it leaves the normal numbers */
    ms_rng_seed(&rng, 2);
    for (int i = 0; i < many; i++) { /* small arguments of every size */
        const double x = of_bits(random_bits(&rng) & ~((uint64_t)1 << 62));

        if (x > -800 && x < 800)
            proof_at(&proof, x);
    }
    proof_close(&proof, 0.52);
}
END_TEST

static void prove_trigonometric(struct proof *proof, double bound)
{
    struct ms_rng rng;

    proof_over(proof, -pi, pi, 2 * many);
    proof_over(proof, -1000, 1000, many);
    proof_over(proof, -1e6, 1e6, many);
    for (int n = 1; n <= 636619; n += n < 2000 ? 1 : 5) /* arguments next to where the function is 0 */
        proof_around(proof, n * (pi / 2), 1);
    proof_at(proof, 0x1.93c05c9ed3cbcp+19); /* where pi/2 in 99 bits showed */
    proof_at(proof, 0x1.93c05c9ed3cbcp+18);
    for (int n = -2000; n < 2000; n++)
        proof_around(proof, (n + 0.5) * (pi / 2), 4); /* the ends of the reduced range */
    for (int power = -1074; power < 20; power++) {
        proof_around(proof, ldexp(1, power), 8);
        proof_around(proof, -ldexp(1, power), 8);
    }
    proof_at(proof, 1e6);
    proof_at(proof, -1e6);
    ms_rng_seed(&rng, 3);
    for (int i = 0; i < many; i++) {
        const double x = of_bits(random_bits(&rng));

        if (fabs(x) <= 1e6)
            proof_at(proof, x);
    }
    proof_close(proof, bound);
}

START_TEST(the_sine_is_within_its_bound_up_to_a_million)
{
    struct proof proof;

    proof_open(&proof, "sin", ms_sin, mpfr_sin);
    prove_trigonometric(&proof, 0.8);
}
END_TEST

START_TEST(the_cosine_is_within_its_bound_up_to_a_million)
{
    struct proof proof;

    proof_open(&proof, "cos", ms_cos, mpfr_cos);
    prove_trigonometric(&proof, 0.8);
}
END_TEST

START_TEST(specials_are_as_documented)
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

START_TEST(every_nan_becomes_the_same_and_nothing_else_changes)
{
    ck_assert_uint_eq(bits_of(ms_canonical(NAN)), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(of_bits(0xfff8000000000123))), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(of_bits(0x7ff0000000000001))), 0x7ff8000000000000);
    ck_assert_uint_eq(bits_of(ms_canonical(-0.0)), bits_of(-0.0));
    ck_assert_uint_eq(bits_of(ms_canonical(-INFINITY)), bits_of(-INFINITY));
    ck_assert_uint_eq(bits_of(ms_canonical(DBL_TRUE_MIN)), 1);
}
END_TEST

/* FNV-1a over the results' bits, lowest byte first. */
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

START_TEST(the_bits_are_those_of_every_other_machine)
{
    /* They change only together with a function's method, and then `numerics` of the file format is raised
     * as well; a machine, compiler or flag under which they differ is one on which results would differ. */
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

Suite *unit_suite(void)
{
    Suite *suite = suite_create("maths");
    TCase *tests = tcase_create("maths");

    tcase_add_test(tests, the_logarithm_is_within_its_bound_over_the_whole_range);
    tcase_add_test(tests, the_exponential_is_within_its_bound_over_the_whole_range);
    tcase_add_test(tests, the_sine_is_within_its_bound_up_to_a_million);
    tcase_add_test(tests, the_cosine_is_within_its_bound_up_to_a_million);
    tcase_add_test(tests, specials_are_as_documented);
    tcase_add_test(tests, every_nan_becomes_the_same_and_nothing_else_changes);
    tcase_add_test(tests, the_bits_are_those_of_every_other_machine);
    suite_add_tcase(suite, tests);
    return suite;
}
