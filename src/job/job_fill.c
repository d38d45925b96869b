/* Reads the document in the order of the file. The row of each key in the table of keys says how its value is
 * read and where it is stored. Two keys on which the validity of others depends are read ahead. Defaults of
 * missing keys, and conditions on several keys, follow when a section or the document has been read.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_fill.h"

#include <stdlib.h>
#include <string.h>

#include "grid_fill.h"
#include "job_data_keys.h"
#include "job_datasets.h"
#include "job_weight.h"
#include "moonsweep/printable.h"
#include "moonsweep/split.h"
#include "section.h"
#include "value.h"

struct filling {
    struct ms_nodes nodes;
    struct ms_job *job;
    const yaml_node_t *keys[MS_KEY_COUNT], *values[MS_KEY_COUNT]; /* as in struct ms_section */
};

/* ---- values ------------------------------------------------------------------------------------------- */

static enum ms_code read_single(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    double value = 0;
    enum ms_code code = ms_node_value(&filling->nodes, key, key->path, MS_NO_INDEX, node, &value);

    if (code == MS_OK)
        ms_value_store(key->kind, value, (char *)filling->job + key->field);
    return code;
}

/* Reads a list of values that is not an axis of the grid. */
static enum ms_code read_list(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    char *job = (char *)filling->job;
    double *values = NULL;
    void *array;
    int32_t count = 0;
    enum ms_code code = ms_node_values(&filling->nodes, key, key->path, node, true, &values, &count);

    if (code != MS_OK)
        return code;
    array = ms_value_array(key->kind, values, count);
    free(values);
    if (array == NULL)
        return ms_fail_memory(filling->nodes.err, filling->nodes.path, "for %s", key->path);
    *(void **)(job + key->field) = array;
    *(int32_t *)(job + key->length) = count;
    return MS_OK;
}

static enum ms_code read_title(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    char **field = (char **)((char *)filling->job + key->field);
    char quoted[MS_QUOTE_BYTES], null[MS_NULL_BYTES];
    const char *fault = NULL;

    if (ms_node_is_null(node))
        return ms_node_complain(&filling->nodes, node, key->path, MS_NO_INDEX,
                                "%s no value; it must be one line of %.0f to %.0f bytes",
                                ms_node_name_null(node, null), key->min, key->max);
    if (node->type != YAML_SCALAR_NODE)
        fault = "is not allowed here";
    else if (node->data.scalar.length < (size_t)key->min)
        fault = "is empty";
    else if (node->data.scalar.length > (size_t)key->max)
        fault = "is too long";
    else if (!ms_printable_all((const char *)node->data.scalar.value, node->data.scalar.length))
        fault = "has a line break or another control character";
    if (fault != NULL)
        return ms_node_complain(&filling->nodes, node, key->path, MS_NO_INDEX,
                                "%s %s; it must be one line of %.0f to %.0f bytes",
                                ms_node_name(node, quoted), fault, key->min, key->max);
    *field = strdup((const char *)node->data.scalar.value);
    return *field != NULL ? MS_OK
                          : ms_fail_memory(filling->nodes.err, filling->nodes.path, "for %s", key->path);
}

/* ---- keys and sections -------------------------------------------------------------------------------- */

/* Sets a key that is missing in the mapping node to its default. */
static enum ms_code fill_missing(struct filling *filling, const struct ms_section *section,
                                 const struct ms_key *key, const yaml_node_t *node)
{
    double value = 0;

    if (key->is_optional)
        return MS_OK;
    if (key->fallback == NULL)
        return ms_section_fail_missing(section, key, node);
    (void)ms_value_read(key, key->fallback, strlen(key->fallback), &value);
    ms_value_store(key->kind, value, (char *)filling->job + key->field);
    return MS_OK;
}

/* Checks which keys of data are given together; node is the mapping. */
static enum ms_code check_data_keys(struct filling *filling, const yaml_node_t *node)
{
    bool given[MS_KEY_COUNT];
    struct ms_job_data_fault fault;

    for (int id = 0; id < MS_KEY_COUNT; id++)
        given[id] = filling->keys[id] != NULL;
    if (ms_job_data_keys_are_right(given, &fault))
        return MS_OK;
    return ms_node_complain(&filling->nodes,
                            given[fault.key] && fault.key != MS_KEY_DATA ? filling->keys[fault.key] : node,
                            ms_keys[fault.key].path, MS_NO_INDEX, "%s", fault.sentence);
}

/* Recursive; sections are nested only as deep as the table of keys says. */
static enum ms_code read_section(struct filling *filling, const char *name, const yaml_node_t *node);

static enum ms_code read_key(void *context, const struct ms_key *key, const char *place,
                             const yaml_node_t *value)
{
    struct filling *filling = context;

    if (key == &ms_keys[MS_KEY_GRID])
        return ms_grid_fill(&filling->nodes, value, filling->job);
    if (key == &ms_keys[MS_KEY_CLASS_WEIGHT])
        return ms_job_weight_read(&filling->nodes, value, &filling->job->class_weight);
    if (key->kind == MS_KIND_SECTION)
        return read_section(filling, place, value);
    if (key->kind == MS_KIND_TITLE || key->kind == MS_KIND_TEXT)
        return read_title(filling, key, value);
    return key->is_list ? read_list(filling, key, value) : read_single(filling, key, value);
}

static enum ms_code read_section(struct filling *filling, const char *name, const yaml_node_t *node)
{
    const struct ms_section section = {&filling->nodes, name, name, filling->keys, filling->values};
    enum ms_code code = ms_section_read(&section, node, read_key, filling);

    for (size_t id = 0; code == MS_OK && id < MS_KEY_COUNT; id++)
        if (filling->keys[id] == NULL && ms_keys_is_in(&ms_keys[id], name))
            code = fill_missing(filling, &section, &ms_keys[id], node);
    if (code == MS_OK && strcmp(name, ms_keys[MS_KEY_DATA].path) == 0)
        code = check_data_keys(filling, node);
    return code;
}

/* Refuses a key of `stop` that means nothing without another one. */
static enum ms_code check_stop(struct filling *filling)
{
    const struct ms_end_rules *stop = &filling->job->stop;
    const enum ms_key_id unused = stop->min_delta > 0 && stop->patience == 0            ? MS_KEY_MIN_DELTA
                                  : stop->every > 0 && !(stop->target_dev_accuracy > 0) ? MS_KEY_EVERY
                                                                                        : MS_KEY_COUNT;

    if (unused == MS_KEY_COUNT)
        return MS_OK;
    return ms_node_complain(&filling->nodes, filling->keys[unused], ms_keys[unused].path, MS_NO_INDEX,
                            "the key has no effect without %s, which must be above 0",
                            ms_keys[unused == MS_KEY_MIN_DELTA ? MS_KEY_PATIENCE : MS_KEY_TARGET].path);
}

/* Sets which costs are stored, and refuses a stride for none. */
static enum ms_code take_costs(struct filling *filling)
{
    struct ms_job *job = filling->job;
    const bool are_none = job->costs == MS_JOB_COSTS_NONE;

    if (are_none && filling->keys[MS_KEY_COST_EVERY] != NULL)
        return ms_node_complain(&filling->nodes, filling->keys[MS_KEY_COST_EVERY],
                                ms_keys[MS_KEY_COST_EVERY].path, MS_NO_INDEX,
                                "the key has no effect with `costs: none`; leave out one of them");
    ms_grid_set_cost_stride(&job->grid, are_none ? 0 : job->cost_every);
    return MS_OK;
}

/* ---- conditions on several keys ------------------------------------------------------------------------ */

/* Sets the keys on whose values the validity of others depends, wherever they are in the file. An invalid value is
 * reported later, when all keys are read in order. */
static void read_ahead(struct filling *filling, enum ms_key_id id)
{
    const struct ms_key *key = &ms_keys[id];
    const yaml_node_t *root = yaml_document_get_root_node(filling->nodes.document);
    double value = 0;

    (void)ms_value_read(key, key->fallback, strlen(key->fallback), &value);
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         root->type == YAML_MAPPING_NODE && pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(filling->nodes.document, pair->key);
        const yaml_node_t *text = yaml_document_get_node(filling->nodes.document, pair->value);

        if (name->type == YAML_SCALAR_NODE && text->type == YAML_SCALAR_NODE &&
            ms_keys_find("", (const char *)name->data.scalar.value, name->data.scalar.length) == key)
            (void)ms_value_read(key, (const char *)text->data.scalar.value, text->data.scalar.length, &value);
    }
    ms_value_store(key->kind, value, (char *)filling->job + key->field);
}

/* Checks that dev_fraction, if it is given, leaves a training set of moons. */
static enum ms_code check_dev_fraction(struct filling *filling)
{
    const struct ms_job *job = filling->job;
    const yaml_node_t *node = filling->values[MS_KEY_DEV_FRACTION];
    char quoted[MS_QUOTE_BYTES];

    for (int32_t i = 0; i < job->axes.n_samples; i++)
        if (ms_split_dev_rows(job->axes.samples[i], job->dev_fraction) >= job->axes.samples[i])
            return ms_node_complain(
                &filling->nodes, node, ms_keys[MS_KEY_DEV_FRACTION].path, MS_NO_INDEX,
                "%s of %lld samples, rounded up, is all of them; the training set needs at least one",
                ms_node_name(node, quoted), (long long)job->axes.samples[i]);
    return MS_OK;
}

static enum ms_code check_together(struct filling *filling)
{
    struct ms_job *job = filling->job;
    enum ms_key_id key;
    struct ms_error data_err, grid_err;
    enum ms_code code = check_dev_fraction(filling);

    if (code != MS_OK)
        return code;
    if (ms_job_datasets_count(job, &key, &data_err) != MS_OK)
        return ms_node_complain(&filling->nodes,
                                key == MS_KEY_DATA ? filling->keys[key] : filling->values[key],
                                ms_keys[key].path, MS_NO_INDEX, "%s", data_err.text);
    if (ms_grid_check(&job->grid, &grid_err) != MS_OK)
        return ms_node_complain(&filling->nodes, filling->keys[MS_KEY_GRID], ms_keys[MS_KEY_GRID].path,
                                MS_NO_INDEX, "%s", grid_err.text);
    code = take_costs(filling);
    return code == MS_OK ? check_stop(filling) : code;
}

enum ms_code ms_job_fill(const char *path, yaml_document_t *document, const struct ms_settings *settings,
                         struct ms_job *job, struct ms_error *err)
{
    struct filling filling = {.nodes = {.path = path, .document = document, .err = err, .settings = settings},
                              .job = job};
    enum ms_code code;

    read_ahead(&filling, MS_KEY_INIT_SCALE);
    read_ahead(&filling, MS_KEY_PRECISION);
    filling.nodes.precision = job->precision;
    code = read_section(&filling, "", yaml_document_get_root_node(document));
    return code == MS_OK ? check_together(&filling) : code;
}
