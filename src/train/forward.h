/* The forward half of the loop nest: the hidden layer of a block, and the output's arguments.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_FORWARD_H
#define MOONSWEEP_TRAIN_FORWARD_H

#include "block.h"
#include "logistic.h"

/* Of this many units of relu or more, some vectors of a block are computed at a time for all units, so that their sums stay in
 * registers where these are few: Zen 3 has two units for fused multiplications, but beside them can store only every second
 * cycle. With many features, loading the weights so often would take longer. */
enum { RELU_UNITS = 5, RELU_VECTORS = 4 };

VEC_INLINE bool is_relu_split(const struct ms_pass *pass, struct shape shape)
{
    return VEC_REGISTERS < 32 && shape.n_x == 2 && shape.vectors > RELU_VECTORS && pass->n_h >= RELU_UNITS;
}

/* Computes W1_j . x + b1_j of `vectors` vectors from number `first` on. */
VEC_INLINE void hidden_arguments(int first, int vectors, struct shape shape, const struct block *block,
                                 const real *W1, real b1, vec *t)
{
    for (int u = 0; u < vectors; u++)
        t[u] = vec_set(b1);
    for (int32_t i = 0; i < shape.n_x; i++) {
        const vec w = vec_set(W1[i]);

        for (int u = 0; u < vectors; u++)
            t[u] = vec_fma(w, block_x(shape, block, i, first + u), t[u]);
    }
}

/* One unit of tanh or sigmoid. Its output is stored in s, of `vectors` vectors, unless there is only a forward half. */
VEC_INLINE void forward_logistic(struct shape shape, const struct block *block, const real *W1, real b1,
                                 real W2, real *s, vec *z)
{
    const vec w = vec_set(W2);
    struct exponential e[BLOCK_MOST];
    vec t[BLOCK_MOST];

    hidden_arguments(0, shape.vectors, shape, block, W1, b1, t);
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

/* One unit of relu. The backward half, if there is one, only needs to know where its argument is positive. In the range
 * where an argument may be NaN, it must stay NaN. */
VEC_INLINE void forward_relu(int first, int vectors, struct shape shape, const struct block *block,
                             const real *W1, real b1, real W2, flags *positive, vec *z)
{
    const vec w = vec_set(W2);
    vec t[BLOCK_MOST];

    hidden_arguments(first, vectors, shape, block, W1, b1, t);
    for (int u = 0; u < vectors; u++) {
        const flags f = vec_positive(t[u]);

        if (!shape.is_forward)
            flags_store(positive + u, f);
        z[u] = shape.range == MS_RANGE_ANY ? vec_fma(w, vec_relu(t[u]), z[u])
                                           : vec_fma_where(f, w, t[u], z[u]);
    }
}

/* Adds the hidden layer of tanh or sigmoid to z. Stores it in pass->activations, [n_h][vectors] vectors, unless there is
 * only a forward half. */
VEC_INLINE void forward_logistics(const struct ms_pass *pass, struct shape shape, const struct block *block,
                                  vec *z)
{
    const real *W1 = pass->W1, *b1 = pass->b1, *W2 = pass->W2;
    const int64_t stored = shape.is_forward ? 0 : shape.vectors * LANES; /* reals for each unit */
    real *s = pass->activations;

    for (int32_t j = 0; j < pass->n_h; j++, W1 += shape.n_x)
        forward_logistic(shape, block, W1, b1[j], W2[j], s + j * stored, z);
}

/* Likewise for relu, for `vectors` vectors from number `first` on, with flags instead of the hidden layer. */
VEC_INLINE void forward_relus(int first, int vectors, const struct ms_pass *pass, struct shape shape,
                              const struct block *block, vec *z)
{
    const real *W1 = pass->W1, *b1 = pass->b1, *W2 = pass->W2;
    const int64_t stored = shape.is_forward ? 0 : shape.vectors; /* flags for each unit */
    flags *positive = pass->activations;
    vec sum[BLOCK_MOST];

    for (int u = 0; u < vectors; u++)
        sum[u] = z[first + u];
    for (int32_t j = 0; j < pass->n_h; j++, W1 += shape.n_x)
        forward_relu(first, vectors, shape, block, W1, b1[j], W2[j], positive + j * stored + first, sum);
    for (int u = 0; u < vectors; u++)
        z[first + u] = sum[u];
}

VEC_INLINE void forward_units(const struct ms_pass *pass, struct shape shape, const struct block *block,
                              vec *z)
{
    if (shape.activation != MS_RELU)
        forward_logistics(pass, shape, block, z);
    else if (is_relu_split(pass, shape))
        for (int first = 0; first < shape.vectors; first += RELU_VECTORS)
            forward_relus(first, RELU_VECTORS, pass, shape, block, z);
    else
        forward_relus(0, shape.vectors, pass, shape, block, z);
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
