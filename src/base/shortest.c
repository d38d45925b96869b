/* Zeros are written at once, since there are many in results, and numbers of the usual size by decimal.c. For all others,
 * and as the definition of the format, a number is written with 15, 16 and 17 digits as printf's %g until strtod reads the
 * same number again: 17 always suffice. The point is put in last, because strtod expects the decimal sign of the locale.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/shortest.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "moonsweep/float_environment.h"

/* ---- numbers of the usual size ----------------------------------------------------------------------------- */

/* Writes the digits without the zeros at their end, at least one. Returns how many. */
static int write_digits(const struct ms_decimal *decimal, char *text)
{
    uint64_t left = decimal->digits;
    int count = decimal->count;

    for (int i = count - 1; i >= 0; i--, left /= 10)
        text[i] = (char)('0' + left % 10);
    while (count > 1 && text[count - 1] == '0')
        count--;
    return count;
}

/* Writes 1.25e-07: at least two digits of the exponent. */
static void write_exponential(const char *digits, int count, int exponent, char *text)
{
    const int size = exponent < 0 ? -exponent : exponent;

    *text++ = digits[0];
    if (count > 1) {
        *text++ = '.';
        memcpy(text, digits + 1, (size_t)count - 1);
        text += count - 1;
    }
    *text++ = 'e';
    *text++ = exponent < 0 ? '-' : '+';
    *text++ = (char)('0' + size / 10);
    *text++ = (char)('0' + size % 10);
    *text = '\0';
}

/* Writes 0.00125, 12.5 or 1250. */
static void write_positional(const char *digits, int count, int exponent, char *text)
{
    const int before = exponent < 0 ? 0 : exponent + 1; /* digits before the point */

    if (before == 0)
        *text++ = '0';
    for (int i = 0; i < before; i++)
        *text++ = (char)(i < count ? digits[i] : '0');
    if (count > before) {
        *text++ = '.';
        for (int i = exponent + 1; i < 0; i++)
            *text++ = '0';
        memcpy(text, digits + before, (size_t)(count - before));
        text += count - before;
    }
    *text = '\0';
}

/* Writes |x| as %g does with the digits of decimal. */
static void write_decimal(const struct ms_decimal *decimal, char *text)
{
    char digits[DBL_DECIMAL_DIG];
    const int count = write_digits(decimal, digits);

    if (decimal->exponent < -4 || decimal->exponent >= decimal->count)
        write_exponential(digits, count, decimal->exponent, text);
    else
        write_positional(digits, count, decimal->exponent, text);
}

/* ---- all others ---------------------------------------------------------------------------------------------- */

/* Replaces the decimal sign of the locale, which printf writes and which may be several bytes long, by a point. */
static void write_point(char *text)
{
    const char *sign = localeconv()->decimal_point;
    char *at = strstr(text, sign);

    if (at == NULL)
        return;
    *at = '.';
    memmove(at + 1, at + strlen(sign), strlen(at + strlen(sign)) + 1);
}

static void write_by_trial(double x, char text[MS_SHORTEST_CHARS])
{
    const struct ms_float_environment found =
        ms_float_environment_enter(); /* the rounding of printf and strtod depends on it */

    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        (void)snprintf(text, MS_SHORTEST_CHARS, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    ms_float_environment_leave(&found);
    write_point(text);
}

/* By its bits, because the caller's environment may take subnormal numbers for zeros. */
static bool is_zero(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits << 1 == 0;
}

const char *ms_shortest(double x, char text[MS_SHORTEST_CHARS])
{
    struct ms_decimal decimal;
    const bool is_negative = signbit(x);

    if (isnan(x))
        return strcpy(text, "nan"); /* printf would write a sign, which means nothing for a NaN */
    if (is_zero(x))
        return strcpy(text, is_negative ? "-0" : "0");
    if (ms_decimal_find(x, &decimal)) {
        text[0] = '-';
        write_decimal(&decimal, text + is_negative);
    } else {
        write_by_trial(x, text);
    }
    return text;
}
