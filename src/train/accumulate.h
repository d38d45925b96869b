/* One pass of the loop nest over chunks of samples: forward, cost and backward, for one shape of network.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_ACCUMULATE_H
#define MOONSWEEP_TRAIN_ACCUMULATE_H

#include "backward.h"
#include "forward.h"
#include "output.h"

/* Computes the arguments z of the output and the probabilities P of the true labels, and adds the cost to the sums of
 * the output. */
VEC_INLINE void forward_to_cost(const struct ms_pass *pass, struct shape shape, const struct block *block,
                                real *output, vec *z, vec *P)
{
    vec t[BLOCK_MOST];

    forward(pass, shape, block, z);
    output_arguments(shape, block, z, output, t);
    probabilities(shape, block, t, P);
    add_cost(shape, block, P, output);
}

VEC_INLINE void accumulate_block(const struct ms_pass *pass, struct shape shape, const struct block *block,
                                 real *sums)
{
    real *output = sums + ms_pass_unit_sums(pass) * VIRTUAL_LANES;
    vec z[BLOCK_MOST], P[BLOCK_MOST], dz[BLOCK_MOST];

    forward_to_cost(pass, shape, block, output, z, P);
    output_gradient(shape, block, P, output, dz);
    backward(pass, shape, block, dz, sums);
}

/* Samples of more bytes do not stay in the cache that a core has for itself. */
enum { CACHED_BYTES = 1 << 20 };

VEC_INLINE bool is_streamed(const struct ms_samples *samples, struct shape shape)
{
    return shape.n_x == 2 && samples->chunks * (shape.n_x + 1) * CHUNK * (int64_t)sizeof(real) > CACHED_BYTES;
}

/* Asks for what is needed two chunks later: the processor, which recognizes sequences of addresses, asks too late for small
 * networks. With many features it is the memory that limits, and asking earlier does not help. Each lane group asks for its
 * share. */
VEC_INLINE void prefetch(const struct ms_samples *samples, struct shape shape, int64_t c, int g)
{
    enum { AHEAD = 2, LINE_BYTES = 64 };
    const int64_t bytes = (shape.n_x + 1) * CHUNK * (int64_t)sizeof(real);
    const char *chunk = (const char *)samples->blocks + (c + AHEAD) * bytes;

    if (c + AHEAD < samples->chunks)
        for (int64_t i = bytes * g / VIRTUAL_LANES; i < bytes * (g + LANES) / VIRTUAL_LANES; i += LINE_BYTES)
            __builtin_prefetch(chunk + i);
}

/* Combines two whole chunks in a block of 16 vectors if blocks have that size; otherwise a chunk is one or more
 * blocks. anew: the sums of the units are started, whatever they contain. */
VEC_INLINE void accumulate_chunks(const struct ms_pass *pass, struct shape shape, bool anew, int64_t first,
                                  int64_t end, real *sums)
{
    const struct ms_samples *samples = pass->samples;
    const bool streamed = is_streamed(samples, shape);
    int64_t c = first;

    for (; BLOCK_VECTORS > CHUNK_VECTORS && c + 2 <= end && (c + 2) * CHUNK <= samples->m; c += 2)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            struct block block = block_of(samples, shape.n_x, c, 0, g);

            block.is_first = anew && c == first;
            shape.vectors = BLOCK_VECTORS;
            accumulate_block(pass, shape, &block, sums + g);
        }
    shape.vectors = BLOCK_VECTORS < CHUNK_VECTORS ? BLOCK_VECTORS : CHUNK_VECTORS;
    for (; c < end; c++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            if (streamed)
                prefetch(samples, shape, c, g);
            for (int u = 0; u < CHUNK_VECTORS; u += shape.vectors) {
                struct block block = block_of(samples, shape.n_x, c, u, g);

                block.is_first = anew && c == first && u == 0;
                accumulate_block(pass, shape, &block, sums + g);
            }
        }
}

VEC_INLINE void accumulate_features(const struct ms_pass *pass, enum ms_activation activation,
                                    enum ms_range range, bool anew, int64_t first, int64_t end, real *sums)
{
    struct shape shape = {.activation = activation, .range = range, .n_x = pass->samples->n_x};

    if (KNOWN_FEATURES > 0 && shape.n_x == KNOWN_FEATURES) {
        shape.n_x = KNOWN_FEATURES; /* a constant from here on */
        accumulate_chunks(pass, shape, anew, first, end, sums);
    } else
        accumulate_chunks(pass, shape, anew, first, end, sums);
}

#endif
