/* A double m 2^e is scaled to x 10^k = m 5^k / 2^s, in which there are 17 digits before the point. In the range that is
 * handled, m 5^k has at most 116 bits, so that everything is exact in 128 bits: the digits and the remainder that is
 * rounded, and the distance from the rounded number to x. That number is read back as x if it is nearer to x than half of
 * the distance between x and the next double, which is 5^k in the same unit. Nothing depends on the floating-point
 * environment.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "decimal.h"

#include <float.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum {
    FRACTION_BITS = DBL_MANT_DIG - 1, /* that are stored of m */
    BIAS = DBL_MAX_EXP - 1,           /* of the stored exponent */
    LEAST_POWER = -36,                /* of two: the range that is handled */
    END_POWER = FRACTION_BITS,
    MOST_FIVES = 27 /* k of the smallest number */
};

/* x 10^k = scaled / 2^shift. */
struct scaling {
    uint128 scaled;  /* m 5^k */
    int shift;       /* 0 to 62 */
    uint64_t fives;  /* 5^k: the distance to the next larger double, in the unit of scaled */
    bool is_a_power; /* of two: the next smaller double is half as far */
    int exponent;    /* of the first digit */
};

static const uint64_t tens[] = {1, 10, 100}; /* by the number of digits that are left out */

static uint64_t power_of_five(int k)
{
    static const uint64_t powers[MOST_FIVES + 1] = {
        1ULL,
        5ULL,
        25ULL,
        125ULL,
        625ULL,
        3125ULL,
        15625ULL,
        78125ULL,
        390625ULL,
        1953125ULL,
        9765625ULL,
        48828125ULL,
        244140625ULL,
        1220703125ULL,
        6103515625ULL,
        30517578125ULL,
        152587890625ULL,
        762939453125ULL,
        3814697265625ULL,
        19073486328125ULL,
        95367431640625ULL,
        476837158203125ULL,
        2384185791015625ULL,
        11920928955078125ULL,
        59604644775390625ULL,
        298023223876953125ULL,
        1490116119384765625ULL,
        7450580596923828125ULL,
    };

    return powers[k];
}

/* The largest n with 10^n <= 2^power, for all powers in the range. */
static int exponent_of_power(int power)
{
    /* 1233/4096 is close enough to log10(2). The sum is positive, so that the division rounds down. */
    return (1233 * power + 12 * 4096) / 4096 - 12;
}

static struct scaling scale(uint64_t m, int power, int exponent)
{
    const int k = DBL_DECIMAL_DIG - 1 - exponent;

    return (struct scaling){
        .scaled = (uint128)m * power_of_five(k),
        .shift = FRACTION_BITS - power - k,
        .fives = power_of_five(k),
        .is_a_power = m == 1ULL << FRACTION_BITS,
        .exponent = exponent,
    };
}

/* Rounds to so many digits, ties to even. Returns whether the result is read back as the same number. */
static bool round_to(const struct scaling *x, int count, struct ms_decimal *decimal)
{
    const uint64_t unit = tens[DBL_DECIMAL_DIG - count];
    const uint64_t whole = (uint64_t)(x->scaled >> x->shift) / unit;
    const uint128 step = (uint128)unit << x->shift, rest = x->scaled - whole * step;
    const bool is_up = 2 * rest > step || (2 * rest == step && whole % 2 == 1);
    const uint128 distance = is_up ? step - rest : rest;

    *decimal = (struct ms_decimal){.digits = whole + is_up, .count = count, .exponent = x->exponent};
    return (x->is_a_power && !is_up ? 4 : 2) * distance < x->fives; /* never equal, since fives is odd */
}

/* Makes of 1000, which became of 999.5, the three digits 100. */
static void carry(struct ms_decimal *decimal)
{
    uint64_t end = 1;

    for (int i = 0; i < decimal->count; i++)
        end *= 10;
    if (decimal->digits == end) {
        decimal->digits /= 10;
        decimal->exponent++;
    }
}

bool ms_decimal_find(double x, struct ms_decimal *decimal)
{
    struct scaling scaling;
    uint64_t bits, m;
    int power, exponent;

    memcpy(&bits, &x, sizeof bits);
    power = (int)(bits >> FRACTION_BITS & 0x7ff) - BIAS;
    if (power < LEAST_POWER || power >= END_POWER)
        return false;
    m = (bits & ((1ULL << FRACTION_BITS) - 1)) | 1ULL << FRACTION_BITS;

    exponent = exponent_of_power(power);
    scaling = scale(m, power, exponent);
    if (scaling.scaled >> scaling.shift >= 100000000000000000) /* x is 10 times 10^exponent or more */
        scaling = scale(m, power, exponent + 1);
    for (int count = DBL_DIG; count <= DBL_DECIMAL_DIG; count++)
        if (round_to(&scaling, count, decimal))
            break; /* with 17 digits at the latest */
    carry(decimal);
    return true;
}
