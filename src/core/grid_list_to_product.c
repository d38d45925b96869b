/* Finds out whether a list is a product, and of which axes. Each axis, beginning with the innermost one, ends
 * where an axis outside it changes; the list is a product if all configurations follow from the values of
 * these axes, of which none occurs twice on its axis.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "grid_list.h"

enum axis { N_H, ACTIVATION, LEARNING_RATE, INIT_SCALE, SEED, ITERATIONS, AXES };

/* The members of the configurations, by axis. */
static const struct {
    size_t offset, size;
} members[AXES] = {
#define MEMBER(name)                                                               \
    {                                                                              \
        offsetof(struct ms_config, name), sizeof(((struct ms_config *)NULL)->name) \
    }
    [N_H] = MEMBER(n_h),
    [ACTIVATION] = MEMBER(activation),
    [LEARNING_RATE] = MEMBER(learning_rate),
    [INIT_SCALE] = MEMBER(init_scale),
    [SEED] = MEMBER(seed),
    [ITERATIONS] = MEMBER(iterations),
};

static const char *value_of(const struct ms_config *config, enum axis axis)
{
    return (const char *)config + members[axis].offset;
}

static bool is_equal(const struct ms_config *a, const struct ms_config *b, enum axis axis)
{
    return memcmp(value_of(a, axis), value_of(b, axis), members[axis].size) == 0;
}

/* The number of values of an axis, if each is followed by stride configurations: they end where an outer axis changes,
 * or the list. */
static int64_t length_of(const struct ms_grid_list *list, enum axis axis, int64_t stride)
{
    for (int64_t i = 1; i < list->configs / stride; i++)
        for (enum axis outer = N_H; outer < axis; outer++)
            if (!is_equal(&list->config[i * stride], &list->config[0], outer))
                return i;
    return list->configs / stride;
}

/* Whether every configuration has the values that follow from its index. */
static bool follows_from_index(const struct ms_grid_list *list, const int64_t strides[AXES],
                               const int64_t lengths[AXES])
{
    for (int64_t i = 0; i < list->configs; i++)
        for (enum axis axis = N_H; axis < AXES; axis++) {
            const int64_t at = i / strides[axis] % lengths[axis] * strides[axis];

            if (!is_equal(&list->config[i], &list->config[at], axis))
                return false;
        }
    return true;
}

/* Whether no value occurs twice on an axis: each trajectory then has one configuration per iteration count. */
static bool is_distinct(const struct ms_grid_list *list, int64_t iterations)
{
    if (list->trajectories * iterations != list->configs)
        return false;
    for (int64_t i = 1; i < iterations; i++)
        if (list->members[i].iterations == list->members[i - 1].iterations)
            return false;
    return true;
}

/* Finds the strides and lengths of the axes if the list is a product. */
static bool find_axes(const struct ms_grid_list *list, int64_t strides[AXES], int64_t lengths[AXES])
{
    int64_t stride = 1;

    for (int axis = ITERATIONS; axis >= 0; axis--) {
        strides[axis] = stride;
        lengths[axis] = length_of(list, (enum axis)axis, stride);
        stride *= lengths[axis];
    }
    return stride == list->configs && is_distinct(list, lengths[ITERATIONS]) &&
           follows_from_index(list, strides, lengths);
}

/* Returns the values of an axis as an array; NULL: no memory. */
static void *copy_values(const struct ms_grid_list *list, enum axis axis, int64_t stride, int64_t length)
{
    const size_t size = members[axis].size;
    char *values = malloc((size_t)length * size);

    for (int64_t i = 0; values != NULL && i < length; i++)
        memcpy(values + (size_t)i * size, value_of(&list->config[i * stride], axis), size);
    return values;
}

enum ms_code ms_grid_list_to_product(const struct ms_grid_list *list, struct ms_grid *grid,
                                     struct ms_error *err)
{
    int64_t strides[AXES], lengths[AXES];

    if (list->configs > INT32_MAX || !find_axes(list, strides, lengths))
        return MS_OK;
#define SET(axis, member)                      \
    grid->n_##member = (int32_t)lengths[axis]; \
    grid->member = copy_values(list, axis, strides[axis], lengths[axis])
    SET(N_H, n_h);
    SET(ACTIVATION, activation);
    SET(LEARNING_RATE, learning_rate);
    SET(INIT_SCALE, init_scale);
    SET(SEED, seed);
    SET(ITERATIONS, iterations);
    if (grid->n_h == NULL || grid->activation == NULL || grid->learning_rate == NULL ||
        grid->init_scale == NULL || grid->seed == NULL || grid->iterations == NULL)
        return ms_fail_memory(err, NULL, "for the axes of the grid");
    return MS_OK;
}
