/* The middle of the loop nest: probabilities, cost and gradient of the output. */
#ifndef MOONSWEEP_TRAIN_OUTPUT_H
#define MOONSWEEP_TRAIN_OUTPUT_H

#include "block.h"
#include "logistic.h"

/* The output's arguments t for the true labels, within the range; adds what the clamp takes off to the excess
 * (sums: the output's). */
VEC_INLINE void output_arguments(struct shape shape, const struct block *block, const vec *z, real *sums,
                                 vec *t)
{
    real *excess = sums + MS_SUM_EXCESS * VIRTUAL_LANES;
    vec beyond;

    for (int u = 0; u < shape.vectors; u++)
        t[u] = vec_xor(z[u], block_sign(shape, block, u));
    if (shape.range != MS_RANGE_ANY)
        return;
    beyond = vec_load(excess);
    for (int u = 0; u < shape.vectors; u++) {
        const vec over = vec_relu(vec_sub(t[u], vec_set(WIDE_LIMIT)));

        beyond = vec_add(beyond, block->valid ? vec_where(block_valid(block, u), over) : over);
        t[u] = vec_clamp(t[u], WIDE_LIMIT);
    }
    vec_store(excess, beyond);
}

/* The probabilities P of the true labels; 1 where a sample is missing. */
VEC_INLINE void probabilities(struct shape shape, const struct block *block, const vec *t, vec *P)
{
    struct exponential e[BLOCK_MOST];

    exponentials(shape.vectors, t, e);
    for (int u = 0; u < shape.vectors; u++)
        P[u] = logistic_of(e[u]);
    if (block->valid)
        for (int u = 0; u < shape.vectors; u++)
            P[u] = vec_select(block_valid(block, u), P[u], vec_set(1));
}

/* Multiplies P into the product, which is split after CHUNK_VECTORS factors at the latest: so far it stays normal
 * in the narrow range. */
VEC_INLINE void add_cost(struct shape shape, const vec *P, real *sums)
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

/* dz of every vector, and their sum. Where a sample is missing P is 1 and dz is 0. */
VEC_INLINE void output_gradient(struct shape shape, const struct block *block, const vec *P, real *sums,
                                vec *dz)
{
    vec sum = vec_load(sums + MS_SUM_DZ * VIRTUAL_LANES);

    for (int u = 0; u < shape.vectors; u++) {
        dz[u] = vec_xor(vec_sub(P[u], vec_set(1)), block_sign(shape, block, u));
        sum = vec_add(sum, dz[u]);
    }
    vec_store(sums + MS_SUM_DZ * VIRTUAL_LANES, sum);
}

#endif
