/* The nodes of a job's document: how messages name them, and their values.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_NODE_H
#define MOONSWEEP_JOB_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "keys.h"
#include "moonsweep/error.h"
#include "moonsweep/network.h"
#include "moonsweep/quote.h"
#include "settings.h"

/* Index of a value that is not an element of a list. */
#define MS_NO_INDEX (-1)

/* Space for the place of a value in messages, such as "grid[2].zip.n_h". */
#define MS_PLACE_BYTES 128

struct ms_nodes {
    const char *path; /* of the file, for messages */
    yaml_document_t *document;
    enum ms_precision precision; /* of the job: initial weights must be finite in it */
    struct ms_error *err;
    const struct ms_settings *settings; /* that were applied to the document; NULL: none */
};

/* Fails with MS_BAD_INPUT and "path:line:column: place[index]: sentence", where the position is that of node. If the
 * node is from a setting, that is named instead. An empty place is left out. */
enum ms_code ms_node_complain(const struct ms_nodes *nodes, const yaml_node_t *node, const char *place,
                              int32_t index, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Space for the result of ms_node_where. */
#define MS_WHERE_BYTES MS_SETTING_BYTES

/* Says where a node is, for "in ..." within a sentence: "line 12, column 19", or the setting that it is from. */
const char *ms_node_where(const struct ms_nodes *nodes, const yaml_node_t *node, char where[MS_WHERE_BYTES]);

/* Describes a node for its author: the text of a scalar in quotes, or "a list" or "a mapping". */
const char *ms_node_name(const yaml_node_t *node, char quoted[MS_QUOTE_BYTES]);

/* Whether there is nothing after "key:". */
bool ms_node_is_nothing(const yaml_node_t *node);

/* Whether YAML has no value here: nothing, or one of its words for that. */
bool ms_node_is_null(const yaml_node_t *node);

/* Space for the result of ms_node_name_null. */
#define MS_NULL_BYTES 16

/* Returns the beginning of a sentence that continues with "no value". */
const char *ms_node_name_null(const yaml_node_t *node, char named[MS_NULL_BYTES]);

/* The number of elements of a list; 1 for any other node, which is its own only element. */
int32_t ms_node_length(const yaml_node_t *node);

/* The element at index. */
const yaml_node_t *ms_node_element(const struct ms_nodes *nodes, const yaml_node_t *node, int32_t index);

/* The index of an element in messages: MS_NO_INDEX if node is not a list. */
int32_t ms_node_index(const yaml_node_t *node, int32_t index);

/* Writes the place of an element in messages: "place[index]", or place itself if node is not a list. */
void ms_node_place(const char *place, const yaml_node_t *node, int32_t index,
                   char element_place[MS_PLACE_BYTES]);

/* Reads a value of key. Errors: MS_BAD_INPUT. */
enum ms_code ms_node_value(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                           int32_t index, const yaml_node_t *node, double *value);

/* Reads the values of a list, or one value as a list of one, of which none may occur twice if is_distinct, or those that a
 * mapping makes (axis_range.h). The caller frees *values. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_node_values(const struct ms_nodes *nodes, const struct ms_key *key, const char *place,
                            const yaml_node_t *node, bool is_distinct, double **values, int32_t *count);

#endif
