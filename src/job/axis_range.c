/* Reads the mapping, whose ends are values of the axis, and then makes the values. Those of linear and log are
 * rounded to 12 digits, so that numbers that a person would write come out as they would be written: 0.3 instead
 * of 0.30000000000000004. That is also far more than the error of the logarithm and the exponential function.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "axis_range.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "moonsweep/maths.h"
#include "section.h"
#include "value.h"

enum { DIGITS = 12 }; /* of the values of linear and log */

/* What a mapping says about the values of an axis. */
struct reading {
    const struct ms_nodes *nodes;
    const struct ms_key *key;   /* the axis */
    const struct ms_key *shape; /* MS_KEY_RANGE, MS_KEY_LINEAR or MS_KEY_LOG; NULL: not read yet */
    const yaml_node_t *node;    /* the value of shape */
    char place[MS_PLACE_BYTES]; /* of that node */
    double from, to;
    int64_t count, step;
};

static bool is_whole(const struct ms_key *key)
{
    return key->kind != MS_KIND_REAL;
}

static bool is_shape(const struct ms_key *key)
{
    return key == &ms_keys[MS_KEY_RANGE] || key == &ms_keys[MS_KEY_LINEAR] || key == &ms_keys[MS_KEY_LOG];
}

bool ms_axis_range_is(const struct ms_nodes *nodes, const yaml_node_t *node)
{
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         node->type == YAML_MAPPING_NODE && pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(nodes->document, pair->key);

        if (name->type == YAML_SCALAR_NODE &&
            is_shape(
                ms_keys_find("grid.KEY", (const char *)name->data.scalar.value, name->data.scalar.length)))
            return true;
    }
    return false;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* Reads the element of a shape's list at index as a value of key. */
static enum ms_code read_element(const struct reading *reading, const struct ms_key *key, int32_t index,
                                 double *value)
{
    return ms_node_value(reading->nodes, key, reading->place, index,
                         ms_node_element(reading->nodes, reading->node, index), value);
}

/* Reads [first, end], of which the end is not a value and may be larger than any by one. */
static enum ms_code read_range(struct reading *reading)
{
    struct ms_key end = *reading->key;
    enum ms_code code;

    if (!is_whole(reading->key))
        return ms_node_complain(reading->nodes, reading->node, reading->place, MS_NO_INDEX,
                                "%s has values between whole numbers; use linear or log",
                                ms_keys_name(reading->key));
    if (reading->node->type != YAML_SEQUENCE_NODE || ms_node_length(reading->node) != 2)
        return ms_node_complain(
            reading->nodes, reading->node, reading->place, MS_NO_INDEX,
            "a range is a list of two whole numbers, the first value and the end, which is "
            "not a value: [0, 10] is 0 to 9");
    end.max += 1;
    code = read_element(reading, reading->key, 0, &reading->from);
    return code == MS_OK ? read_element(reading, &end, 1, &reading->to) : code;
}

/* Reads [from, to, count], of which both ends are values. */
static enum ms_code read_spaced(struct reading *reading)
{
    static const struct ms_key counts = {
        .path = "count", .kind = MS_KIND_INT64, .min = 2, .max = MS_AXIS_LONGEST_RANGE};
    double count = 0;
    enum ms_code code;

    if (reading->node->type != YAML_SEQUENCE_NODE || ms_node_length(reading->node) != 3)
        return ms_node_complain(reading->nodes, reading->node, reading->place, MS_NO_INDEX,
                                "it must be a list of three numbers: the first value, the last value and the "
                                "number of values");
    code = read_element(reading, reading->key, 0, &reading->from);
    if (code == MS_OK)
        code = read_element(reading, reading->key, 1, &reading->to);
    if (code == MS_OK)
        code = read_element(reading, &counts, 2, &count);
    reading->count = (int64_t)count;
    return code;
}

static enum ms_code read_key(void *context, const struct ms_key *key, const char *place,
                             const yaml_node_t *value)
{
    struct reading *reading = context;
    double step = 0;
    enum ms_code code;

    if (is_shape(key)) {
        if (reading->shape != NULL)
            return ms_node_complain(reading->nodes, value, place, MS_NO_INDEX,
                                    "the axis has a %s already; keep one of them",
                                    ms_keys_name(reading->shape));
        reading->shape = key;
        reading->node = value;
        (void)snprintf(reading->place, sizeof reading->place, "%s", place);
        return key == &ms_keys[MS_KEY_RANGE] ? read_range(reading) : read_spaced(reading);
    }
    code = ms_node_value(reading->nodes, key, place, MS_NO_INDEX, value, &step);
    reading->step = (int64_t)step;
    return code;
}

/* Checks the step of a range, whose node is NULL if there is none, and counts the values. */
static enum ms_code count_range(struct reading *reading, const yaml_node_t *step)
{
    const struct ms_nodes *nodes = reading->nodes;
    const int64_t from = (int64_t)reading->from, to = (int64_t)reading->to;

    if (reading->shape != &ms_keys[MS_KEY_RANGE])
        return step == NULL
                   ? MS_OK
                   : ms_node_complain(nodes, step, reading->place, MS_NO_INDEX,
                                      "a step belongs to a range; the third number of %s says how many "
                                      "values there are",
                                      ms_keys_name(reading->shape));
    if (from >= to)
        return ms_node_complain(nodes, reading->node, reading->place, MS_NO_INDEX,
                                "the range is empty; its second number, which is not a value, must be the "
                                "larger one: [0, 10] is 0 to 9");
    reading->count = (to - from - 1) / reading->step + 1;
    if (reading->count > MS_AXIS_LONGEST_RANGE)
        return ms_node_complain(nodes, reading->node, reading->place, MS_NO_INDEX,
                                "the range has %" PRId64 " values; an axis may have at most %d that are not "
                                "written one by one",
                                reading->count, MS_AXIS_LONGEST_RANGE);
    return MS_OK;
}

static enum ms_code check_spaced(const struct reading *reading)
{
    const bool is_log = reading->shape == &ms_keys[MS_KEY_LOG];

    if (is_log && (reading->from <= 0 || reading->to <= 0))
        return ms_node_complain(reading->nodes, reading->node, reading->place, MS_NO_INDEX,
                                "0 has no logarithm; begin above 0, or use linear");
    if (reading->from == reading->to)
        return ms_node_complain(reading->nodes, reading->node, reading->place, MS_NO_INDEX,
                                "the first and the last value are equal; they must be different");
    return MS_OK;
}

/* ---- values ------------------------------------------------------------------------------------------- */

/* The number nearest to x with DIGITS digits. */
static double rounded(double x)
{
    char text[MS_VALUE_CHARS];

    (void)snprintf(text, sizeof text, "%.*e", DIGITS - 1, x);
    return strtod(text, NULL);
}

static double spaced_value(const struct reading *reading, int64_t index)
{
    const double from = reading->from, to = reading->to;
    const double part = (double)index / (double)(reading->count - 1);
    double value;

    if (index == 0 || index == reading->count - 1)
        return index == 0 ? from : to;
    if (reading->shape == &ms_keys[MS_KEY_LOG])
        value = rounded(ms_exp(ms_log(from) + (ms_log(to) - ms_log(from)) * part));
    else
        value = rounded(from + (to - from) * part);
    return is_whole(reading->key) ? rint(value) : value;
}

/* Sets the values of linear or log, and refuses those that rounding makes equal. */
static enum ms_code space_values(const struct reading *reading, double *values)
{
    const double direction = reading->from < reading->to ? 1 : -1;

    for (int64_t i = 0; i < reading->count; i++) {
        values[i] = spaced_value(reading, i);
        if (i > 0 && !(direction * values[i] > direction * values[i - 1]))
            return ms_node_complain(
                reading->nodes, reading->node, reading->place, MS_NO_INDEX,
                "values %" PRId64 " and %" PRId64 " are equal when they are rounded to %s; "
                "ask for fewer than %" PRId64 " values",
                i - 1, i, is_whole(reading->key) ? "whole numbers" : "12 digits", reading->count);
    }
    return MS_OK;
}

static void count_up(const struct reading *reading, double *values)
{
    for (int64_t i = 0; i < reading->count; i++)
        values[i] = reading->from + (double)(i * reading->step);
}

/* Sets *values to new ones. */
static enum ms_code make_values(const struct reading *reading, double **values)
{
    enum ms_code code = MS_OK;

    *values = malloc((size_t)reading->count * sizeof **values);
    if (*values == NULL)
        return ms_fail_memory(reading->nodes->err, reading->nodes->path, "for %s", reading->key->path);
    if (reading->shape == &ms_keys[MS_KEY_RANGE])
        count_up(reading, *values);
    else
        code = space_values(reading, *values);
    if (code != MS_OK) {
        free(*values);
        *values = NULL;
    }
    return code;
}

enum ms_code ms_axis_range_read(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                                const yaml_node_t *node, double **values, int32_t *count)
{
    const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *found[MS_KEY_COUNT] = {NULL};
    const struct ms_section section = {nodes, "grid.KEY", place, keys, found};
    struct reading reading = {.nodes = nodes, .key = key, .step = 1};
    enum ms_code code;

    *values = NULL;
    if (!ms_value_is_number(key->kind))
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "%s has no range, because its values are names; list the values",
                                ms_keys_name(key));
    code = ms_section_read(&section, node, read_key, &reading);
    if (code == MS_OK && reading.shape == NULL)
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "there are no values; the mapping must have the key range, linear or log");
    if (code == MS_OK)
        code = count_range(&reading, found[MS_KEY_STEP]);
    if (code == MS_OK && reading.shape != &ms_keys[MS_KEY_RANGE])
        code = check_spaced(&reading);
    if (code == MS_OK)
        code = make_values(&reading, values);
    if (code == MS_OK)
        *count = (int32_t)reading.count;
    return code;
}
