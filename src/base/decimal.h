/* The shortest decimal digits that are read back as the same double, by whole numbers alone.
 *
 *     struct ms_decimal decimal;
 *     if (ms_decimal_find(95.125, &decimal))     // digits 951250000000000, count 15, exponent 1
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BASE_DECIMAL_H
#define MOONSWEEP_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* The number digits * 10^(exponent - count + 1). */
struct ms_decimal {
    uint64_t digits; /* the first one is not 0 */
    int count;       /* of the digits: DBL_DIG, or as many more as are needed, at most DBL_DECIMAL_DIG */
    int exponent;    /* of the first digit: 0 for units */
};

/* Rounds |x| to the smallest count of digits with which it is read back as the same number. False for numbers outside of
 * 2^-36 <= |x| < 2^52, which are not handled; *decimal is then unchanged. */
bool ms_decimal_find(double x, struct ms_decimal *decimal);

#endif
