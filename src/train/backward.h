/* The backward half of the loop nest: the sums for the gradients of the hidden units.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_BACKWARD_H
#define MOONSWEEP_TRAIN_BACKWARD_H

#include "block.h"

enum { UNITS_AT_ONCE = 4 };

/* Where registers are few, they hold the sums of only two units of tanh or sigmoid, which pays from so many units on. */
enum { UNITS_IN_PAIRS = 4 };

VEC_INLINE bool is_paired(const struct ms_pass *pass, struct shape shape)
{
    return VEC_REGISTERS < 32 && shape.n_x == 2 && pass->n_h >= UNITS_IN_PAIRS;
}

/* Returns the sum so far, to which a block adds. */
VEC_INLINE vec sum_before(const struct block *block, const real *sum)
{
    return block->is_first ? vec_set(0) : vec_load(sum);
}

/* Returns d of unit j of relu in vector u. */
VEC_INLINE vec relu_gradient(const void *activations, struct shape shape, int64_t j, int u, vec dz)
{
    const flags *positive = activations;

    return vec_where(flags_load(positive + j * shape.vectors + u), dz);
}

/* Computes d of `units` units from j on in vector u; except for relu, also adds h to sum_h. */
VEC_INLINE void unit_gradients(int units, const void *activations, struct shape shape, int64_t j, int u,
                               vec dz, vec *sum_h, vec *d)
{
    const real *layer = activations;
    vec s[UNITS_AT_ONCE], h[UNITS_AT_ONCE];

    if (shape.activation == MS_RELU) {
        for (int k = 0; k < units; k++)
            d[k] = relu_gradient(activations, shape, j + k, u, dz);
        return;
    }
    for (int k = 0; k < units; k++) {
        s[k] = vec_load_once(layer + ((j + k) * shape.vectors + u) * LANES);
        h[k] = vec_mul(dz, s[k]);
    }
    for (int k = 0; k < units; k++)
        d[k] = vec_fnma(h[k], s[k], h[k]);
    for (int k = 0; k < units; k++)
        sum_h[k] = vec_add(sum_h[k], h[k]);
}

/* The sums of some units of two features. */
struct unit_sums {
    vec dW1[2][UNITS_AT_ONCE], db1[UNITS_AT_ONCE], dW2[UNITS_AT_ONCE];
};

/* Adds vector u to the sums of tanh or sigmoid: the operations of one kind for all units, and then those of the next,
 * which do not wait for the results before them. */
VEC_INLINE void add_logistics(int units, const void *activations, struct shape shape,
                              const struct block *block, int64_t j, int u, vec dz, struct unit_sums *sums)
{
    vec d[UNITS_AT_ONCE];

    unit_gradients(units, activations, shape, j, u, dz, sums->dW2, d);
    for (int i = 0; i < 2; i++) {
        const vec x = block_x(shape, block, i, u);

        for (int k = 0; k < units; k++)
            sums->dW1[i][k] = vec_fma(d[k], x, sums->dW1[i][k]);
    }
    for (int k = 0; k < units; k++)
        sums->db1[k] = vec_add(sums->db1[k], d[k]);
}

/* Adds vector u to the sums of relu, one unit after another: with four units at once, their sums, the features, dz and one
 * d fill 16 registers. */
VEC_INLINE void add_relus(int units, const void *activations, struct shape shape, const struct block *block,
                          int64_t j, int u, vec dz, struct unit_sums *sums)
{
    vec x[2];

    for (int i = 0; i < 2; i++)
        x[i] = units == UNITS_AT_ONCE ? vec_load_once(block_place(shape, block, i, u))
                                      : block_x(shape, block, i, u);
    for (int k = 0; k < units; k++) {
        const vec d = relu_gradient(activations, shape, j + k, u, dz);

        for (int i = 0; i < 2; i++)
            sums->dW1[i][k] = vec_fma(d, x[i], sums->dW1[i][k]);
        sums->db1[k] = vec_add(sums->db1[k], d);
    }
}

/* Adds vector u to the sums. */
VEC_INLINE void add_units(int units, const void *activations, struct shape shape, const struct block *block,
                          int64_t j, int u, vec dz, struct unit_sums *sums)
{
    if (shape.activation == MS_RELU)
        add_relus(units, activations, shape, block, j, u, dz, sums);
    else
        add_logistics(units, activations, shape, block, j, u, dz, sums);
}

/* Adds all vectors of a block to the sums of several units where registers are few. The loop is not unrolled: gcc would move
 * additions so far that sums do not stay in registers. */
VEC_INLINE void add_in_loop(int units, const void *activations, struct shape shape, const struct block *block,
                            int64_t j, const vec *dz, struct unit_sums *sums)
{
#pragma GCC unroll 1
    for (int u = 0; u < shape.vectors; u++)
        add_units(units, activations, shape, block, j, u, dz[u], sums);
}

/* For two features: `units` hidden units from j on, with all their sums in registers. Those for dW2 of relu, which are not
 * used, are zero. */
VEC_INLINE void backward_two_features(int units, const void *activations, struct shape shape,
                                      const struct block *block, int64_t j, const vec *dz, real *sums)
{
    enum { ROW = 4 * VIRTUAL_LANES };
    const bool is_relu = shape.activation == MS_RELU;
    struct unit_sums sum;

    for (int k = 0; k < units; k++) {
        for (int i = 0; i < 2; i++)
            sum.dW1[i][k] = sum_before(block, sums + k * ROW + i * VIRTUAL_LANES);
        sum.db1[k] = sum_before(block, sums + k * ROW + 2 * VIRTUAL_LANES);
        sum.dW2[k] = is_relu ? vec_set(0) : sum_before(block, sums + k * ROW + 3 * VIRTUAL_LANES);
    }
    if (units > 1 && VEC_REGISTERS < 32)
        add_in_loop(units, activations, shape, block, j, dz, &sum);
    else
        for (int u = 0; u < shape.vectors; u++)
            add_units(units, activations, shape, block, j, u, dz[u], &sum);
    for (int k = 0; k < units; k++) {
        for (int i = 0; i < 2; i++)
            vec_store(sums + k * ROW + i * VIRTUAL_LANES, sum.dW1[i][k]);
        vec_store(sums + k * ROW + 2 * VIRTUAL_LANES, sum.db1[k]);
        if (!is_relu || block->is_first)
            vec_store(sums + k * ROW + 3 * VIRTUAL_LANES, sum.dW2[k]);
    }
}

/* Adds the sums of `features` features from i on for a unit whose d is known. */
VEC_INLINE void backward_some_features(int features, struct shape shape, const struct block *block, int32_t i,
                                       const vec *d, real *sums)
{
    vec sum[4];

    for (int k = 0; k < features; k++)
        sum[k] = sum_before(block, sums + (i + k) * VIRTUAL_LANES);
    for (int u = 0; u < shape.vectors; u++)
        for (int k = 0; k < features; k++)
            sum[k] = vec_fma(d[u], block_x(shape, block, i + k, u), sum[k]);
    for (int k = 0; k < features; k++)
        vec_store(sums + (i + k) * VIRTUAL_LANES, sum[k]);
}

/* For any number of features: one hidden unit. */
VEC_INLINE void backward_unit(const void *activations, struct shape shape, const struct block *block,
                              int64_t j, const vec *dz, real *sums)
{
    real *db1 = sums + shape.n_x * VIRTUAL_LANES, *dW2 = db1 + VIRTUAL_LANES;
    vec d[BLOCK_MOST], sum = sum_before(block, db1), sum_h = sum_before(block, dW2);
    int32_t i = 0;

    for (int u = 0; u < shape.vectors; u++) {
        unit_gradients(1, activations, shape, j, u, dz[u], &sum_h, &d[u]);
        sum = vec_add(sum, d[u]);
    }
    vec_store(db1, sum);
    vec_store(dW2, sum_h);
    for (; i + 4 <= shape.n_x; i += 4)
        backward_some_features(4, shape, block, i, d, sums);
    for (; i < shape.n_x; i++)
        backward_some_features(1, shape, block, i, d, sums);
}

/* Adds the gradients of every hidden unit to its sums. */
VEC_INLINE void backward_units(const struct ms_pass *pass, struct shape shape, const struct block *block,
                               const vec *dz, real *sums)
{
    const int64_t row = (shape.n_x + 2) * VIRTUAL_LANES;
    const bool sums_fit = shape.activation == MS_RELU || VEC_REGISTERS >= 32;
    int64_t j = 0;

    if (shape.n_x == 2 && sums_fit) {
        for (; j + UNITS_AT_ONCE <= pass->n_h; j += UNITS_AT_ONCE)
            backward_two_features(UNITS_AT_ONCE, pass->activations, shape, block, j, dz, sums + j * row);
        if (j + 2 <= pass->n_h) {
            backward_two_features(2, pass->activations, shape, block, j, dz, sums + j * row);
            j += 2;
        }
        if (j < pass->n_h)
            backward_two_features(1, pass->activations, shape, block, j, dz, sums + j * row);
    } else {
        if (is_paired(pass, shape))
            for (; j + 2 <= pass->n_h; j += 2)
                backward_two_features(2, pass->activations, shape, block, j, dz, sums + j * row);
        for (; j < pass->n_h; j++)
            backward_unit(pass->activations, shape, block, j, dz, sums + j * row);
    }
}

VEC_INLINE void backward(const struct ms_pass *pass, struct shape shape, const struct block *block,
                         const vec *dz, real *sums)
{
    const int64_t row = (shape.n_x + 2) * VIRTUAL_LANES;

    if (shape.range != MS_RANGE_ANY)
        backward_units(pass, shape, block, dz, sums);
    else
        for (int32_t j = 0; j < pass->n_h && !ms_pass_is_left(pass); j += pass->part) {
            const struct ms_pass part = part_of_pass(pass, shape, j);

            backward_units(&part, shape, block, dz, sums + j * row);
        }
}

#endif
