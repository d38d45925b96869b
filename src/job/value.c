/* The kinds of values: a table of their sizes and names, two functions with a case for each kind, which store
 * and load a value, and the conversions from and to text, which are the same for all kinds of numbers and for
 * all kinds of names.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid_random.h"
#include "moonsweep/halving.h"
#include "moonsweep/job.h"
#include "moonsweep/network.h"
#include "moonsweep/shortest.h"
#include "number.h"

/* ---- names -------------------------------------------------------------------------------------------- */

static const char *activation_name(int position)
{
    return ms_activation_name((enum ms_activation)position);
}

static const char *precision_name(int position)
{
    return ms_precision_name((enum ms_precision)position);
}

static const char *costs_name(int position)
{
    return position == MS_JOB_COSTS_ALL ? "all" : "none";
}

static const char *drawing_name(int position)
{
    static const char *const drawings[MS_DRAWING_COUNT] = {"plain", "latin_hypercube", "sobol"};

    return drawings[position];
}

static const char *measure_name(int position)
{
    return ms_halving_measure_name((enum ms_halving_measure)position);
}

static const char *boolean_name(int position)
{
    return position != 0 ? "true" : "false";
}

/* ---- the kinds ---------------------------------------------------------------------------------------- */

static const struct {
    size_t size;
    bool is_whole;            /* numbers without a fraction */
    int names;                /* number of names; 0: the kind is a number */
    const char *(*name)(int); /* each */
} kinds[MS_KIND_COUNT] = {
    [MS_KIND_BOOLEAN] = {sizeof(bool), false, 2, boolean_name},
    [MS_KIND_REAL] = {.size = sizeof(double)},
    [MS_KIND_INT32] = {.size = sizeof(int32_t), .is_whole = true},
    [MS_KIND_INT64] = {.size = sizeof(int64_t), .is_whole = true},
    [MS_KIND_UINT32] = {.size = sizeof(uint32_t), .is_whole = true},
    [MS_KIND_ACTIVATION] = {sizeof(enum ms_activation), false, MS_ACTIVATION_COUNT, activation_name},
    [MS_KIND_PRECISION] = {sizeof(enum ms_precision), false, MS_PRECISION_COUNT, precision_name},
    [MS_KIND_COSTS] = {sizeof(enum ms_job_costs), false, MS_JOB_COSTS_COUNT, costs_name},
    [MS_KIND_DRAWING] = {sizeof(enum ms_drawing), false, MS_DRAWING_COUNT, drawing_name},
    [MS_KIND_FRACTION] = {.size = sizeof(double)},
    [MS_KIND_MEASURE] = {sizeof(enum ms_halving_measure), false, MS_HALVING_MEASURES, measure_name},
};

size_t ms_value_size(enum ms_kind kind)
{
    return kinds[kind].size;
}

bool ms_value_is_number(enum ms_kind kind)
{
    return kinds[kind].size > 0 && kinds[kind].names == 0;
}

void ms_value_store(enum ms_kind kind, double value, void *to)
{
    switch (kind) {
    case MS_KIND_BOOLEAN:
        *(bool *)to = value != 0;
        break;
    case MS_KIND_REAL:
    case MS_KIND_FRACTION:
        *(double *)to = value;
        break;
    case MS_KIND_INT32:
        *(int32_t *)to = (int32_t)value;
        break;
    case MS_KIND_INT64:
        *(int64_t *)to = (int64_t)value;
        break;
    case MS_KIND_UINT32:
        *(uint32_t *)to = (uint32_t)value;
        break;
    case MS_KIND_ACTIVATION:
        *(enum ms_activation *)to = (enum ms_activation)value;
        break;
    case MS_KIND_PRECISION:
        *(enum ms_precision *)to = (enum ms_precision)value;
        break;
    case MS_KIND_COSTS:
        *(enum ms_job_costs *)to = (enum ms_job_costs)value;
        break;
    case MS_KIND_DRAWING:
        *(enum ms_drawing *)to = (enum ms_drawing)value;
        break;
    case MS_KIND_MEASURE:
        *(enum ms_halving_measure *)to = (enum ms_halving_measure)value;
        break;
    case MS_KIND_SECTION:
    case MS_KIND_TITLE:
    case MS_KIND_TEXT:
    case MS_KIND_COUNT:
        break;
    }
}

double ms_value_load(enum ms_kind kind, const void *from)
{
    switch (kind) {
    case MS_KIND_BOOLEAN:
        return *(const bool *)from;
    case MS_KIND_REAL:
    case MS_KIND_FRACTION:
        return *(const double *)from;
    case MS_KIND_INT32:
        return *(const int32_t *)from;
    case MS_KIND_INT64:
        return (double)*(const int64_t *)from;
    case MS_KIND_UINT32:
        return *(const uint32_t *)from;
    case MS_KIND_ACTIVATION:
        return *(const enum ms_activation *)from;
    case MS_KIND_PRECISION:
        return *(const enum ms_precision *)from;
    case MS_KIND_COSTS:
        return *(const enum ms_job_costs *)from;
    case MS_KIND_DRAWING:
        return *(const enum ms_drawing *)from;
    case MS_KIND_MEASURE:
        return *(const enum ms_halving_measure *)from;
    case MS_KIND_SECTION:
    case MS_KIND_TITLE:
    case MS_KIND_TEXT:
    case MS_KIND_COUNT:
        break;
    }
    return NAN;
}

void *ms_value_array(enum ms_kind kind, const double *values, int64_t count)
{
    const size_t size = ms_value_size(kind);
    char *array = calloc((size_t)count, size);

    for (int64_t i = 0; array != NULL && i < count; i++)
        ms_value_store(kind, values[i], array + (size_t)i * size);
    return array;
}

/* ---- text --------------------------------------------------------------------------------------------- */

static const char *read_name(enum ms_kind kind, const char *text, size_t length, double *value)
{
    for (int i = 0; i < kinds[kind].names; i++) {
        const char *name = kinds[kind].name(i);

        if (strlen(name) == length && memcmp(name, text, length) == 0) {
            *value = i;
            return NULL;
        }
    }
    return length == 0 ? "is empty" : "is unknown";
}

static const char *read_number(enum ms_kind kind, const char *text, size_t length, double *value)
{
    const char *fault;
    int64_t whole = 0;

    if (kind == MS_KIND_FRACTION)
        return ms_number_fraction(text, length, value);
    if (!kinds[kind].is_whole)
        return ms_number_real(text, length, value);
    fault = ms_number_whole(text, length, &whole);
    if (fault == NULL)
        *value = (double)whole;
    return fault;
}

const char *ms_value_read(const struct ms_key *key, const char *text, size_t length, double *value)
{
    const char *fault;
    double number = 0;

    if (!ms_value_is_number(key->kind))
        return read_name(key->kind, text, length, value);
    fault = read_number(key->kind, text, length, &number);
    if (fault != NULL)
        return fault;
    if (key->is_open ? number <= key->min : number < key->min)
        return "is too small";
    if (key->is_open ? number >= key->max : number > key->max)
        return "is too large";
    *value = number;
    return NULL;
}

void ms_value_write(enum ms_kind kind, double value, char text[MS_VALUE_CHARS])
{
    if (kinds[kind].names > 0)
        (void)snprintf(text, MS_VALUE_CHARS, "%s", kinds[kind].name((int)value));
    else if (kinds[kind].is_whole)
        (void)snprintf(text, MS_VALUE_CHARS, "%" PRId64, (int64_t)value);
    else
        (void)ms_shortest(value, text);
}

static void describe_names(enum ms_kind kind, char description[MS_VALUE_DESCRIPTION])
{
    size_t used = 0;

    for (int i = 0; i < kinds[kind].names && used < MS_VALUE_DESCRIPTION; i++) {
        const char *separator = i == 0 ? "" : i + 1 == kinds[kind].names ? " or " : ", ";

        used += (size_t)snprintf(description + used, MS_VALUE_DESCRIPTION - used, "%s%s", separator,
                                 kinds[kind].name(i));
    }
}

void ms_value_describe(const struct ms_key *key, char description[MS_VALUE_DESCRIPTION])
{
    const char *what = kinds[key->kind].is_whole ? "a whole number" : "a number";
    char min[MS_VALUE_CHARS], max[MS_VALUE_CHARS];

    if (kinds[key->kind].names > 0) {
        describe_names(key->kind, description);
        return;
    }
    ms_value_write(key->kind, key->min, min);
    ms_value_write(key->kind, isfinite(key->max) ? key->max : 0, max);
    if (!key->is_open)
        (void)snprintf(description, MS_VALUE_DESCRIPTION, "%s from %s to %s", what, min, max);
    else if (isfinite(key->max))
        (void)snprintf(description, MS_VALUE_DESCRIPTION, "%s above %s and below %s%s", what, min, max,
                       key->kind == MS_KIND_FRACTION ? ", or a quotient such as 1/3" : "");
    else
        (void)snprintf(description, MS_VALUE_DESCRIPTION, "%s above %s", what, min);
}
