/* A block of samples, which the loop nest computes at a time, and the shape of the network.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_BLOCK_H
#define MOONSWEEP_TRAIN_BLOCK_H

#include VEC_HEADER

#include <stddef.h>

#include "moonsweep/kernel.h"

enum { CHUNK_VECTORS = 8, CHUNK = CHUNK_VECTORS * VIRTUAL_LANES };

/* Vectors in a block: 2, 4, 8, or 16 if that is two whole chunks. The bits do not depend on it. With 8 the vectors of
 * a block wait for each other least; tests compile the others. */
#ifndef BLOCK_VECTORS
#define BLOCK_VECTORS 8
#endif
/* The number of features for which code is specialized; 0: none, for builds where compile time matters more. */
#ifndef KNOWN_FEATURES
#define KNOWN_FEATURES 2
#endif
enum { BLOCK_MOST = BLOCK_VECTORS > CHUNK_VECTORS ? BLOCK_VECTORS : CHUNK_VECTORS };

/* What is constant when the nest is compiled, which is everything about a block except its pointers: three
 * activations, three ranges, n_x = 2 or any, class weights or none. */
struct shape {
    enum ms_activation activation;
    enum ms_range range;
    int32_t n_x;
    bool weighted;   /* by class */
    bool is_forward; /* no backward half follows: the hidden layer is not stored */
    int vectors;     /* of this block: BLOCK_VECTORS, or CHUNK_VECTORS if two chunks cannot be combined */
};

/* Vectors of samples of the machine's size: one lane group of each virtual vector. */
struct block {
    const real *x;     /* feature 0 of vector 0; block_x returns the others */
    const real *valid; /* of vector 0, in a last chunk that is not full; otherwise NULL */
    bool is_first;     /* this block starts the sums of the units: their previous contents are ignored */
};

/* Returns the pass of at most pass->part units from unit j on. Only code for any range computes units in parts, between
 * which the pass may be left: the usual code does not pay for it. */
VEC_INLINE struct ms_pass part_of_pass(const struct ms_pass *pass, struct shape shape, int32_t j)
{
    const size_t bytes = shape.activation == MS_RELU ? sizeof(flags) : LANES * sizeof(real);
    struct ms_pass part = *pass;

    part.n_h = ms_pass_part_end(pass, j) - j;
    part.W1 = (real *)pass->W1 + (int64_t)j * shape.n_x;
    part.b1 = (real *)pass->b1 + j;
    part.W2 = (real *)pass->W2 + j;
    if (!shape.is_forward)
        part.activations = (char *)pass->activations + (size_t)j * (size_t)shape.vectors * bytes;
    return part;
}

/* Returns the block that begins at vector number `first` of chunk c, in lane group g. */
VEC_INLINE struct block block_of(const struct ms_samples *samples, int32_t n_x, int64_t c, int first, int g)
{
    const real *x = (const real *)samples->blocks + c * (n_x + 1) * CHUNK;
    const real *valid = samples->valid;
    const bool full = (c + 1) * CHUNK <= samples->m;
    const int place = first * VIRTUAL_LANES + g;

    return (struct block){x + place, full ? NULL : valid + place, false};
}

/* Returns where feature i of vector u is; feature n_x is the sign of the label, or the weight of its class with that
 * sign. */
VEC_INLINE const real *block_place(struct shape shape, const struct block *block, int32_t i, int u)
{
    const int32_t chunk = u / CHUNK_VECTORS * (shape.n_x + 1) * CHUNK;

    return block->x + chunk + (i * CHUNK_VECTORS + u % CHUNK_VECTORS) * VIRTUAL_LANES;
}

/* Returns the feature that is there. */
VEC_INLINE vec block_x(struct shape shape, const struct block *block, int32_t i, int u)
{
    return vec_load(block_place(shape, block, i, u));
}

/* Returns a where the label is 1, and -a where it is 0. */
VEC_INLINE vec block_signed(struct shape shape, const struct block *block, int u, vec a)
{
    const vec label = block_x(shape, block, shape.n_x, u);

    if (!shape.weighted)
        return vec_xor(a, label);
    return vec_select(vec_positive(label), a, vec_xor(a, vec_set(-0.0F)));
}

/* Returns which lanes of vector u contain a sample; block->valid must not be NULL. */
VEC_INLINE flags block_valid(const struct block *block, int u)
{
    return vec_positive(vec_load(block->valid + u * VIRTUAL_LANES));
}

/* Returns which lanes of vector u contain a sample with this label; without class weights all samples count as label
 * 0. */
VEC_INLINE flags block_of_label(struct shape shape, const struct block *block, int label, int u)
{
    const vec weight = block_x(shape, block, shape.n_x, u);

    if (shape.weighted)
        return vec_positive(label == 1 ? weight : vec_xor(weight, vec_set(-0.0F)));
    return block->valid ? block_valid(block, u) : vec_positive(vec_set(1));
}

#endif
