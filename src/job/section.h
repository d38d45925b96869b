/* Mappings of a job file: finds each key in the table of keys, and refuses unknown and repeated ones.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_SECTION_H
#define MOONSWEEP_JOB_SECTION_H

#include "node.h"

struct ms_section {
    const struct ms_nodes *nodes;
    const char *name;                   /* in the table of keys: "grid.zip" */
    const char *place;                  /* in messages: "grid[1].zip" */
    const yaml_node_t **keys, **values; /* [MS_KEY_COUNT]: the nodes found so far; NULL: not found yet */
};

/* Reads the value of a key, which is at place. */
typedef enum ms_code ms_section_reader(void *context, const struct ms_key *key, const char *place,
                                       const yaml_node_t *value);

/* Calls read for every key of the mapping node, in the order of the file. Errors: MS_BAD_INPUT, those of read. */
enum ms_code ms_section_read(const struct ms_section *section, const yaml_node_t *node,
                             ms_section_reader *read, void *context);

/* Fails because a key is missing in the mapping node. */
enum ms_code ms_section_fail_missing(const struct ms_section *section, const struct ms_key *key,
                                     const yaml_node_t *node);

#endif
