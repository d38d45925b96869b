/* Reads distributions and draws random points in two steps: points of the unit cube by one of three methods,
 * and then the value of each axis at its coordinate. Random numbers, logarithms and exponentials are those of
 * src/core, and axes are drawn in the order of the table of keys, so a job means the same points on every
 * machine and in any order of its keys.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "grid_random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "moonsweep/rng.h"
#include "value.h"

/* The values of an axis: a choice of some, or a range. */
struct distribution {
    const struct ms_key *key,
        *shape;     /* shape: MS_KEY_UNIFORM, MS_KEY_LOG_UNIFORM or MS_KEY_CHOICE; NULL: none yet */
    double *values; /* of a choice: all; of a range: its first and last one; owned */
    int32_t count;
};

struct reading {
    const struct ms_section *grid;
    const yaml_node_t *keys[MS_KEY_COUNT], *values[MS_KEY_COUNT];
    int64_t count;
    uint32_t seed;
    enum ms_drawing method;
    int32_t axes;
    struct distribution distributions[MS_AXES];
};

/* ---- reading ------------------------------------------------------------------------------------------ */

/* Reads the two ends of a range. */
static enum ms_code read_range(const struct ms_nodes *nodes, struct distribution *distribution,
                               const char *place, const yaml_node_t *node)
{
    enum ms_code code;

    if (!ms_value_is_number(distribution->key->kind))
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "%s has no range, because its values are names; use choice",
                                ms_keys_name(distribution->key));
    if (node->type != YAML_SEQUENCE_NODE || ms_node_length(node) != 2)
        return ms_node_complain(
            nodes, node, place, MS_NO_INDEX,
            "a range is a list of two numbers, the smallest and the largest one, such as [1, 50]");
    code = ms_node_values(nodes, distribution->key, place, node, false, &distribution->values,
                          &distribution->count);
    if (code != MS_OK)
        return code;
    if (distribution->values[0] >= distribution->values[1])
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "the range ends before it begins; its first number must be the smaller one");
    if (distribution->shape == &ms_keys[MS_KEY_LOG_UNIFORM] && distribution->values[0] <= 0)
        return ms_node_complain(nodes, node, place, MS_NO_INDEX,
                                "the range begins with 0, which has no logarithm; begin above 0, or use "
                                "uniform");
    return MS_OK;
}

struct shape_reading {
    const struct ms_nodes *nodes;
    struct distribution *distribution;
};

static enum ms_code read_shape(void *context, const struct ms_key *shape, const char *place,
                               const yaml_node_t *value)
{
    const struct shape_reading *reading = context;
    struct distribution *distribution = reading->distribution;

    if (distribution->shape != NULL)
        return ms_node_complain(reading->nodes, value, place, MS_NO_INDEX,
                                "the axis has a distribution already; keep one of them");
    distribution->shape = shape;
    if (shape == &ms_keys[MS_KEY_CHOICE])
        return ms_node_values(reading->nodes, distribution->key, place, value, true, &distribution->values,
                              &distribution->count);
    return read_range(reading->nodes, distribution, place, value);
}

/* Reads the distribution of an axis. */
static enum ms_code read_distribution(void *context, const struct ms_key *key, const char *place,
                                      const yaml_node_t *value)
{
    struct reading *reading = context;
    const yaml_node_t *keys[MS_KEY_COUNT] = {NULL}, *values[MS_KEY_COUNT] = {NULL};
    const struct ms_nodes *nodes = reading->grid->nodes;
    const struct ms_section section = {nodes, "grid.random.from.KEY", place, keys, values};
    struct distribution *distribution = &reading->distributions[reading->axes++];
    struct shape_reading shape = {nodes, distribution};
    enum ms_code code;

    distribution->key = key;
    code = ms_section_read(&section, value, read_shape, &shape);
    if (code == MS_OK && distribution->shape == NULL)
        return ms_node_complain(nodes, value, place, MS_NO_INDEX,
                                "there is no distribution; it must be uniform, log_uniform or choice");
    return code;
}

static enum ms_code read_key(void *context, const struct ms_key *key, const char *place,
                             const yaml_node_t *value)
{
    struct reading *reading = context;
    const struct ms_nodes *nodes = reading->grid->nodes;
    const struct ms_section from = {nodes, "grid.random.from", place, reading->grid->keys,
                                    reading->grid->values};
    double number = 0;
    enum ms_code code;

    if (key == &ms_keys[MS_KEY_RANDOM_FROM]) {
        code = ms_section_read(&from, value, read_distribution, reading);
        if (code == MS_OK && reading->axes == 0)
            return ms_node_complain(nodes, value, place, MS_NO_INDEX,
                                    "the mapping is empty; it must give axes a distribution");
        return code;
    }
    code = ms_node_value(nodes, key, place, MS_NO_INDEX, value, &number);
    if (key == &ms_keys[MS_KEY_RANDOM_COUNT])
        reading->count = (int64_t)number;
    else if (key == &ms_keys[MS_KEY_RANDOM_SEED])
        reading->seed = (uint32_t)number;
    else
        reading->method = (enum ms_drawing)number;
    return code;
}

/* ---- points of the unit cube --------------------------------------------------------------------------- */

/* Each of these sets unit[axis][point] to numbers from 0 to below 1. */

static void draw_plain(struct ms_rng *rng, int64_t points, int32_t axes, double *const unit[])
{
    for (int64_t p = 0; p < points; p++)
        for (int32_t a = 0; a < axes; a++)
            unit[a][p] = ms_rng_double(rng);
}

/* On each axis, every one of the equal intervals contains one point. Errors: MS_NO_MEMORY. */
static enum ms_code draw_latin_hypercube(struct ms_rng *rng, int64_t points, int32_t axes,
                                         double *const unit[], const struct ms_nodes *nodes)
{
    int64_t *interval = malloc((size_t)points * sizeof *interval);

    if (interval == NULL)
        return ms_fail_memory(nodes->err, nodes->path, "for random points");
    for (int32_t a = 0; a < axes; a++) {
        (void)ms_rng_permutation(rng, points, NULL, interval);
        for (int64_t p = 0; p < points; p++)
            unit[a][p] = ((double)interval[p] + ms_rng_double(rng)) / (double)points;
    }
    free(interval);
    return MS_OK;
}

enum { SOBOL_BITS = 32 };

/* The direction numbers of the Sobol sequence in the order of Gray codes, from the primitive polynomials and initial
 * numbers of Joe and Kuo (2008), "Constructing Sobol sequences with better two-dimensional projections". */
static void find_directions(int32_t axis, uint32_t directions[SOBOL_BITS])
{
    static const struct {
        int degree;
        uint32_t coefficients, initial[4];
    } polynomials[MS_AXES] = {
        {0, 0, {0}}, {1, 0, {1}}, {2, 1, {1, 3}}, {3, 1, {1, 3, 1}}, {3, 2, {1, 1, 1}}, {4, 1, {1, 1, 3, 3}},
    };
    const int degree = polynomials[axis].degree;

    for (int bit = 0; bit < SOBOL_BITS; bit++) {
        if (axis == 0) {
            directions[bit] = UINT32_C(1) << (SOBOL_BITS - 1 - bit);
        } else if (bit < degree) {
            directions[bit] = polynomials[axis].initial[bit] << (SOBOL_BITS - 1 - bit);
        } else {
            directions[bit] = directions[bit - degree] ^ (directions[bit - degree] >> degree);
            for (int k = 1; k < degree; k++)
                if ((polynomials[axis].coefficients >> (degree - 1 - k) & 1) != 0)
                    directions[bit] ^= directions[bit - k];
        }
    }
}

/* A Sobol sequence whose points are all shifted by the same random bits (a digital shift). */
static void draw_sobol(struct ms_rng *rng, int64_t points, int32_t axes, double *const unit[])
{
    for (int32_t a = 0; a < axes; a++) {
        uint32_t directions[SOBOL_BITS];
        uint32_t bits = ms_rng_u32(rng);

        find_directions(a, directions);
        for (int64_t p = 0; p < points; p++) {
            unit[a][p] = (double)bits / 4294967296.0;
            bits ^= directions[__builtin_ctzll((unsigned long long)p + 1)];
        }
    }
}

/* ---- values from points -------------------------------------------------------------------------------- */

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* The value of an axis at a number from 0 to below 1. */
static double value_at(const struct distribution *distribution, double unit)
{
    const bool is_whole = distribution->key->kind != MS_KIND_REAL;
    const double low = distribution->values[0], high = distribution->values[distribution->count - 1];
    const double end = is_whole ? high + 1
                                : high; /* every whole number stands for the interval that it begins */
    double value;

    if (distribution->shape == &ms_keys[MS_KEY_CHOICE])
        return distribution->values[(int32_t)(unit * distribution->count)];
    if (distribution->shape == &ms_keys[MS_KEY_UNIFORM])
        value = low + (end - low) * unit;
    else
        value = ms_exp(ms_log(low) + (ms_log(end) - ms_log(low)) * unit);
    return clamp(is_whole ? floor(value) : value, low, high);
}

static int compare_distributions(const void *left, const void *right)
{
    const struct distribution *a = left, *b = right;

    return a->key < b->key ? -1 : a->key > b->key;
}

/* Draws the points. The order of the axes is that of the table of keys, not that of the file. */
static enum ms_code draw(struct reading *reading, struct ms_factor *factor)
{
    const struct ms_nodes *nodes = reading->grid->nodes;
    const int32_t axes = reading->axes;
    struct ms_rng rng;
    enum ms_code code = MS_OK;

    qsort(reading->distributions, (size_t)axes, sizeof reading->distributions[0], compare_distributions);
    for (int32_t a = 0; a < axes; a++) {
        double *values = malloc((size_t)reading->count * sizeof *values);

        if (values == NULL)
            return ms_fail_memory(nodes->err, nodes->path, "for random points");
        ms_factor_add(factor, reading->distributions[a].key, values, reading->count);
    }
    ms_rng_seed(&rng, reading->seed);
    if (reading->method == MS_DRAWING_LATIN_HYPERCUBE)
        code = draw_latin_hypercube(&rng, reading->count, axes, factor->values, nodes);
    else if (reading->method == MS_DRAWING_SOBOL)
        draw_sobol(&rng, reading->count, axes, factor->values);
    else
        draw_plain(&rng, reading->count, axes, factor->values);
    for (int32_t a = 0; code == MS_OK && a < axes; a++)
        for (int64_t p = 0; p < reading->count; p++)
            factor->values[a][p] = value_at(&reading->distributions[a], factor->values[a][p]);
    return code;
}

enum ms_code ms_factor_read_random(const struct ms_section *grid, const char *place, const yaml_node_t *node,
                                   struct ms_factor *factor)
{
    struct reading reading = {.grid = grid, .method = MS_DRAWING_PLAIN};
    const struct ms_section section = {grid->nodes, "grid.random", place, reading.keys, reading.values};
    enum ms_code code = ms_section_read(&section, node, read_key, &reading);

    if (code == MS_OK && reading.keys[MS_KEY_RANDOM_COUNT] == NULL)
        code = ms_section_fail_missing(&section, &ms_keys[MS_KEY_RANDOM_COUNT], node);
    if (code == MS_OK && reading.keys[MS_KEY_RANDOM_FROM] == NULL)
        code = ms_section_fail_missing(&section, &ms_keys[MS_KEY_RANDOM_FROM], node);
    if (code == MS_OK)
        code = draw(&reading, factor);
    for (int32_t a = 0; a < reading.axes; a++)
        free(reading.distributions[a].values);
    return code;
}
