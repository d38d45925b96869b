/* Reads the values of an axis one by one, and finds equal ones by sorting. Those of a mapping are made in
 * axis_range.c.
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
