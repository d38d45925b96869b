/* Reads each mapping of the grid as a product of factors, ordered by their outermost axes so that the order
 * of the keys does not matter. A grid that is a single product of plain axes is stored as these axes, and may
 * be larger than any list. All others are written out as configurations, one mapping after another.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "grid_fill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid_exclude.h"
#include "grid_factor.h"
#include "grid_random.h"
#include "value.h"

/* A grid as one mapping describes it: a product of factors without what is excluded. */
struct product {
    const struct ms_section *section;
    struct ms_factor factors[MS_AXES]; /* at most one an axis */
    int32_t count;
    struct ms_exclusions *exclusions; /* NULL: none */
    bool has_points;                  /* there is a factor whose points may occur twice, or exclusions */
};

/* The configurations of all mappings. */
struct listed {
    struct ms_config *configs;
    int64_t count, room;
};

/* ---- reading ------------------------------------------------------------------------------------------ */

static enum ms_code read_axis(struct product *product, const struct ms_key *key, const char *place,
                              const yaml_node_t *node)
{
    double *values = NULL;
    int32_t count = 0;
    enum ms_code code = ms_node_values(product->section->nodes, key, place, node, true, &values, &count);

    if (code == MS_OK)
        ms_factor_add(&product->factors[product->count++], key, values, count);
    return code;
}

/* Reads one group of zipped axes, or a list of groups. */
static enum ms_code read_zips(struct product *product, const char *place, const yaml_node_t *node)
{
    const struct ms_nodes *nodes = product->section->nodes;
    const int32_t count = ms_node_length(node);
    enum ms_code code = MS_OK;

    if (count == 0)
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "the list is empty; it needs at least one mapping of axes");
    for (int32_t i = 0; code == MS_OK && i < count; i++) {
        char group[MS_PLACE_BYTES];
        struct ms_factor factor = {0};

        ms_node_place(place, node, i, group);
        code = ms_factor_read_zip(product->section, group, ms_node_element(nodes, node, i), &factor);
        if (code == MS_OK)
            product->factors[product->count++] = factor;
        else
            ms_factor_free(&factor);
    }
    return code;
}

static enum ms_code read_key(void *context, const struct ms_key *key, const char *place,
                             const yaml_node_t *value)
{
    struct product *product = context;
    struct ms_factor factor = {0};
    enum ms_code code;

    if (key->is_axis)
        return read_axis(product, key, place, value);
    product->has_points = true;
    if (key == &ms_keys[MS_KEY_ZIP])
        return read_zips(product, place, value);
    if (key == &ms_keys[MS_KEY_EXCLUDE])
        return ms_exclusions_read(product->section->nodes, place, value, &product->exclusions);
    if (key == &ms_keys[MS_KEY_CONFIGS])
        code = ms_factor_read_configs(product->section, place, value, &factor);
    else
        code = ms_factor_read_random(product->section, place, value, &factor);
    if (code == MS_OK)
        product->factors[product->count++] = factor;
    else
        ms_factor_free(&factor);
    return code;
}

/* Adds the axes that are missing in the mapping node, each with its default. */
static enum ms_code add_missing(struct product *product, const struct ms_job *job, const yaml_node_t *node)
{
    const struct ms_section *section = product->section;

    for (enum ms_key_id id = MS_KEY_FIRST_AXIS; id < MS_KEY_FIRST_AXIS + MS_AXES; id++) {
        const struct ms_key *key = &ms_keys[id];
        double *value;

        if (section->keys[id] != NULL)
            continue;
        if (key->fallback == NULL)
            return ms_section_fail_missing(section, key, node);
        value = malloc(sizeof *value);
        if (value == NULL)
            return ms_fail_memory(section->nodes->err, section->nodes->path, "for %s", key->path);
        *value = job->init_scale;
        if (id != MS_KEY_GRID_INIT_SCALE)
            (void)ms_value_read(key, key->fallback, strlen(key->fallback), value);
        ms_factor_add(&product->factors[product->count++], key, value, 1);
    }
    return MS_OK;
}

/* The number of the outermost axis of a factor. */
static int32_t outermost(const struct ms_factor *factor)
{
    int32_t first = MS_AXES;

    for (int32_t i = 0; i < factor->axes; i++)
        if (ms_factor_axis(factor->keys[i]) < first)
            first = ms_factor_axis(factor->keys[i]);
    return first;
}

static int compare_factors(const void *left, const void *right)
{
    return outermost(left) - outermost(right);
}

/* Reads the mapping node. A factor of several axes is where the outermost of them would be. */
static enum ms_code read_product(struct product *product, const struct ms_job *job, const yaml_node_t *node)
{
    enum ms_code code = ms_section_read(product->section, node, read_key, product);

    if (code == MS_OK)
        code = add_missing(product, job, node);
    qsort(product->factors, (size_t)product->count, sizeof product->factors[0], compare_factors);
    return code;
}

static void free_product(struct product *product)
{
    for (int32_t i = 0; i < product->count; i++)
        ms_factor_free(&product->factors[i]);
    ms_exclusions_free(product->exclusions);
}

/* ---- configurations ----------------------------------------------------------------------------------- */

/* The value of an axis among those of all. */
static double value_of(const double values[MS_AXES], enum ms_key_id axis)
{
    return values[ms_factor_axis(&ms_keys[axis])];
}

/* The configuration with these values of the axes. */
static struct ms_config make_config(const double values[MS_AXES])
{
    return (struct ms_config){
        .n_h = (int32_t)value_of(values, MS_KEY_N_H),
        .activation = (enum ms_activation)value_of(values, MS_KEY_ACTIVATION),
        .learning_rate = value_of(values, MS_KEY_LEARNING_RATE),
        .init_scale = value_of(values, MS_KEY_GRID_INIT_SCALE),
        .seed = (uint32_t)value_of(values, MS_KEY_SEED),
        .iterations = (int64_t)value_of(values, MS_KEY_ITERATIONS),
    };
}

/* The number of points of a product, which may be larger than any integer. */
static double count_points(const struct product *product)
{
    double points = 1;

    for (int32_t i = 0; i < product->count; i++)
        points *= (double)product->factors[i].points;
    return points;
}

/* Sets the values of all axes at a point, of which the last factor changes fastest. */
static void find_values(const struct product *product, int64_t point, double values[MS_AXES])
{
    for (int32_t f = product->count - 1; f >= 0; f--) {
        const struct ms_factor *factor = &product->factors[f];

        for (int32_t i = 0; i < factor->axes; i++)
            values[ms_factor_axis(factor->keys[i])] = factor->values[i][point % factor->points];
        point /= factor->points;
    }
}

/* Makes room for more configurations. */
static enum ms_code reserve(struct listed *listed, int64_t more, const struct ms_nodes *nodes)
{
    struct ms_config *configs;

    if (listed->count + more <= listed->room)
        return MS_OK;
    configs = realloc(listed->configs, (size_t)(listed->count + more) * sizeof *configs);
    if (configs == NULL)
        return ms_fail_memory(nodes->err, nodes->path, "for the configurations");
    listed->configs = configs;
    listed->room = listed->count + more;
    return MS_OK;
}

/* Appends the configurations of the mapping node that are not excluded. */
static enum ms_code list_product(struct listed *listed, const struct product *product,
                                 const yaml_node_t *node)
{
    const struct ms_section *section = product->section;
    const int64_t before = listed->count;
    const double all = (double)before + count_points(product);
    double values[MS_AXES];
    int64_t points;
    enum ms_code code;

    if (all > MS_GRID_LARGEST_LIST)
        return ms_node_complain(section->nodes, node, section->place, MS_NO_INDEX,
                                "the grid has %.15g configurations up to here; only a single product of axes "
                                "may have more than %d",
                                all, MS_GRID_LARGEST_LIST);
    points = (int64_t)all - before;
    code = reserve(listed, points, section->nodes);
    for (int64_t point = 0; code == MS_OK && point < points; point++) {
        find_values(product, point, values);
        if (product->exclusions == NULL || !ms_exclusions_match(product->exclusions, values))
            listed->configs[listed->count++] = make_config(values);
    }
    if (code == MS_OK && listed->count == before)
        return ms_node_complain(section->nodes, section->keys[MS_KEY_EXCLUDE], section->place, MS_NO_INDEX,
                                "exclude leaves none of the %" PRId64 " configurations of this grid", points);
    return code;
}

/* ---- axes --------------------------------------------------------------------------------------------- */

/* Sets the axes of the grid to those of a product of axes, which may be larger than any list. */
static enum ms_code take_axes(const struct product *product, struct ms_job *job)
{
    const struct ms_nodes *nodes = product->section->nodes;

    for (int32_t i = 0; i < product->count; i++) {
        const struct ms_factor *factor = &product->factors[i];
        const struct ms_key *key = factor->keys[0];
        void *values = ms_value_array(key->kind, factor->values[0], factor->points);

        if (values == NULL)
            return ms_fail_memory(nodes->err, nodes->path, "for %s", key->path);
        *(void **)((char *)job + key->field) = values;
        *(int32_t *)((char *)job + key->length) = (int32_t)factor->points;
    }
    return MS_OK;
}

/* ---- the grid ----------------------------------------------------------------------------------------- */

/* Sets job->idle_exclusion, unless an earlier mapping did. */
static enum ms_code find_idle_exclusion(const struct product *product, struct ms_job *job)
{
    const struct ms_nodes *nodes = product->section->nodes;
    const char *idle = product->exclusions != NULL ? ms_exclusions_idle(product->exclusions) : NULL;

    if (idle == NULL || job->idle_exclusion != NULL)
        return MS_OK;
    job->idle_exclusion = strdup(idle);
    return job->idle_exclusion != NULL ? MS_OK : ms_fail_memory(nodes->err, nodes->path, "for %s", idle);
}

/* Reads one mapping at node: into the axes of the job if it is the only one and a product of axes, else into listed. */
static enum ms_code read_mapping(const struct ms_nodes *nodes, const char *place, const yaml_node_t *node,
                                 bool is_only, struct listed *listed, struct ms_job *job)
{
    const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *values[MS_KEY_COUNT] = {NULL};
    const struct ms_section section = {nodes, "grid", place, keys, values};
    struct product product = {.section = &section};
    enum ms_code code = read_product(&product, job, node);

    if (code == MS_OK && is_only && !product.has_points)
        code = take_axes(&product, job);
    else if (code == MS_OK)
        code = list_product(listed, &product, node);
    if (code == MS_OK)
        code = find_idle_exclusion(&product, job);
    free_product(&product);
    return code;
}

enum ms_code ms_grid_fill(const struct ms_nodes *nodes, const yaml_node_t *node, struct ms_job *job)
{
    const int32_t count = ms_node_length(node);
    struct listed listed = {0};
    enum ms_code code = MS_OK;

    job->grid.n_datasets = 1;
    if (count == 0)
        return ms_node_complain(nodes, node, "grid", MS_NO_INDEX,
                                "the list is empty; it needs at least one mapping of axes");
    for (int32_t i = 0; code == MS_OK && i < count; i++) {
        char place[MS_PLACE_BYTES];

        ms_node_place("grid", node, i, place);
        code = read_mapping(nodes, place, ms_node_element(nodes, node, i), count == 1, &listed, job);
    }
    if (code == MS_OK && listed.count > 0)
        code = ms_grid_set_list(&job->grid, listed.configs, listed.count, nodes->err);
    free(listed.configs);
    return code;
}
