/* Changes to the tree of nodes of a YAML document. Nodes are numbered from 1 as in libyaml; adding one may move all nodes
 * in memory, so that pointers to them are no longer valid.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_TREE_H
#define MOONSWEEP_JOB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* The number of nodes. */
int ms_tree_count(const yaml_document_t *document);

/* The value of a key in the mapping node, or 0 if the key is missing. */
int ms_tree_find(yaml_document_t *document, int mapping, const char *key, size_t length);

/* Sets the value of a key in the mapping node, which is added if it is missing; sets an element of a list, which must
 * exist. Return false without memory. */
bool ms_tree_put(yaml_document_t *document, int mapping, const char *key, size_t length, int value);
bool ms_tree_put_element(yaml_document_t *document, int list, long position, int value);

/* Removes a key from the mapping node, if it is there. */
void ms_tree_remove(yaml_document_t *document, int mapping, const char *key, size_t length);

/* Adds all nodes of another document; returns the number of its root, or 0 without memory. */
int ms_tree_copy(yaml_document_t *document, yaml_document_t *other);

/* Adds a node with the same content, which refers to the same values; returns its number, or 0 without memory. */
int ms_tree_copy_node(yaml_document_t *document, int node);

#endif
