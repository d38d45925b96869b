/* Reads the pairs of a mapping in the order of the file. The node of each key is stored in the arrays of the
 * section, where a second one, which libyaml accepts, is noticed. Sections that share these arrays may not
 * share a key.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "section.h"

#include <stdio.h>

enum { LIST_BYTES = 200 }; /* space for the names of the keys of a section */

/* Writes the place of a key of the section. */
static void write_place(const struct ms_section *section, const struct ms_key *key,
                        char place[MS_PLACE_BYTES])
{
    (void)snprintf(place, MS_PLACE_BYTES, "%s%s%s", section->place, *section->place != '\0' ? "." : "",
                   ms_keys_name(key));
}

static enum ms_code fail_unknown(const struct ms_section *section, const yaml_node_t *name)
{
    const struct ms_key *meant = ms_keys_suggest(section->name, (const char *)name->data.scalar.value);
    char quoted[MS_QUOTE_BYTES], list[LIST_BYTES], place[MS_PLACE_BYTES] = "";

    ms_keys_list(section->name, list, sizeof list);
    if (meant != NULL && ms_keys_is_in(meant, section->name))
        write_place(section, meant, place);
    else if (meant != NULL)
        (void)snprintf(place, sizeof place, "%s", meant->path);
    return ms_node_complain(section->nodes, name, section->place, MS_NO_INDEX,
                            "unknown key %s; %s%s%sthe keys here are %s", ms_node_name(name, quoted),
                            meant != NULL ? "did you mean " : "", place, meant != NULL ? "? " : "", list);
}

/* Finds the key that the node name refers to. */
static enum ms_code find_key(const struct ms_section *section, const yaml_node_t *name,
                             const struct ms_key **key)
{
    char quoted[MS_QUOTE_BYTES];

    if (name->type != YAML_SCALAR_NODE)
        return ms_node_complain(section->nodes, name, section->place, MS_NO_INDEX,
                                "%s is not allowed as a key; a key must be a word",
                                ms_node_name(name, quoted));
    *key = ms_keys_find(section->name, (const char *)name->data.scalar.value, name->data.scalar.length);
    return *key != NULL ? MS_OK : fail_unknown(section, name);
}

static enum ms_code read_pair(const struct ms_section *section, const yaml_node_t *name,
                              const yaml_node_t *value, ms_section_reader *read, void *context)
{
    const struct ms_key *key = NULL;
    enum ms_code code = find_key(section, name, &key);
    char place[MS_PLACE_BYTES], where[MS_WHERE_BYTES];
    size_t id;

    if (code != MS_OK)
        return code;
    id = (size_t)(key - ms_keys);
    write_place(section, key, place);
    if (section->keys[id] != NULL)
        return ms_node_complain(section->nodes, name, place, MS_NO_INDEX,
                                "the key is also in %s; keep one of them",
                                ms_node_where(section->nodes, section->keys[id], where));
    section->keys[id] = name;
    section->values[id] = value;
    return read(context, key, place, value);
}

enum ms_code ms_section_read(const struct ms_section *section, const yaml_node_t *node,
                             ms_section_reader *read, void *context)
{
    yaml_document_t *document = section->nodes->document;
    enum ms_code code = MS_OK;
    char quoted[MS_QUOTE_BYTES], list[LIST_BYTES];

    if (node->type != YAML_MAPPING_NODE) {
        ms_keys_list(section->name, list, sizeof list);
        return ms_node_complain(section->nodes, node, section->place, MS_NO_INDEX,
                                "%s %s; it must be a mapping with the keys %s",
                                ms_node_is_nothing(node) ? "there" : ms_node_name(node, quoted),
                                ms_node_is_nothing(node) ? "is no value" : "is not allowed here", list);
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         code == MS_OK && pair < node->data.mapping.pairs.top; pair++)
        code = read_pair(section, yaml_document_get_node(document, pair->key),
                         yaml_document_get_node(document, pair->value), read, context);
    return code;
}

enum ms_code ms_section_fail_missing(const struct ms_section *section, const struct ms_key *key,
                                     const yaml_node_t *node)
{
    char place[MS_PLACE_BYTES];

    write_place(section, key, place);
    return ms_node_complain(section->nodes, node, place, MS_NO_INDEX,
                            "the key is missing from the mapping that begins here");
}
