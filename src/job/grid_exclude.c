/* Reads rules into a condition for each axis, and tells which configurations meet one of them. An axis for
 * which a rule has no condition meets it with every value. Values are compared as numbers, not as they are
 * spelled.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "grid_exclude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "axis_range.h"
#include "grid_factor.h"
#include "value.h"

/* A condition on an axis: to have one of some values, or a value in a range. */
struct condition {
    bool is_given;
    double *values; /* ascending, owned; NULL: a range */
    int32_t count;
    double from, to; /* of a range, both included */
};

struct rule {
    char place[MS_PLACE_BYTES];
    struct condition conditions[MS_AXES];
    bool has_matched;
};

struct ms_exclusions {
    int32_t count;
    struct rule rules[];
};

struct reading {
    const struct ms_nodes *nodes;
    struct rule *rule;
    const struct ms_key *key; /* of the condition that is being read */
    int32_t conditions;
};

static enum ms_code read_end(void *context, const struct ms_key *end, const char *place,
                             const yaml_node_t *value)
{
    const struct reading *reading = context;
    struct condition *condition = &reading->rule->conditions[ms_factor_axis(reading->key)];

    return ms_node_value(reading->nodes, reading->key, place, MS_NO_INDEX, value,
                         end == &ms_keys[MS_KEY_EXCLUDE_FROM] ? &condition->from : &condition->to);
}

static enum ms_code read_range(struct reading *reading, const char *place, const yaml_node_t *node)
{
    const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *values[MS_KEY_COUNT] = {NULL};
    const struct ms_section section = {reading->nodes, "grid.exclude.KEY", place, keys, values};
    struct condition *condition = &reading->rule->conditions[ms_factor_axis(reading->key)];
    enum ms_code code;

    if (!ms_value_is_number(reading->key->kind))
        return ms_node_complain(reading->nodes, node, place, MS_NO_INDEX,
                                "%s has no range, because its values are names; list the values",
                                ms_keys_name(reading->key));
    condition->from = -INFINITY;
    condition->to = INFINITY;
    code = ms_section_read(&section, node, read_end, reading);
    if (code == MS_OK && keys[MS_KEY_EXCLUDE_FROM] == NULL && keys[MS_KEY_EXCLUDE_TO] == NULL)
        return ms_node_complain(reading->nodes, node, place, MS_NO_INDEX,
                                "the range is empty; it must have from, to or both");
    if (code == MS_OK && condition->from > condition->to)
        return ms_node_complain(reading->nodes, node, place, MS_NO_INDEX,
                                "the range ends before it begins; from must not be larger than to");
    return code;
}

static int compare_values(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static enum ms_code read_condition(void *context, const struct ms_key *key, const char *place,
                                   const yaml_node_t *value)
{
    struct reading *reading = context;
    struct condition *condition = &reading->rule->conditions[ms_factor_axis(key)];

    enum ms_code code;

    reading->key = key;
    reading->conditions++;
    condition->is_given = true;
    if (value->type == YAML_MAPPING_NODE && !ms_axis_range_is(reading->nodes, value))
        return read_range(reading, place, value);
    code = ms_node_values(reading->nodes, key, place, value, true, &condition->values, &condition->count);
    if (code == MS_OK)
        qsort(condition->values, (size_t)condition->count, sizeof *condition->values, compare_values);
    return code;
}

/* Reads the rule at rule->place. */
static enum ms_code read_rule(const struct ms_nodes *nodes, const yaml_node_t *node, struct rule *rule)
{
    const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *values[MS_KEY_COUNT] = {NULL};
    const struct ms_section section = {nodes, "grid.exclude", rule->place, keys, values};
    struct reading reading = {.nodes = nodes, .rule = rule};
    enum ms_code code = ms_section_read(&section, node, read_condition, &reading);

    if (code == MS_OK && reading.conditions == 0)
        return ms_node_complain(
            nodes, node, rule->place, MS_NO_INDEX,
            "the mapping is empty and would exclude everything; it must have a condition");
    return code;
}

enum ms_code ms_exclusions_read(const struct ms_nodes *nodes, const char *place, const yaml_node_t *node,
                                struct ms_exclusions **exclusions)
{
    const int32_t count = ms_node_length(node);
    struct ms_exclusions *made;
    enum ms_code code = MS_OK;

    *exclusions = NULL;
    if (count == 0)
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "the list is empty; it needs at least one mapping of conditions");
    made = calloc(1, sizeof *made + (size_t)count * sizeof made->rules[0]);
    if (made == NULL)
        return ms_fail_memory(nodes->err, nodes->path, "for %s", place);
    made->count = count;
    for (int32_t i = 0; code == MS_OK && i < count; i++) {
        ms_node_place(place, node, i, made->rules[i].place);
        code = read_rule(nodes, ms_node_element(nodes, node, i), &made->rules[i]);
    }
    if (code == MS_OK)
        *exclusions = made;
    else
        ms_exclusions_free(made);
    return code;
}

static bool is_met(const struct condition *condition, double value)
{
    if (!condition->is_given)
        return true;
    if (condition->values == NULL)
        return value >= condition->from && value <= condition->to;
    return bsearch(&value, condition->values, (size_t)condition->count, sizeof value, compare_values) != NULL;
}

static bool matches(const struct rule *rule, const double values[MS_AXES])
{
    int32_t axis = 0;

    while (axis < MS_AXES && is_met(&rule->conditions[axis], values[axis]))
        axis++;
    return axis == MS_AXES;
}

bool ms_exclusions_match(struct ms_exclusions *exclusions, const double values[MS_AXES])
{
    bool is_excluded = false;

    for (int32_t i = 0; i < exclusions->count; i++) {
        struct rule *rule = &exclusions->rules[i];

        /* A rule may match only what others exclude as well. */
        if ((is_excluded && rule->has_matched) || !matches(rule, values))
            continue;
        rule->has_matched = is_excluded = true;
    }
    return is_excluded;
}

const char *ms_exclusions_idle(const struct ms_exclusions *exclusions)
{
    for (int32_t i = 0; i < exclusions->count; i++)
        if (!exclusions->rules[i].has_matched)
            return exclusions->rules[i].place;
    return NULL;
}

void ms_exclusions_free(struct ms_exclusions *exclusions)
{
    if (exclusions == NULL)
        return;
    for (int32_t i = 0; i < exclusions->count; i++)
        for (int32_t axis = 0; axis < MS_AXES; axis++)
            free(exclusions->rules[i].conditions[axis].values);
    free(exclusions);
}
