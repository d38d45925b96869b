/* Begins each message about a node with its place: the position in the file, or the setting that it is from,
 * which is found by the number of the node. The other functions describe nodes, and treat one that is not a
 * list as a list of one element.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = 640 }; /* leaves space for the position in struct ms_error */

/* The setting that a node is from, or NULL. */
static const struct ms_setting *setting_of(const struct ms_nodes *nodes, const yaml_node_t *node)
{
    return ms_settings_find(nodes->settings, (int)(node - nodes->document->nodes.start));
}

const char *ms_node_where(const struct ms_nodes *nodes, const yaml_node_t *node, char where[MS_WHERE_BYTES])
{
    const struct ms_setting *setting = setting_of(nodes, node);

    if (setting != NULL)
        return ms_settings_name(setting, where);
    (void)snprintf(where, MS_WHERE_BYTES, "line %zu, column %zu", node->start_mark.line + 1,
                   node->start_mark.column + 1);
    return where;
}

enum ms_code ms_node_complain(const struct ms_nodes *nodes, const yaml_node_t *node, const char *place,
                              int32_t index, const char *format, ...)
{
    char sentence[SENTENCE_BYTES];
    char brackets[16] = "";
    const struct ms_setting *setting = setting_of(nodes, node);
    char name[MS_SETTING_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (index != MS_NO_INDEX)
        (void)snprintf(brackets, sizeof brackets, "[%d]", index);
    if (setting != NULL)
        return ms_fail(nodes->err, MS_BAD_INPUT, "%s: %s%s%s%s", ms_settings_name(setting, name), place,
                       brackets, *place != '\0' ? ": " : "", sentence);
    return ms_fail(nodes->err, MS_BAD_INPUT, "%s:%zu:%zu: %s%s%s%s", nodes->path, node->start_mark.line + 1,
                   node->start_mark.column + 1, place, brackets, *place != '\0' ? ": " : "", sentence);
}

const char *ms_node_name(const yaml_node_t *node, char quoted[MS_QUOTE_BYTES])
{
    if (node->type == YAML_SEQUENCE_NODE)
        return "a list";
    if (node->type == YAML_MAPPING_NODE)
        return "a mapping";
    return ms_quote((const char *)node->data.scalar.value, node->data.scalar.length, quoted);
}

static bool is_quoted(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

bool ms_node_is_nothing(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 && !is_quoted(node);
}

bool ms_node_is_null(const yaml_node_t *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    if (node->type != YAML_SCALAR_NODE || is_quoted(node))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (node->data.scalar.length == strlen(words[i]) &&
            memcmp(node->data.scalar.value, words[i], node->data.scalar.length) == 0)
            return true;
    return false;
}

const char *ms_node_name_null(const yaml_node_t *node, char named[MS_NULL_BYTES])
{
    char quoted[MS_QUOTE_BYTES];

    if (ms_node_is_nothing(node))
        return "there is";
    (void)snprintf(named, MS_NULL_BYTES, "%s means", ms_node_name(node, quoted));
    return named;
}

int32_t ms_node_length(const yaml_node_t *node)
{
    return node->type == YAML_SEQUENCE_NODE
               ? (int32_t)(node->data.sequence.items.top - node->data.sequence.items.start)
               : 1;
}

const yaml_node_t *ms_node_element(const struct ms_nodes *nodes, const yaml_node_t *node, int32_t index)
{
    return node->type == YAML_SEQUENCE_NODE
               ? yaml_document_get_node(nodes->document, node->data.sequence.items.start[index])
               : node;
}

int32_t ms_node_index(const yaml_node_t *node, int32_t index)
{
    return node->type == YAML_SEQUENCE_NODE ? index : MS_NO_INDEX;
}

void ms_node_place(const char *place, const yaml_node_t *node, int32_t index,
                   char element_place[MS_PLACE_BYTES])
{
    if (node->type == YAML_SEQUENCE_NODE)
        (void)snprintf(element_place, MS_PLACE_BYTES, "%s[%d]", place, index);
    else
        (void)snprintf(element_place, MS_PLACE_BYTES, "%s", place);
}
