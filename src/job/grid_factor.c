/* Makes factors of axes that are zipped and of listed configurations. The nodes of their axes are entered in
 * the grid in both cases, because that is where an axis that occurs twice is noticed: by ms_section_read for
 * zipped axes, and by enter_axes for the first one of the listed configurations, whose keys the others
 * repeat.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "grid_factor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/plural.h"

int32_t ms_factor_axis(const struct ms_key *key)
{
    return (int32_t)(key - &ms_keys[MS_KEY_FIRST_AXIS]);
}

void ms_factor_add(struct ms_factor *factor, const struct ms_key *key, double *values, int64_t points)
{
    factor->keys[factor->axes] = key;
    factor->values[factor->axes] = values;
    factor->axes++;
    factor->points = points;
}

void ms_factor_free(struct ms_factor *factor)
{
    for (int32_t i = 0; i < factor->axes; i++)
        free(factor->values[i]);
    *factor = (struct ms_factor){0};
}

/* ---- axes that are zipped ------------------------------------------------------------------------------ */

struct zip {
    const struct ms_section *section;
    struct ms_factor *factor;
};

static enum ms_code read_zipped_axis(void *context, const struct ms_key *key, const char *place,
                                     const yaml_node_t *value)
{
    const struct zip *zip = context;
    struct ms_factor *factor = zip->factor;
    const yaml_node_t *first;
    char where[MS_WHERE_BYTES];
    double *values = NULL;
    int32_t count = 0;
    enum ms_code code = ms_node_values(zip->section->nodes, key, place, value, false, &values, &count);

    if (code != MS_OK)
        return code;
    if (factor->axes > 0 && count != factor->points) {
        free(values);
        first = zip->section->values[factor->keys[0] - ms_keys];
        return ms_node_complain(zip->section->nodes, value, place, MS_NO_INDEX,
                                "this axis has %d %s, but %s in %s has %lld; axes that are zipped "
                                "must be equally long",
                                count, ms_plural(count, "value", "values"), ms_keys_name(factor->keys[0]),
                                ms_node_where(zip->section->nodes, first, where), (long long)factor->points);
    }
    ms_factor_add(factor, key, values, count);
    return MS_OK;
}

enum ms_code ms_factor_read_zip(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                struct ms_factor *factor)
{
    const struct ms_section section = {grid->nodes, "grid.zip", place, grid->keys, grid->values};
    struct zip zip = {&section, factor};
    enum ms_code code = ms_section_read(&section, node, read_zipped_axis, &zip);

    if (code == MS_OK && factor->axes == 0)
        return ms_node_complain(grid->nodes, node, place, MS_NO_INDEX,
                                "the mapping is empty; it must have axes that are equally long");
    return code;
}

/* ---- listed configurations ----------------------------------------------------------------------------- */

/* A mapping in the list of configurations. */
struct entry {
    const struct ms_nodes *nodes;
    struct ms_factor *factor;
    const yaml_node_t *first; /* the first mapping of the list; NULL: this is it */
    int64_t point;
    int32_t axes; /* read so far */
};

/* Returns the position of an axis in a factor, or -1. */
static int32_t find_axis(const struct ms_factor *factor, const struct ms_key *key)
{
    for (int32_t i = 0; i < factor->axes; i++)
        if (factor->keys[i] == key)
            return i;
    return -1;
}

static enum ms_code read_entry_value(void *context, const struct ms_key *key, const char *place,
                                     const yaml_node_t *value)
{
    struct entry *entry = context;
    struct ms_factor *factor = entry->factor;
    int32_t at = find_axis(factor, key);

    if (at < 0 && entry->first != NULL)
        return ms_node_complain(entry->nodes, value, place, MS_NO_INDEX,
                                "the first configuration of the list, in line %zu, does not have this key; "
                                "all must have the same",
                                entry->first->start_mark.line + 1);
    if (at < 0) {
        double *values = calloc((size_t)factor->points, sizeof *values);

        if (values == NULL)
            return ms_fail_memory(entry->nodes->err, entry->nodes->path, "for the configurations");
        at = factor->axes;
        ms_factor_add(factor, key, values, factor->points);
    }
    entry->axes++;
    return ms_node_value(entry->nodes, key, place, MS_NO_INDEX, value, &factor->values[at][entry->point]);
}

/* Reads one mapping of the list; keys and values are empty. */
static enum ms_code read_entry(const struct ms_section *section, const yaml_node_t *node, struct entry *entry)
{
    enum ms_code code = ms_section_read(section, node, read_entry_value, entry);

    if (code == MS_OK && entry->axes == 0)
        return ms_node_complain(entry->nodes, node, section->place, MS_NO_INDEX,
                                "the mapping is empty; it must give axes a value");
    for (int32_t i = 0; code == MS_OK && entry->axes < entry->factor->axes; i++)
        if (section->keys[entry->factor->keys[i] - ms_keys] == NULL)
            return ms_node_complain(
                entry->nodes, node, section->place, MS_NO_INDEX,
                "there is no %s, which the first configuration of the list, in line %zu, has; all "
                "must have the same keys",
                ms_keys_name(entry->factor->keys[i]), entry->first->start_mark.line + 1);
    return code;
}

/* Enters the axes of the list in the grid, of which each may have one value only. */
static enum ms_code enter_axes(const struct ms_section *grid, const struct ms_section *section)
{
    for (enum ms_key_id id = MS_KEY_FIRST_AXIS; id < MS_KEY_FIRST_AXIS + MS_AXES; id++) {
        if (section->keys[id] == NULL)
            continue;
        if (grid->keys[id] != NULL)
            return ms_node_complain(grid->nodes, section->keys[id], section->place, MS_NO_INDEX,
                                    "%s is also in line %zu, column %zu; keep one of them",
                                    ms_keys_name(&ms_keys[id]), grid->keys[id]->start_mark.line + 1,
                                    grid->keys[id]->start_mark.column + 1);
        grid->keys[id] = section->keys[id];
        grid->values[id] = section->values[id];
    }
    return MS_OK;
}

enum ms_code ms_factor_read_configs(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                    struct ms_factor *factor)
{
    const yaml_node_t *first = NULL;
    enum ms_code code = MS_OK;

    factor->points = ms_node_length(node);
    if (factor->points == 0)
        return ms_node_complain(grid->nodes, node, place, MS_NO_INDEX,
                                "the list is empty; it needs at least one configuration");
    for (int32_t i = 0; code == MS_OK && i < factor->points; i++) {
        const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *values[MS_KEY_COUNT] = {NULL};
        const yaml_node_t *element = ms_node_element(grid->nodes, node, i);
        char entry_place[MS_PLACE_BYTES];
        const struct ms_section section = {grid->nodes, "grid.configs", entry_place, keys, values};
        struct entry entry = {.nodes = grid->nodes, .factor = factor, .first = first, .point = i};

        (void)snprintf(entry_place, sizeof entry_place, "%s[%d]", place, i);
        code = read_entry(&section, element, &entry);
        if (code == MS_OK && first == NULL)
            code = enter_axes(grid, &section);
        first = first != NULL ? first : element;
    }
    return code;
}
