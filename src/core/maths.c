/* Each function reduces its argument to a small interval, evaluates a polynomial there, and adds the terms of
 * the result beginning with the smallest. The constants are generated (maths_constants.h). The order of the
 * operations is part of the results: another order changes bits, and some steps are exact only in this one,
 * as the comments there show.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/maths.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "maths_constants.h"

/* The proofs of exactness below require that every operation rounds once, to float64. */
#if FLT_EVAL_METHOD != 0
#error "arithmetic with excess precision (x87) changes results: build for SSE2, e.g. with -mfpmath=sse"
#endif

enum { fraction_bits = 52 };

static const uint64_t canonical_nan = 0x7ff8000000000000;
static const double trig_limit = 1e6; /* 20 bits of quarter turns, for which half_pi_parts is exact */

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Returns 2^exponent, which must be a normal number. */
static double power_of_two(int exponent)
{
    return from_bits((uint64_t)(exponent + 1023) << fraction_bits);
}

/* Returns the upper half of the mantissa of x: its product with a number of 27 bits is exact, and so is that of the
 * rest. */
static double upper_half(double x)
{
    return from_bits(bits_of(x) & ~(uint64_t)0x7ffffff);
}

/* Returns the nearest integer, ties to even, for |x| < 2^51: the sum with 1.5 * 2^52 has no bits after the binary
 * point. */
static double nearest_integer(double x)
{
    const double shift = 0x1.8p52;

    return (x + shift) - shift;
}

/* Returns a - b and sets *lost to the rounding error (Knuth's error-free transformation): a - b = result + lost
 * exactly. */
static double subtract(double a, double b, double *lost)
{
    const double result = a - b;
    const double b_used = a - result;

    *lost = (a - (result + b_used)) + (b_used - b);
    return result;
}

/* c[0] + c[1] x + ... + c[terms - 1] x^(terms - 1), by Horner's rule. */
static double polynomial(const double *c, int terms, double x)
{
    double sum = c[terms - 1];

    for (int i = terms - 2; i >= 0; i--)
        sum = c[i] + x * sum;
    return sum;
}

double ms_canonical(double x)
{
    return x != x ? from_bits(canonical_nan) : x;
}

/* x = 2^k z with z near 1. The table has c with z c = 1 + r, |r| <= 2^-7: log x = k ln 2 - log c + log(1 + r). Around
 * z = 1, c is 1, so that there is no cancellation. */
double ms_log(double x)
{
    int k = 0;

    if (!(x > 0))
        return x == 0 ? -INFINITY : from_bits(canonical_nan);
    if (x == INFINITY)
        return x;
    if (x < DBL_MIN) { /* exponent and mantissa can be separated for normal numbers only */
        x *= 0x1p54;
        k = -54;
    }

    /* The distance to log_first in bits: the whole octaves, then 7 bits of the mantissa. */
    const uint64_t distance = bits_of(x) - log_first + ((uint64_t)1023 << fraction_bits);
    const int octaves = (int)(distance >> fraction_bits) - 1023;
    const int row = (int)(distance >> (fraction_bits - 7)) & 127;
    const double z = from_bits(bits_of(x) - ((uint64_t)(int64_t)octaves << fraction_bits));
    const double c = log_table[row].inverse;

    /* r + r_low = z c - 1 exactly: both products and the difference are exact, and their sum fits into two numbers. */
    const double z_high = upper_half(z);
    const double a = z_high * c - 1;
    const double b = (z - z_high) * c;
    const double r = a + b;
    const double r_low = b - (r - a);

    /* Multiples of 2^-42 below 2^10, so their sum is exact. It is 0 or larger than r, so low is exact too. */
    const double exponent = k + octaves;
    const double s = exponent * log_ln2_high + log_table[row].high;
    const double high = s + r;
    const double low = (s - high) + r;

    const double square = r * r;
    const double curve = square * (r * polynomial(log_polynomial, 6, r) - 0.5);
    return high + (low + (curve + (r_low + (log_table[row].low + exponent * log_ln2_low))));
}

/* Returns x 2^k, exactly unless the result is not a normal number; 2^k itself may be out of range. */
static double scale(double x, int k)
{
    return x * power_of_two(k / 2) * power_of_two(k - k / 2);
}

/* Returns (high + low) 2^k, which is below DBL_MIN; low is smaller than the last bit of high. It is rounded once, to a
 * multiple of 2^-1074; scaling the rounded sum would round twice. */
static double scale_to_subnormal(double high, double low, int k)
{
    const double shift = power_of_two(52 - 1074 - k); /* > high; its last bit is that of the result */
    const double sum = shift + high;
    const double rest = high - (sum - shift);

    return scale((sum + (rest + low)) - shift, k);
}

/* x = n ln 2 / 64 + r: e^x = 2^(n/64) (1 + r + r^2/2 + ...), where n/64 is split into an octave and a row of the
 * table. */
double ms_exp(double x)
{
    const double largest = 0x1.62e42fefa39efp9; /* log of DBL_MAX, rounded down */
    const double smallest = -746;               /* e^-746 is less than half the smallest subnormal */

    if (x != x)
        return from_bits(canonical_nan);
    if (x > largest)
        return INFINITY;
    if (x < smallest)
        return 0;

    /* n has at most 17 bits and the high part of the step has 36: the product is exact, and so is the difference. */
    const double n = nearest_integer(x * exp_steps);
    const double r = (x - n * exp_step_high) - n * exp_step_low;
    const int row = (int)n & 63;
    const int k = ((int)n - row) / 64;

    const double square = r * r;
    const double growth = r + square * (0.5 + r * polynomial(exp_polynomial, 4, r));
    const double high = exp_table[row].high;
    const double low = exp_table[row].low + high * growth;

    const double sum = high + low;

    if (k > -1022 || (k == -1022 && sum >= 1))
        return scale(sum, k);
    return scale_to_subnormal(sum, low - (sum - high), k);
}

/* Sine and cosine of r + r_low, |r| <= pi/4. */
static double sin_reduced(double r, double r_low)
{
    const double z = r * r;

    return r + (r_low * (1 - 0.5 * z) + z * r * polynomial(sin_polynomial, 6, z));
}

static double cos_reduced(double r, double r_low)
{
    /* r^2 as a sum of two numbers: with one number, the error of half of it would show in the result. */
    const double z = r * r;
    const double r_high = upper_half(r);
    const double r_rest = r - r_high;
    const double z_low = ((r_high * r_high - z) + 2 * r_high * r_rest) + r_rest * r_rest;
    const double half = 0.5 * z;
    const double high = 1 - half;
    const double low = (1 - high) - half;

    return high + (low + (z * z * polynomial(cos_polynomial, 6, z) - (0.5 * z_low + r * r_low)));
}

/* sin(x + quarter_turns pi/2), for quarter_turns 0 and 1. */
static double sine_turned(double x, int quarter_turns)
{
    if (!(x >= -trig_limit && x <= trig_limit))
        return from_bits(canonical_nan);

    /* x = n pi/2 + r + r_low. The products with the first three parts are exact, and so is the first difference; the
     * rounding errors of the others are added later: near a multiple of pi/2 all of the 99 bits of pi/2 are needed. */
    const double n = nearest_integer(x * turns_of_radian);
    double second_lost, third_lost;
    const double first = x - n * half_pi_parts[0];
    const double second = subtract(first, n * half_pi_parts[1], &second_lost);
    const double third = subtract(second, n * half_pi_parts[2], &third_lost);
    const double rest = (second_lost + third_lost) - n * half_pi_parts[3];
    const double r = third + rest;
    const double r_low = (third - r) + rest;

    switch (((int)n + quarter_turns) & 3) {
    case 0:
        return sin_reduced(r, r_low);
    case 1:
        return cos_reduced(r, r_low);
    case 2:
        return -sin_reduced(r, r_low);
    default:
        return -cos_reduced(r, r_low);
    }
}

double ms_sin(double x)
{
    if (fabs(x) < 0x1p-27) /* x - x^3/6 rounds to x, and a zero keeps its sign */
        return x;
    return sine_turned(x, 0);
}

double ms_cos(double x)
{
    return sine_turned(x, 1);
}
