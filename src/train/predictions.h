/* Counts the predictions of a block from the arguments z of the output, without the probabilities A2 = 1 / (1 + 2^z).
 *
 * A2, as logistic.h computes it, exceeds 1/2 where A0 - z, rounded, exceeds A0 (EXP2_A0): docs/numerics.md,
 * "Predictions", says why. test_logistic.c compares the two.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_PREDICTIONS_H
#define MOONSWEEP_TRAIN_PREDICTIONS_H

#include "block.h"

/* Lane by lane. The numbers stay exact: a lane of a segment has fewer than 2^24 samples. */
struct prediction_sums {
    vec ones;  /* the samples that are predicted to have label 1 */
    vec right; /* those with label 1 among them, minus those with label 0 */
    vec probe; /* 0, or NaN after an argument that was not finite */
};

VEC_INLINE struct prediction_sums no_predictions(void)
{
    return (struct prediction_sums){vec_set(0), vec_set(0), vec_set(0)};
}

/* Adds the samples of a block. */
VEC_INLINE void sum_predictions(struct shape shape, const struct block *block, const vec *z,
                                struct prediction_sums *sums)
{
    const vec one = vec_set(1), A0 = vec_set(EXP2_A0);

    for (int u = 0; u < shape.vectors; u++) {
        const vec excess = vec_sub(vec_sub(A0, z[u]), A0);
        const flags is_one = vec_positive(block->valid ? vec_where(block_valid(block, u), excess) : excess);

        sums->ones = vec_add(sums->ones, vec_where(is_one, one));
        sums->right = vec_add(sums->right, vec_where(is_one, block_signed(shape, block, u, one)));
        sums->probe = vec_fma(z[u], vec_set(0), sums->probe);
    }
}

/* Adds the sums of all lanes to predictions. */
VEC_INLINE void count_predictions(const struct prediction_sums *sums, struct ms_predictions *predictions)
{
    real ones[LANES] __attribute__((aligned(sizeof(vec)))),
        right[LANES] __attribute__((aligned(sizeof(vec))));
    real probe[LANES] __attribute__((aligned(sizeof(vec))));
    int64_t all = 0, difference = 0;

    vec_store(ones, sums->ones);
    vec_store(right, sums->right);
    vec_store(probe, sums->probe);
    for (int lane = 0; lane < LANES; lane++) {
        all += (int64_t)ones[lane];
        difference += (int64_t)right[lane];
        predictions->is_overflow |= !(probe[lane] == 0);
    }
    predictions->ones[0] += (all - difference) / 2;
    predictions->ones[1] += (all + difference) / 2;
}

#endif
