/* Reads the value of a node, and refuses what the text of a value (value.h) does not show: a number in quotes,
 * and an initial scale that is too large for the precision of the job.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "node.h"
#include "value.h"

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
