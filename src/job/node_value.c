/* Reads the values of nodes, and refuses what the text of a value (value.h) does not show: a number in
 * quotes, an initial scale that is too large for the precision of the job, and equal values in a list, which
 * are found by sorting.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "axis_range.h"
#include "value.h"

/* An element of a list, for finding equal values. */
struct element {
    double value;
    int32_t index;
};

/* Checks that initial weights are finite in the precision of the job. */
static enum ms_code check_scale(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                                int32_t index, const yaml_node_t *node, double value)
{
    const double largest = ms_network_largest_scale(nodes->precision);
    char quoted[MS_QUOTE_BYTES];

    if ((key != &ms_keys[MS_KEY_INIT_SCALE] && key != &ms_keys[MS_KEY_GRID_INIT_SCALE]) || value <= largest)
        return MS_OK;
    return ms_node_complain(
        nodes, node, place, index,
        "%s is too large for %s: initial weights can be 12 times as large and must be finite; "
        "it must be at most %g",
        ms_node_name(node, quoted), ms_precision_name(nodes->precision), largest);
}

enum ms_code ms_node_value(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                           int32_t index, const yaml_node_t *node, double *value)
{
    char description[MS_VALUE_DESCRIPTION], quoted[MS_QUOTE_BYTES], null[MS_NULL_BYTES];
    const char *fault;

    ms_value_describe(key, description);
    if (ms_node_is_null(node))
        return ms_node_complain(nodes, node, place, index, "%s no value; it must be %s",
                                ms_node_name_null(node, null), description);
    if (node->type != YAML_SCALAR_NODE)
        return ms_node_complain(nodes, node, place, index, "%s is not allowed here; it must be %s",
                                ms_node_name(node, quoted), description);
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE && ms_value_is_number(key->kind))
        return ms_node_complain(nodes, node, place, index,
                                "%s is quoted and therefore text; remove the quotes: it must be %s",
                                ms_node_name(node, quoted), description);
    fault = ms_value_read(key, (const char *)node->data.scalar.value, node->data.scalar.length, value);
    if (fault != NULL)
        return ms_node_complain(nodes, node, place, index, "%s %s; it must be %s", ms_node_name(node, quoted),
                                fault, description);
    return check_scale(nodes, key, place, index, node, *value);
}

static int compare_elements(const void *left, const void *right)
{
    const struct element *a = left, *b = right;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Refuses equal values: they would train and store the same networks twice, with two indices. Sorts elements. */
static enum ms_code check_distinct(const struct ms_nodes *nodes, const char *place, const yaml_node_t *node,
                                   struct element *elements, int32_t count)
{
    const struct element *twin = NULL; /* the first value in the file that equals an earlier one */
    const yaml_node_t *first, *second;
    char quoted[2][MS_QUOTE_BYTES], where[MS_WHERE_BYTES];

    qsort(elements, (size_t)count, sizeof elements[0], compare_elements);
    for (int32_t i = 1; i < count; i++)
        if (elements[i].value == elements[i - 1].value && (twin == NULL || elements[i].index < twin->index))
            twin = &elements[i];
    if (twin == NULL)
        return MS_OK;
    first = ms_node_element(nodes, node, twin[-1].index);
    second = ms_node_element(nodes, node, twin->index);
    return ms_node_complain(
        nodes, second, place, twin->index, "%s equals %s in %s; the values of an axis must be different",
        ms_node_name(second, quoted[0]), ms_node_name(first, quoted[1]), ms_node_where(nodes, first, where));
}

static enum ms_code read_elements(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                                  const yaml_node_t *node, struct element *elements, int32_t count)
{
    enum ms_code code = MS_OK;

    for (int32_t i = 0; code == MS_OK && i < count; i++) {
        elements[i].index = i;
        code = ms_node_value(nodes, key, place, ms_node_index(node, i), ms_node_element(nodes, node, i),
                             &elements[i].value);
    }
    return code;
}

enum ms_code ms_node_values(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                            const yaml_node_t *node, bool is_distinct, double **values, int32_t *count)
{
    const int32_t length = ms_node_length(node);
    char description[MS_VALUE_DESCRIPTION];
    struct element *elements;
    enum ms_code code;

    if (node->type == YAML_MAPPING_NODE)
        return ms_axis_range_read(nodes, key, place, node, values, count);
    if (length == 0) {
        ms_value_describe(key, description);
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "the list is empty; it needs at least one value: %s", description);
    }
    elements = calloc((size_t)length, sizeof elements[0]);
    *values = calloc((size_t)length, sizeof **values);
    if (elements == NULL || *values == NULL) {
        code = ms_fail_memory(nodes->err, nodes->path, "for %s", key->path);
    } else {
        code = read_elements(nodes, key, place, node, elements, length);
        for (int32_t i = 0; i < length; i++)
            (*values)[i] = elements[i].value;
        if (code == MS_OK && is_distinct)
            code = check_distinct(nodes, place, node, elements, length);
    }
    free(elements);
    if (code != MS_OK) {
        free(*values);
        *values = NULL;
    }
    *count = length;
    return code;
}
