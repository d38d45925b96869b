/* Checks a text against a grammar and divides it into runs of digits, before anything is converted; a text
 * that does not follow the grammar gets an explanation that suits how other programs write numbers. Real
 * numbers are then read by strtod in the C locale, and whole numbers, which may have an exponent, digit by
 * digit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "number.h"

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A number split into its parts; each is a run of digits of the text, or empty. */
struct parts {
    bool negative;
    const char *whole, *fraction, *exponent;
    size_t whole_length, fraction_length, exponent_length;
    bool has_point, has_exponent, negative_exponent;
};

/* Words that are not numbers here although other programs accept them. */
static const struct {
    const char *word;
    const char *fault;
} look_alikes[] = {
    {"inf", "is not finite"}, {"infinity", "is not finite"}, {".inf", "is not finite"},
    {"nan", "is not finite"}, {".nan", "is not finite"},     {"null", "means no value"},
    {"~", "means no value"},  {"true", "is a boolean"},      {"false", "is a boolean"},
    {"yes", "is a boolean"},  {"no", "is a boolean"},        {"on", "is a boolean"},
    {"off", "is a boolean"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The number of digits at the beginning of text. */
static size_t count_digits(const char *text, const char *end)
{
    const char *at = text;

    while (at < end && is_digit(*at))
        at++;
    return (size_t)(at - text);
}

static const char *skip_sign(const char *at, const char *end, bool *negative)
{
    *negative = at < end && *at == '-';
    return at < end && (*at == '-' || *at == '+') ? at + 1 : at;
}

/* Explains why a text does not follow the grammar. */
static const char *explain(const char *text, size_t length)
{
    bool negative;
    const char *unsigned_text = skip_sign(text, text + length, &negative);
    size_t unsigned_length = length - (size_t)(unsigned_text - text);

    for (size_t i = 0; i < sizeof look_alikes / sizeof look_alikes[0]; i++)
        if (strlen(look_alikes[i].word) == unsigned_length &&
            strncasecmp(look_alikes[i].word, unsigned_text, unsigned_length) == 0)
            return look_alikes[i].fault;
    if (unsigned_length > 2 && unsigned_text[0] == '0' && memchr("xXoObB", unsigned_text[1], 6) != NULL)
        return "is not decimal";
    if (unsigned_length > 0 && is_digit(unsigned_text[0])) {
        if (memchr(text, '_', length) != NULL)
            return "has an underscore";
        if (memchr(text, ',', length) != NULL)
            return "has a comma";
    }
    return "is not a number";
}

/* Parses [sign] digits [. [digits]] [e [sign] digits], or the same without digits before the point. */
static const char *cut(const char *text, size_t length, struct parts *parts)
{
    const char *end = text + length;
    const char *at = skip_sign(text, end, &parts->negative);

    if (length == 0)
        return "is empty";
    parts->whole = at;
    parts->whole_length = count_digits(at, end);
    at += parts->whole_length;
    parts->has_point = at < end && *at == '.';
    if (parts->has_point)
        at++;
    parts->fraction = at;
    parts->fraction_length = parts->has_point ? count_digits(at, end) : 0;
    at += parts->fraction_length;
    if (parts->whole_length + parts->fraction_length == 0)
        return explain(text, length);
    parts->has_exponent = at < end && (*at == 'e' || *at == 'E');
    parts->negative_exponent = false;
    if (parts->has_exponent)
        at = skip_sign(at + 1, end, &parts->negative_exponent);
    parts->exponent = at;
    parts->exponent_length = parts->has_exponent ? count_digits(at, end) : 0;
    at += parts->exponent_length;
    if (at != end || (parts->has_exponent && parts->exponent_length == 0))
        return explain(text, length);
    if (parts->whole_length > 1 && parts->whole[0] == '0')
        return "has a leading zero, which some programs read as octal";
    return NULL;
}

static bool has_nonzero_digit(const char *digits, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (digits[i] != '0')
            return true;
    return false;
}

/* strtod, which takes the decimal sign from the locale of the thread, in the C locale. (If there is no memory for that
 * locale, the number is read in the locale of the caller.) */
static double to_double(const char *text, char **end)
{
    const locale_t own = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(own);
    const double value = strtod(text, end);

    (void)uselocale(before);
    if (own != (locale_t)0)
        freelocale(own);
    return value;
}

/* strtod of exactly length characters, whose grammar has been checked. Fails if there is no memory, or if not all
 * characters are read. */
static bool convert(const char *text, size_t length, double *value)
{
    char room[64];
    char *copy = length < sizeof room ? room : malloc(length + 1);
    char *end;
    bool all;

    if (copy == NULL)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *value = to_double(copy, &end);
    all = end == copy + length;
    if (copy != room)
        free(copy);
    return all;
}

const char *ms_number_real(const char *text, size_t length, double *value)
{
    struct parts parts;
    const char *fault = cut(text, length, &parts);
    double nearest;

    if (fault != NULL)
        return fault;
    if (!convert(text, length, &nearest))
        return "cannot be read: not enough memory";
    if (isinf(nearest))
        return "is too large for float64";
    if (nearest == 0 && (has_nonzero_digit(parts.whole, parts.whole_length) ||
                         has_nonzero_digit(parts.fraction, parts.fraction_length)))
        return "is too small for float64, where it would be 0";
    *value = nearest + 0.0; /* -0 + 0 is 0: they count as equal */
    return NULL;
}

const char *ms_number_fraction(const char *text, size_t length, double *value)
{
    const char *slash = memchr(text, '/', length);
    double above = 0, below = 0;
    const char *fault;

    if (slash == NULL)
        return ms_number_real(text, length, value);
    fault = ms_number_real(text, (size_t)(slash - text), &above);
    if (fault == NULL)
        fault = ms_number_real(slash + 1, length - (size_t)(slash + 1 - text), &below);
    if (fault != NULL)
        return "is not a quotient of two numbers";
    if (below == 0)
        return "divides by 0";
    *value = above / below;
    return isfinite(*value) ? NULL : "is too large for float64";
}

/* Sets number to number * 10 + digit; returns false if that is too large. */
static bool append_digit(int64_t *number, int digit)
{
    if (*number > (MS_NUMBER_WHOLE_MAX - digit) / 10)
        return false;
    *number = *number * 10 + digit;
    return true;
}

const char *ms_number_whole(const char *text, size_t length, int64_t *value)
{
    struct parts parts;
    const char *fault = cut(text, length, &parts);
    int64_t number = 0, zeros = 0;

    if (fault != NULL)
        return fault;
    if (parts.has_point)
        return "has a decimal point";
    if (parts.negative_exponent)
        return "has a negative exponent";
    for (size_t i = 0; i < parts.whole_length; i++)
        if (!append_digit(&number, parts.whole[i] - '0'))
            return "is too large";
    for (size_t i = 0; i < parts.exponent_length; i++)
        if (!append_digit(&zeros, parts.exponent[i] - '0'))
            zeros = MS_NUMBER_WHOLE_MAX / 10; /* enough to make every number but 0 too large */
    for (; zeros > 0 && number > 0; zeros--)
        if (!append_digit(&number, 0))
            return "is too large";
    *value = parts.negative ? -number : number;
    return NULL;
}
