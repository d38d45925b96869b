/* The forward half of the loop nest: the hidden layer of a block, and the output's arguments.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_FORWARD_H
#define MOONSWEEP_TRAIN_FORWARD_H

#include "block.h"
#include "logistic.h"

/* Computes W1_j . x + b1_j of every vector. */
VEC_INLINE void hidden_arguments(struct shape shape, const struct block *block, const real *W1, real b1,
                                 vec *t)
{
    for (int u = 0; u < shape.vectors; u++)
        t[u] = vec_set(b1);
    for (int32_t i = 0; i < shape.n_x; i++) {
        const vec w = vec_set(W1[i]);

        for (int u = 0; u < shape.vectors; u++)
            t[u] = vec_fma(w, block_x(shape, block, i, u), t[u]);
    }
}

/* One unit of tanh or sigmoid. Its output is stored in s, of `vectors` vectors, unless there is only a forward half. */
VEC_INLINE void forward_logistic(struct shape shape, const struct block *block, const real *W1, real b1,
                                 real W2, real *s, vec *z)
{
    const vec w = vec_set(W2);
    struct exponential e[BLOCK_MOST];
    vec t[BLOCK_MOST];

    hidden_arguments(shape, block, W1, b1, t);
    if (shape.range == MS_RANGE_ANY)
        for (int u = 0; u < shape.vectors; u++)
            t[u] = vec_clamp(t[u], WIDE_LIMIT);
    exponentials(shape.vectors, t, e);
    for (int u = 0; u < shape.vectors; u++) {
        const vec a = logistic_of(u, e[u]);

        if (!shape.is_forward)
            vec_store(s + u * LANES, a);
        z[u] = vec_fma(w, a, z[u]);
    }
}

/* One unit of relu. The backward half, if there is one, only needs to know where its argument is positive. */
VEC_INLINE void forward_relu(struct shape shape, const struct block *block, const real *W1, real b1, real W2,
                             flags *positive, vec *z)
{
    const vec w = vec_set(W2);
    vec t[BLOCK_MOST];

    hidden_arguments(shape, block, W1, b1, t);
    for (int u = 0; u < shape.vectors; u++) {
        if (!shape.is_forward)
            flags_store(positive + u, vec_positive(t[u]));
        z[u] = vec_fma(w, vec_relu(t[u]), z[u]);
    }
}

/* Adds the hidden layer to z. Stores it in pass->activations, [n_h][vectors] vectors, or flags for relu, unless there is
 * only a forward half. */
VEC_INLINE void forward_units(const struct ms_pass *pass, struct shape shape, const struct block *block,
                              vec *z)
{
    const real *W1 = pass->W1, *b1 = pass->b1, *W2 = pass->W2;
    const int64_t stored = shape.is_forward ? 0 : shape.vectors; /* vectors for each unit */
    flags *positive = pass->activations;
    real *s = pass->activations;

    for (int32_t j = 0; j < pass->n_h; j++, W1 += shape.n_x)
        if (shape.activation == MS_RELU)
            forward_relu(shape, block, W1, b1[j], W2[j], positive + j * stored, z);
        else
            forward_logistic(shape, block, W1, b1[j], W2[j], s + j * stored * LANES, z);
}

VEC_INLINE void forward(const struct ms_pass *pass, struct shape shape, const struct block *block, vec *z)
{
    for (int u = 0; u < shape.vectors; u++)
        z[u] = vec_set((real)pass->z0);
    if (shape.range != MS_RANGE_ANY)
        forward_units(pass, shape, block, z);
    else
        for (int32_t j = 0; j < pass->n_h && !ms_pass_is_left(pass); j += pass->part) {
            const struct ms_pass part = part_of_pass(pass, shape, j);

            forward_units(&part, shape, block, z);
        }
}

#endif
