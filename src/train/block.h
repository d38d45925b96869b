/* What the loop nest computes at a time: a block of samples, and with which shape of network. */
#ifndef MOONSWEEP_TRAIN_BLOCK_H
#define MOONSWEEP_TRAIN_BLOCK_H

#include VEC_HEADER

#include <stddef.h>

#include "moonsweep/kernel.h"

enum { CHUNK_VECTORS = 8, CHUNK = CHUNK_VECTORS * VIRTUAL_LANES };

/* Vectors in a block: 2, 4, 8, or 16 where that is two whole chunks. It never shows in the bits; with 8 a block's
 * vectors wait for each other least, and tests compile the others. */
#ifndef BLOCK_VECTORS
#define BLOCK_VECTORS 8
#endif
/* The number of features that has code of its own; 0: none has, for builds in which the time to compile matters more. */
#ifndef KNOWN_FEATURES
#define KNOWN_FEATURES 2
#endif
enum { BLOCK_MOST = BLOCK_VECTORS > CHUNK_VECTORS ? BLOCK_VECTORS : CHUNK_VECTORS };

/* All but the pointers that a block is computed with is known when the nest is compiled: three activations,
 * three ranges, n_x = 2 or any, class weights or none. */
struct shape {
    enum ms_activation activation;
    enum ms_range range;
    int32_t n_x;
    bool weighted; /* by class */
    int vectors;   /* of this block: BLOCK_VECTORS, but CHUNK_VECTORS where two chunks cannot go together */
};

/* Vectors of samples that fit the machine, one lane group of each virtual vector. */
struct block {
    const real *x;     /* feature 0 of vector 0; the rest: block_x */
    const real *valid; /* of vector 0, in the last chunk if it is not full; else NULL */
    bool is_first;     /* the units' sums are its own alone: what they hold does not count */
};

/* Vectors from number `first` of chunk c on, in lane group g. */
VEC_INLINE struct block block_of(const struct ms_samples *samples, int32_t n_x, int64_t c, int first, int g)
{
    const real *x = (const real *)samples->blocks + c * (n_x + 1) * CHUNK;
    const real *valid = samples->valid;
    const bool full = (c + 1) * CHUNK <= samples->m;
    const int place = first * VIRTUAL_LANES + g;

    return (struct block){x + place, full ? NULL : valid + place, false};
}

/* Feature i of vector u; feature n_x is the label's sign, or its class's weight with that sign. */
VEC_INLINE vec block_x(struct shape shape, const struct block *block, int32_t i, int u)
{
    const int32_t chunk = u / CHUNK_VECTORS * (shape.n_x + 1) * CHUNK;

    return vec_load(block->x + chunk + (i * CHUNK_VECTORS + u % CHUNK_VECTORS) * VIRTUAL_LANES);
}

/* a where the label is 1, -a where it is 0. */
VEC_INLINE vec block_signed(struct shape shape, const struct block *block, int u, vec a)
{
    const vec label = block_x(shape, block, shape.n_x, u);

    if (!shape.weighted)
        return vec_xor(a, label);
    return vec_select(vec_positive(label), a, vec_xor(a, vec_set(-0.0F)));
}

/* Which lanes of vector u hold a sample; block->valid is not NULL. */
VEC_INLINE flags block_valid(const struct block *block, int u)
{
    return vec_positive(vec_load(block->valid + u * VIRTUAL_LANES));
}

/* Where vector u holds samples of a label; without class weights all count as of label 0. */
VEC_INLINE flags block_of_label(struct shape shape, const struct block *block, int label, int u)
{
    const vec weight = block_x(shape, block, shape.n_x, u);

    if (shape.weighted)
        return vec_positive(label == 1 ? weight : vec_xor(weight, vec_set(-0.0F)));
    return block->valid ? block_valid(block, u) : vec_positive(vec_set(1));
}

#endif
