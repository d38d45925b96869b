/* Writes a number with 15, 16 and 17 digits until strtod reads the same number again: 17 always suffice. The
 * point is put in last, because strtod expects the decimal sign of the locale.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/shortest.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/float_environment.h"

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

const char *ms_shortest(double x, char text[MS_SHORTEST_CHARS])
{
    fenv_t found;

    if (isnan(x))
        return strcpy(text, "nan");       /* printf would write a sign, which means nothing for a NaN */
    found = ms_float_environment_enter(); /* the rounding of printf and strtod depends on it */
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        (void)snprintf(text, MS_SHORTEST_CHARS, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    ms_float_environment_leave(&found);
    write_point(text);
    return text;
}
