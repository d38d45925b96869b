/* Changes a tree by adding nodes and by setting the numbers by which nodes refer to each other. A node is
 * never removed: what was replaced stays in the document without being referred to. All nodes of another
 * document are copied in their order, so that their numbers only have to be raised by the number of nodes
 * before them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "tree.h"

#include <string.h>

int ms_tree_count(const yaml_document_t *document)
{
    return (int)(document->nodes.top - document->nodes.start);
}

/* The pair of a key, or NULL. */
static yaml_node_pair_t *find_pair(yaml_document_t *document, int mapping, const char *key, size_t length)
{
    const yaml_node_t *node = yaml_document_get_node(document, mapping);

    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         pair++) {
        const yaml_node_t *name = yaml_document_get_node(document, pair->key);

        if (name->type == YAML_SCALAR_NODE && name->data.scalar.length == length &&
            memcmp(name->data.scalar.value, key, length) == 0)
            return pair;
    }
    return NULL;
}

int ms_tree_find(yaml_document_t *document, int mapping, const char *key, size_t length)
{
    const yaml_node_pair_t *pair = find_pair(document, mapping, key, length);

    return pair != NULL ? pair->value : 0;
}

static int add_scalar(yaml_document_t *document, const unsigned char *text, size_t length,
                      yaml_scalar_style_t style)
{
    return yaml_document_add_scalar(document, NULL, text, (int)length, style);
}

bool ms_tree_put(yaml_document_t *document, int mapping, const char *key, size_t length, int value)
{
    yaml_node_pair_t *pair = find_pair(document, mapping, key, length);
    int name;

    if (pair != NULL) {
        pair->value = value;
        return true;
    }
    name = add_scalar(document, (const unsigned char *)key, length, YAML_PLAIN_SCALAR_STYLE);
    return name != 0 && yaml_document_append_mapping_pair(document, mapping, name, value);
}

bool ms_tree_put_element(yaml_document_t *document, int list, long position, int value)
{
    yaml_document_get_node(document, list)->data.sequence.items.start[position] = value;
    return true;
}

void ms_tree_remove(yaml_document_t *document, int mapping, const char *key, size_t length)
{
    yaml_node_t *node = yaml_document_get_node(document, mapping);
    yaml_node_pair_t *pair = find_pair(document, mapping, key, length);

    if (pair == NULL)
        return;
    node->data.mapping.pairs.top--;
    memmove(pair, pair + 1, (size_t)((char *)node->data.mapping.pairs.top - (char *)pair));
}

/* Adds a node like `original`, but without elements and pairs. Returns its number, or 0. */
static int add_like(yaml_document_t *document, const yaml_node_t *original)
{
    const yaml_mark_t start = original->start_mark, end = original->end_mark;
    yaml_node_t *made;
    int number = 0;

    if (original->type == YAML_SCALAR_NODE)
        number = add_scalar(document, original->data.scalar.value, original->data.scalar.length,
                            original->data.scalar.style);
    else if (original->type == YAML_SEQUENCE_NODE)
        number = yaml_document_add_sequence(document, NULL, original->data.sequence.style);
    else if (original->type == YAML_MAPPING_NODE)
        number = yaml_document_add_mapping(document, NULL, original->data.mapping.style);
    if (number != 0) {
        made = yaml_document_get_node(document, number);
        made->start_mark = start;
        made->end_mark = end;
    }
    return number;
}

/* Gives the node `number` the elements or pairs of original, whose numbers are raised by offset. */
static bool add_content(yaml_document_t *document, int number, const yaml_node_t *original, int offset)
{
    const yaml_node_item_t *item = original->data.sequence.items.start;
    const yaml_node_pair_t *pair = original->data.mapping.pairs.start;
    bool is_added = true;

    if (original->type == YAML_SEQUENCE_NODE)
        for (; is_added && item < original->data.sequence.items.top; item++)
            is_added = yaml_document_append_sequence_item(document, number, *item + offset);
    if (original->type == YAML_MAPPING_NODE)
        for (; is_added && pair < original->data.mapping.pairs.top; pair++)
            is_added = yaml_document_append_mapping_pair(document, number, pair->key + offset,
                                                         pair->value + offset);
    return is_added;
}

int ms_tree_copy(yaml_document_t *document, yaml_document_t *other)
{
    const int offset = ms_tree_count(document), count = ms_tree_count(other);

    for (int i = 1; i <= count; i++)
        if (add_like(document, yaml_document_get_node(other, i)) == 0)
            return 0;
    for (int i = 1; i <= count; i++)
        if (!add_content(document, offset + i, yaml_document_get_node(other, i), offset))
            return 0;
    return offset + 1;
}

int ms_tree_copy_node(yaml_document_t *document, int node)
{
    const yaml_node_t original = *yaml_document_get_node(document, node); /* its content stays in its place */
    const int number = add_like(document, &original);

    return number != 0 && add_content(document, number, &original, 0) ? number : 0;
}
