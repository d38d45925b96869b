/* Quotients by multiplications (src/train/quotient.h) are those of the division: the theorem of docs/numerics.md in short
 * arithmetic, for every pair; the pairs that it excludes, none of which a kernel divides; and the hardest quotients, from
 * estimates that have any error within the bound.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "available_kernels.h"
#include "document.h"
#include "moonsweep/rng.h"
#include "quotient_arrays.h"
#include "train/exp2_constants.h"
#include "train/reals.h"
#include "unit.h"

__extension__ typedef unsigned __int128 uint128;

/* The list made by the build: QUOTIENTS(name). */
#define QUOTIENTS(name) extern const struct quotient_arrays name;
#include "quotient_list.h"
#undef QUOTIENTS

static const struct quotient_arrays *const all_arrays[] = {
#define QUOTIENTS(name) &name,
#include "quotient_list.h"
#undef QUOTIENTS
};

enum { ARRAYS = sizeof all_arrays / sizeof *all_arrays };

/* The largest relative error of an estimate that the theorem allows. */
static const double estimate_bound = 1.51 * 0x1p-12;

/* The numerators of the kernels are between these, and so are A - r and A + r. */
static const double numerator_least = 2.8, numerator_most = 3;

/* The properties of each precision. */
static const struct format {
    int digits;
    double
        slack; /* how far the value that is rounded to the reciprocal may be from it, in units in the last place */
    int steps;         /* the number of powers of two between 1 and 2 in the kernels' table */
    int exponent_most; /* of a denominator */
    double tolerance;  /* of A, computed from a pair: more than the errors of the rounded operations */
} formats[MS_PRECISION_COUNT] = {
    [MS_FLOAT64] = {53, 0x1p-16, 8, 904, 0x1p-40},
    [MS_FLOAT32] = {24, 0x1p-10, 16, 84, 0x1p-17},
};

/* ---- exceptional pairs --------------------------------------------------------------------------------- */

/* Returns whether the reciprocal of the integer B of `digits` binary digits may be rounded to the wrong side, in a way
 * that matters: B is odd, 2^(2p-1) / B is within the slack of a midpoint, at the distance g, and (B + 1) B (1 + 2g) is
 * 2^2p or more. */
static bool is_exceptional(int digits, double slack, uint64_t B)
{
    const uint64_t rest = (uint64_t)(((uint128)1 << (2 * digits - 1)) % B);
    const uint64_t distance = 2 * rest > B ? 2 * rest - B : B - 2 * rest; /* 2g B */

    return B % 2 == 1 && (double)distance <= 2 * slack * (double)B &&
           (uint128)(B + 1) * (B + distance) >= (uint128)1 << (2 * digits);
}

/* Returns the A with 2^power A = j modulo B, for an odd B. */
static uint64_t divide_by_power(uint64_t j, int power, uint64_t B)
{
    for (; power > 0; power--)
        j = j % 2 == 0 ? j / 2 : j / 2 + B / 2 + 1;
    return j;
}

/* Returns the A for which A / B is above a midpoint and as near to it as possible: the only numerator for which an
 * exceptional B may give a wrong quotient. */
static uint64_t exceptional_numerator(int digits, uint64_t B)
{
    return divide_by_power(1, digits + 1, B);
}

/* What the search for exceptional pairs has found. */
struct found {
    int64_t denominators, pairs, occurring;
};

/* Returns A(r) of the kernels (src/train/logistic.h). */
static double value_of_A(enum ms_precision precision, double r)
{
    const double w = r * r;

    if (precision == MS_FLOAT64)
        return EXP2_A0_F64 + w * (EXP2_A1_F64 + w * EXP2_A2_F64);
    return (double)EXP2_A0_F32 + w * (double)EXP2_A1_F32;
}

/* Returns whether a kernel may divide a = A - r by b = a + T D, where D = A + r and T is a power of two of its table times
 * a whole one: whether for any such T the r and A that follow from a and D belong together. */
static bool may_occur(enum ms_precision precision, double a, double b)
{
    const int steps = formats[precision].steps;

    for (int i = 0; i < steps; i++) {
        int exponent;
        const double D = 4 * frexp((b - a) * exp2(-(double)i / steps), &exponent);
        const double r = (D - a) / 2, A = (D + a) / 2;

        if (D >= numerator_least && D <= numerator_most &&
            fabs(value_of_A(precision, r) - A) <= formats[precision].tolerance)
            return true;
    }
    return false;
}

/* Tries the pair of an exceptional B with denominators of every exponent up to that at which the numerator no longer
 * matters: (b - a) / T is then the same for all. */
static void try_exceptional(enum ms_precision precision, uint64_t B, struct found *found)
{
    const int digits = formats[precision].digits;
    const double a = ldexp((double)exceptional_numerator(digits, B), 2 - digits);

    found->denominators++;
    if (a < numerator_least || a > numerator_most)
        return;
    found->pairs++;
    for (int exponent = 2; exponent < digits + 4; exponent++)
        found->occurring += may_occur(precision, a, ldexp((double)B, exponent - digits));
}

/* Finds every exceptional B = 2^p - t. 2^(2p-1) / B is 2^(p-1) + t/2 + 2^(p-1) c^2 / (1 - c) with c = t / 2^p; as t is
 * odd, it is near a midpoint where the last term is near a whole number. */
static void find_exceptional(enum ms_precision precision, struct found *found)
{
    const int p = formats[precision].digits;
    const double slack = formats[precision].slack, most = ldexp(slack, p);
    double last = 0;

    for (int64_t whole = 0; last <= most; whole++) {
        const double low = ldexp(fmax(0, (double)whole - slack), 1 - p);
        const double high = ldexp((double)whole + slack, 1 - p);
        const double first = ldexp((sqrt(low * low + 4 * low) - low) / 2, p);

        last = ldexp((sqrt(high * high + 4 * high) - high) / 2, p);
        for (uint64_t t = (uint64_t)fmax(0, first - 2) | 1; (double)t <= last + 2; t += 2)
            if (is_exceptional(p, slack, ((uint64_t)1 << p) - t))
                try_exceptional(precision, ((uint64_t)1 << p) - t, found);
    }
}

START_TEST(no_kernel_divides_an_exceptional_pair)
{
    static const struct {
        int64_t denominators, pairs;
        const char *stated;
    } known[] = {
        [MS_FLOAT64] = {1309033, 65309,
                        "In float64 there are 1,309,033 exceptional denominators, and 65,309 of them "
                        "have a numerator between 2.8 and 3"},
        [MS_FLOAT32] = {95, 3, "in float32 95 and 3"}};
    const enum ms_precision precision = (enum ms_precision)_i;
    struct found found = {0, 0, 0};

    find_exceptional(precision, &found);
    printf("# %s: %lld exceptional denominators, %lld of them with a numerator between %g and %g\n",
           ms_precision_name(precision), (long long)found.denominators, (long long)found.pairs,
           numerator_least, numerator_most);
    ck_assert_int_eq(found.denominators, known[precision].denominators);
    ck_assert_int_eq(found.pairs, known[precision].pairs);
    document_states("numerics.md", "%s", known[precision].stated);
    ck_assert_int_eq(found.occurring, 0);
}
END_TEST

/* Among all denominators of float32, the search must find every exceptional one. */
START_TEST(the_search_finds_every_exceptional_denominator)
{
    const struct format *format = &formats[MS_FLOAT32];
    struct found found = {0, 0, 0};
    int64_t all = 0;

    find_exceptional(MS_FLOAT32, &found);
    for (uint64_t B = (uint64_t)1 << (format->digits - 1); B < (uint64_t)1 << format->digits; B++)
        all += is_exceptional(format->digits, format->slack, B);
    ck_assert_int_eq(found.denominators, all);
}
END_TEST

/* A pair that a kernel does divide must be recognized as one. */
START_TEST(the_pairs_of_a_kernel_may_occur)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const int steps = formats[precision].steps;
    struct ms_rng rng;

    ms_rng_seed(&rng, 5);
    for (int i = 0; i < 10000; i++) {
        const double r = (2 * ms_rng_double(&rng) - 1) / (2 * steps);
        const double A = value_of_A(precision, r), a = ms_precision_round(precision, A - r);
        const double T = exp2((double)(i % (64 * steps)) / steps);

        ck_assert(a > numerator_least && a < numerator_most);
        ck_assert(may_occur(precision, a, ms_precision_round(precision, a + T * (A + r))));
    }
}
END_TEST

/* ---- the theorem in short arithmetic ------------------------------------------------------------------- */

/* Rounds to so many binary digits, ties to even. */
static int64_t rounded(int64_t a, int digits)
{
    const int64_t magnitude = llabs(a);
    int excess = 0;

    while (magnitude >> excess >= (int64_t)1 << digits)
        excess++;
    if (excess > 0) {
        const int64_t unit = (int64_t)1 << excess, rest = magnitude % unit, whole = magnitude - rest;
        const bool up = 2 * rest > unit || (2 * rest == unit && whole / unit % 2 == 1);

        return (a < 0 ? -1 : 1) * (whole + (up ? unit : 0));
    }
    return a;
}

/* Computes A / B from the reciprocal Y 2^(1-2p) of B, as quotient_by_products does. The result is in units of
 * 2^(2-4p). */
static int64_t short_quotient(int digits, int64_t A, int64_t B, int64_t Y)
{
    const int64_t one = (int64_t)1 << (2 * digits - 1);
    const int64_t q = rounded(A * Y, digits), r = rounded(A * one - B * q, digits);

    return rounded(q * one + r * Y, digits);
}

/* Returns A / B, rounded, in the same units. */
static int64_t short_division(int digits, int64_t A, int64_t B)
{
    const int64_t scaled = A << (4 * digits - 2), whole = scaled / B;

    /* A last digit that is not 0 stands for the rest: there are more digits than are kept. */
    return rounded(2 * whole + (scaled % B != 0), digits) / 2;
}

/* Tries all numerators from 5/4 to 3/2, times 2^(p-1), for one denominator and every reciprocal that the slack allows.
 * Returns the number of wrong quotients; those of exceptional pairs are expected. */
static int try_short(int digits, double slack, int64_t B)
{
    const int64_t one = (int64_t)1 << (2 * digits - 1), down = one / B;
    const double above = (double)(one % B) / (double)B;
    const bool is_odd_one_out = is_exceptional(digits, slack, (uint64_t)B);
    int wrong = 0;

    for (int64_t Y = down; Y <= down + 1; Y++) {
        const bool possible = Y == down ? above <= 0.5 + slack : above >= 0.5 - slack;

        for (int64_t A = (int64_t)5 << (digits - 3); possible && A <= (int64_t)6 << (digits - 3); A++)
            if (short_quotient(digits, A, B, Y) != short_division(digits, A, B)) {
                ck_assert_msg(is_odd_one_out && exceptional_numerator(digits, (uint64_t)B) == (uint64_t)A,
                              "%d digits: %lld / %lld with the reciprocal %lld", digits, (long long)A,
                              (long long)B, (long long)Y);
                wrong++;
            }
    }
    return wrong;
}

START_TEST(in_short_arithmetic_only_quotients_of_exceptional_pairs_are_wrong)
{
    const int most = 11; /* four times as many digits, and 11 more, are those of 64-bit integers */
    int wrong = 0;

    for (int digits = 7; digits <= most; digits++)
        for (int64_t B = (int64_t)1 << (digits - 1); B < (int64_t)1 << digits; B++)
            for (int power = 3; power <= digits; power++)
                wrong += try_short(digits, ldexp(1, -power), B);
    printf("# %d wrong quotients, all of exceptional pairs\n", wrong);
    ck_assert_int_gt(wrong, 0);
}
END_TEST

/* ---- the hardest quotients ----------------------------------------------------------------------------- */

/* Quotients to be computed. */
struct batch {
    enum ms_precision precision;
    struct ms_rng rng;
    void *a, *b, *y, *q; /* reals [QUOTIENT_BATCH] */
    int n;
    int64_t count; /* of all batches */
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

static void batch_open(struct batch *batch, enum ms_precision precision)
{
    *batch = (struct batch){.precision = precision,
                            .a = ms_reals_alloc(precision, QUOTIENT_BATCH),
                            .b = ms_reals_alloc(precision, QUOTIENT_BATCH),
                            .y = ms_reals_alloc(precision, QUOTIENT_BATCH),
                            .q = ms_reals_alloc(precision, QUOTIENT_BATCH)};
    ck_assert(batch->a && batch->b && batch->y && batch->q);
    ms_rng_seed(&batch->rng, 31);
}

static void batch_close(struct batch *batch)
{
    free(batch->a);
    free(batch->b);
    free(batch->y);
    free(batch->q);
}

static bool processor_has(const struct quotient_arrays *arrays)
{
    const struct ms_kernel *kernels[MAX_KERNELS];
    const int count = available_kernels(arrays->precision, kernels);

    for (int k = 0; k < count; k++)
        if (strcmp(kernels[k]->isa, arrays->isa) == 0)
            return true;
    return false;
}

/* Compares the quotients with those of the compiler's division. Check notes every assertion in a file, which takes longer
 * than a quotient, so there is one only where a quotient is wrong. */
static void batch_compare(const struct batch *batch, const char *isa)
{
    for (int i = 0; i < batch->n; i++) {
        const double a = get(batch->precision, batch->a, i), b = get(batch->precision, batch->b, i);

        if (get(batch->precision, batch->q, i) != ms_precision_round(batch->precision, a / b))
            ck_abort_msg("%s: %a / %a from the estimate %a", isa, a, b, get(batch->precision, batch->y, i));
    }
}

/* Divides with all kernels that the processor supports. */
static void batch_divide(struct batch *batch)
{
    for (int k = 0; k < ARRAYS; k++)
        if (all_arrays[k]->precision == batch->precision && processor_has(all_arrays[k])) {
            all_arrays[k]->quotients(batch->a, batch->b, batch->y, batch->q);
            batch_compare(batch, all_arrays[k]->isa);
        }
    batch->count += batch->n;
    batch->n = 0;
}

static void batch_add(struct batch *batch, double a, double b, double y)
{
    set(batch->precision, batch->a, batch->n, a);
    set(batch->precision, batch->b, batch->n, b);
    set(batch->precision, batch->y, batch->n, y);
    if (++batch->n == QUOTIENT_BATCH)
        batch_divide(batch);
}

/* Adds a / b with estimates of the largest errors and others within the bound. */
static void add_with_errors(struct batch *batch, double a, double b)
{
    static const double errors[] = {-1, -0.9, -0.5, -1e-3, -1e-7, 0, 1e-7, 1e-3, 0.5, 0.9, 1};
    const double most = 0.999 * estimate_bound; /* estimates are rounded */

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        batch_add(batch, a, b, (1 + most * errors[i]) / b);
    for (int i = 0; i < 4; i++)
        batch_add(batch, a, b, (1 + most * (2 * ms_rng_double(&batch->rng) - 1)) / b);
}

/* Adds A / B if A is in the range of numerators and the pair is not exceptional, for any of the exponents of
 * denominators. */
static void add_pair(struct batch *batch, uint64_t A, uint64_t B)
{
    const struct format *format = &formats[batch->precision];
    const double a = ldexp((double)A, 2 - format->digits);
    const int exponent = 2 + (int)(ms_rng_double(&batch->rng) * (format->exponent_most - 2));

    if (a < numerator_least || a > numerator_most)
        return;
    if (is_exceptional(format->digits, format->slack, B) && A == exceptional_numerator(format->digits, B))
        return;
    add_with_errors(batch, a, ldexp((double)B, exponent - format->digits));
}

/* Adds the quotients with an odd denominator that are next to a midpoint between two numbers, at the distance of j / (2 B)
 * of their units: 2^(p+1) A = (2 h + 1) B + j if A < B, and 2^p A otherwise. */
static void add_hardest(struct batch *batch, uint64_t B)
{
    const int digits = formats[batch->precision].digits;

    for (uint64_t j = 1; j < 64; j += 2)
        for (int power = digits; power <= digits + 1; power++) {
            const uint64_t least = power == digits ? B : 0;

            add_pair(batch, least + divide_by_power(j, power, B), B);
            add_pair(batch, least + divide_by_power(B - j, power, B), B);
        }
}

/* Returns a random odd number below 2^digits, all magnitudes being equally likely. */
static uint64_t any_magnitude(struct ms_rng *rng, int digits)
{
    return (uint64_t)exp2(ms_rng_double(rng) * digits) | 1;
}

static void divide_hardest(enum ms_precision precision, int denominators)
{
    const int digits = formats[precision].digits;
    const uint64_t below = (uint64_t)1 << (digits - 1);
    struct batch batch;

    batch_open(&batch, precision);
    for (int i = 0; i < denominators; i++) {
        add_hardest(&batch, below + ((uint64_t)(ms_rng_double(&batch.rng) * (double)below) | 1));
        add_hardest(&batch, below + any_magnitude(&batch.rng, digits - 1));
        add_hardest(&batch, 2 * below - any_magnitude(&batch.rng, digits - 1));
        add_hardest(&batch, 2 * below - (2 * (uint64_t)i + 1) % below);
    }
    batch_divide(&batch);
    printf("# %s: %lld quotients\n", ms_precision_name(precision), (long long)batch.count);
    ck_assert_int_gt(batch.count, denominators);
    batch_close(&batch);
}

START_TEST(the_hardest_quotients_are_those_of_the_division)
{
    divide_hardest((enum ms_precision)_i, TIMES(3000));
}
END_TEST

/* Takes minutes, so it has a tag. */
START_TEST(many_of_the_hardest_quotients_are_those_of_the_division)
{
    divide_hardest((enum ms_precision)_i, 1000000);
}
END_TEST

/* Returns the largest exceptional denominator of float64 whose numerator is in the range of the kernels' numerators. */
static uint64_t largest_exceptional(void)
{
    const int digits = formats[MS_FLOAT64].digits;

    for (uint64_t B = ((uint64_t)1 << digits) - 1;; B -= 2) {
        const double a = ldexp((double)exceptional_numerator(digits, B), 2 - digits);

        if (is_exceptional(digits, formats[MS_FLOAT64].slack, B) && a >= numerator_least &&
            a <= numerator_most)
            return B;
    }
}

/* An exceptional pair does have a wrong quotient if the reciprocal is rounded to the wrong side, as it is from a bad
 * estimate. */
START_TEST(an_exceptional_pair_has_a_wrong_quotient)
{
    const uint64_t B = largest_exceptional();
    const double a = (double)exceptional_numerator(formats[MS_FLOAT64].digits, B), b = (double)B;
    struct batch batch;

    batch_open(&batch, MS_FLOAT64);
    for (int i = 0; i < QUOTIENT_BATCH; i++) {
        set(MS_FLOAT64, batch.a, i, a);
        set(MS_FLOAT64, batch.b, i, b);
        set(MS_FLOAT64, batch.y, i, (1 + (i == 0 ? 0 : estimate_bound)) / b);
    }
    for (int k = 0; k < ARRAYS; k++) {
        if (all_arrays[k]->precision != MS_FLOAT64 || !processor_has(all_arrays[k]))
            continue;
        all_arrays[k]->quotients(batch.a, batch.b, batch.y, batch.q);
        ck_assert(get(MS_FLOAT64, batch.q, 0) == a / b);
        ck_assert(get(MS_FLOAT64, batch.q, 1) != a / b);
    }
    batch_close(&batch);
}
END_TEST

/* ---- estimates ----------------------------------------------------------------------------------------- */

/* Returns the largest relative error of the estimates of b, an array. */
static double error_of_estimates(const struct quotient_arrays *arrays, struct batch *batch)
{
    double worst = 0;

    arrays->estimates(batch->b, batch->y);
    for (int i = 0; i < QUOTIENT_BATCH; i++) {
        const double b = get(batch->precision, batch->b, i), y = get(batch->precision, batch->y, i);

        worst = fmax(worst, fabs(fma(b, y, -1)));
    }
    return worst;
}

/* Denominators of all exponents, evenly spaced within each, with random last digits. */
START_TEST(estimates_are_as_good_as_the_proof_assumes)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    struct batch batch;

    batch_open(&batch, precision);
    for (int k = 0; k < ARRAYS; k++) {
        double worst = 0;

        if (all_arrays[k]->precision != precision || !processor_has(all_arrays[k]))
            continue;
        for (int exponent = 1; exponent < formats[precision].exponent_most; exponent++) {
            for (int i = 0; i < QUOTIENT_BATCH; i++)
                set(precision, batch.b, i,
                    ldexp(1 + (i + ms_rng_double(&batch.rng)) / (QUOTIENT_BATCH + 1), exponent));
            worst = fmax(worst, error_of_estimates(all_arrays[k], &batch));
        }
        printf("# %s %s: estimates are within %.4f * 2^-12\n", all_arrays[k]->isa,
               ms_precision_name(precision), worst * 0x1p12);
        ck_assert_msg(worst <= estimate_bound, "%s: an estimate is wrong by %a", all_arrays[k]->isa, worst);
    }
    batch_close(&batch);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("quotient");
    TCase *tests = tcase_create("quotient"), *many = tcase_create("many");

    tcase_add_loop_test(tests, no_kernel_divides_an_exceptional_pair, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, the_search_finds_every_exceptional_denominator);
    tcase_add_loop_test(tests, the_pairs_of_a_kernel_may_occur, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, in_short_arithmetic_only_quotients_of_exceptional_pairs_are_wrong);
    tcase_add_loop_test(tests, the_hardest_quotients_are_those_of_the_division, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, an_exceptional_pair_has_a_wrong_quotient);
    tcase_add_loop_test(tests, estimates_are_as_good_as_the_proof_assumes, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    tcase_set_timeout(many, 0);
    tcase_set_tags(many, "long");
    tcase_add_loop_test(many, many_of_the_hardest_quotients_are_those_of_the_division, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, many);
    return suite;
}
