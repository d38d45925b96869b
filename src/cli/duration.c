/* Parses a text with a colon or a dash as fields of a clock, and any other as a number with a unit. Fields
 * are read before their units are known, because these depend on the number of fields and on the dash.
 * Characters are checked before strtod, which would also accept hexadecimal numbers and `inf`.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "duration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

static const double second_s = 1, minute_s = 60, hour_s = 3600, day_s = 86400;

/* Longer than any sweep; for larger numbers a double would lose fractions of a second. */
static const double longest_s = 1e12;

/* Parses a number with digits before its point, and after the point if there is one. */
static bool parse_number(const char *text, size_t length, double *value)
{
    const size_t whole = strspn(text, DIGITS);
    const size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, DIGITS) : 0;
    const size_t taken = fraction > 0 ? whole + 1 + fraction : whole;

    if (whole == 0 || taken != length)
        return false;
    *value = strtod(text, NULL);
    return true;
}

/* Parses "15m": a number and a unit, seconds by default. */
static bool parse_with_unit(const char *text, double *seconds)
{
    static const struct {
        char letter;
        double seconds;
    } units[] = {{'s', second_s}, {'m', minute_s}, {'h', hour_s}, {'d', day_s}};
    size_t length = strlen(text);
    double number, unit = second_s;

    for (size_t i = 0; length > 0 && i < sizeof units / sizeof *units; i++)
        if (text[length - 1] == units[i].letter) {
            unit = units[i].seconds;
            length--;
            break;
        }
    if (!parse_number(text, length, &number))
        return false;
    *seconds = number * unit;
    return true;
}

/* Reads a field of digits from *rest, up to a colon or the end. */
static bool take_field(const char **rest, double limit, double *value)
{
    const size_t length = strspn(*rest, DIGITS);
    const char end = (*rest)[length];

    if (length == 0 || (end != ':' && end != '\0'))
        return false;
    *value = strtod(*rest, NULL);
    *rest += length + (end == ':');
    return *value < limit && (end == '\0' || **rest != '\0');
}

/* Parses "1-12:00:00" and "90:00": after a dash the first field is hours; without a dash the last field is seconds. */
static bool parse_clock(const char *text, double *seconds)
{
    static const double units[] = {hour_s, minute_s, second_s};
    enum { FIELDS = sizeof units / sizeof *units };
    const char *dash = strchr(text, '-'), *rest = text;
    double fields[FIELDS], sum = 0;
    int count = 0, first;

    if (dash) {
        if (!parse_number(text, (size_t)(dash - text), &sum) || floor(sum) != sum || strchr(text, '.'))
            return false;
        sum *= day_s;
        rest = dash + 1;
    }
    do {
        const double limit = count > 0 ? 60 : dash ? 24 : INFINITY;

        if (count == FIELDS || !take_field(&rest, limit, &fields[count]))
            return false;
        count++;
    } while (*rest);
    first = dash ? 0 : FIELDS - count;
    for (int i = 0; i < count; i++)
        sum += fields[i] * units[first + i];
    *seconds = sum;
    return true;
}

bool duration_parse(const char *text, double *seconds)
{
    double parsed;
    const bool is_clock = strpbrk(text, ":-");

    if (!(is_clock ? parse_clock(text, &parsed) : parse_with_unit(text, &parsed)))
        return false;
    if (!(parsed > 0 && parsed <= longest_s))
        return false;
    *seconds = parsed;
    return true;
}
