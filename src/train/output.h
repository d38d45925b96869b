/* The middle part of the loop nest: probabilities, cost and gradient of the output.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_OUTPUT_H
#define MOONSWEEP_TRAIN_OUTPUT_H

#include "block.h"
#include "logistic.h"

/* Returns those sums of the output to which the samples with this label are added. */
VEC_INLINE real *sums_of_label(real *sums, int label)
{
    return sums + label * MS_SUM_LABEL_1 * VIRTUAL_LANES;
}

/* Adds to the excess what the clamp will cut off the arguments of the samples with this label. */
VEC_INLINE void add_excess(struct shape shape, const struct block *block, int label, const vec *t, real *sums)
{
    real *excess = sums_of_label(sums, label) + MS_SUM_EXCESS * VIRTUAL_LANES;
    vec beyond = vec_load(excess);

    for (int u = 0; u < shape.vectors; u++) {
        const vec over = vec_relu(vec_sub(t[u], vec_set(WIDE_LIMIT)));

        beyond = vec_add(beyond, vec_where(block_of_label(shape, block, label, u), over));
    }
    vec_store(excess, beyond);
}

/* Computes the arguments t of the output for the true labels, clamped to the range if necessary. sums: those of the
 * output. */
VEC_INLINE void output_arguments(struct shape shape, const struct block *block, const vec *z, real *sums,
                                 vec *t)
{
    for (int u = 0; u < shape.vectors; u++)
        t[u] = block_signed(shape, block, u, z[u]);
    if (shape.range != MS_RANGE_ANY)
        return;
    for (int label = 0; label < (shape.weighted ? 2 : 1); label++)
        add_excess(shape, block, label, t, sums);
    for (int u = 0; u < shape.vectors; u++)
        t[u] = vec_clamp(t[u], WIDE_LIMIT);
}

/* Computes 1 / (1 + 2^t) of the vectors of a block. */
VEC_INLINE void logistics(struct shape shape, const vec *t, vec *a)
{
    struct exponential e[BLOCK_MOST];

    exponentials(shape.vectors, t, e);
    for (int u = 0; u < shape.vectors; u++)
        a[u] = logistic_of(u, e[u]);
}

/* Computes the probabilities P of the true labels; 1 for padding. */
VEC_INLINE void probabilities(struct shape shape, const struct block *block, const vec *t, vec *P)
{
    logistics(shape, t, P);
    if (block->valid)
        for (int u = 0; u < shape.vectors; u++)
            P[u] = vec_select(block_valid(block, u), P[u], vec_set(1));
}

/* Multiplies P into a product. In the narrow range the product of CHUNK_VECTORS factors stays normal, so it is split
 * after that many at the latest. */
VEC_INLINE void multiply_product(struct shape shape, const vec *P, real *sums)
{
    real *mantissa = sums + MS_SUM_MANTISSA * VIRTUAL_LANES;
    real *exponent = sums + MS_SUM_EXPONENT * VIRTUAL_LANES;
    vec product = vec_load(mantissa), power = vec_load(exponent);

    for (int u = 0; u < shape.vectors; u++) {
        product = vec_mul(product, shape.range == MS_RANGE_NARROW ? P[u] : vec_mantissa(P[u]));
        if (shape.range != MS_RANGE_NARROW)
            power = vec_add(power, vec_exponent(P[u]));
        if ((u + 1) % CHUNK_VECTORS == 0 || u + 1 == shape.vectors) {
            power = vec_add(power, vec_exponent(product));
            product = vec_mantissa(product);
        }
    }
    vec_store(exponent, power);
    vec_store(mantissa, product);
}

/* Multiplies P into the product, or into the products of the two labels. */
VEC_INLINE void add_cost(struct shape shape, const struct block *block, const vec *P, real *sums)
{
    if (!shape.weighted) {
        multiply_product(shape, P, sums);
        return;
    }
    for (int label = 0; label < 2; label++) {
        vec P_of_label[BLOCK_MOST];

        for (int u = 0; u < shape.vectors; u++)
            P_of_label[u] = vec_select(block_of_label(shape, block, label, u), P[u], vec_set(1));
        multiply_product(shape, P_of_label, sums_of_label(sums, label));
    }
}

/* Computes dz of every vector and adds their sum. For padding, P is 1 and dz is 0. */
VEC_INLINE void output_gradient(struct shape shape, const struct block *block, const vec *P, real *sums,
                                vec *dz)
{
    vec sum = vec_load(sums + MS_SUM_DZ * VIRTUAL_LANES);

    for (int u = 0; u < shape.vectors; u++) {
        const vec label = block_x(shape, block, shape.n_x, u), error = vec_sub(P[u], vec_set(1));

        dz[u] = shape.weighted ? vec_mul(error, label) : vec_xor(error, label);
        sum = vec_add(sum, dz[u]);
    }
    vec_store(sums + MS_SUM_DZ * VIRTUAL_LANES, sum);
}

#endif
