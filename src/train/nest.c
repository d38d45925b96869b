/* The loop nest: forward, cost and backward pass over a chunk of samples, fused, so that a chunk stays in the
 * first-level cache and its accumulators in registers.
 *
 * It is compiled once per instruction set and precision (src/train/meson.build) with
 *     VEC_HEADER        the vector header, e.g. "vec_avx512_f64.h"
 *     PRECISION_HEADER  the precision of vec_portable.h: "vec_f64.h" or "vec_f32.h"
 *     KERNEL            the name of the struct ms_kernel defined here, e.g. ms_kernel_avx512_f64
 *     KERNEL_ISA        the instruction set's name, e.g. "avx512"
 *
 * The mathematics of one sample, where P is the probability of its true label:
 *
 *     s_j = 1 / (1 + 2^(W1_j . x + b1_j))        tanh and sigmoid, folded: (1 - tanh)/2 and sigmoid
 *     s_j = max(0, W1_j . x + b1_j)              relu
 *     P   = 1 / (1 + 2^t), t = +-(z0 + W2 . s)   the sign by the label
 *     dz  = +-(P - 1)                            which is A2 - Y
 *     h_j = dz s_j                               summed for dW2
 *     d_j = h_j (1 - s_j), or dz where s_j > 0   summed for db1, and times x for dW1
 *
 * step.c applies the factors that are the same for all samples (W2, the rate, 1/m, the scale of tanh). relu needs no h:
 * the sum of dz relu(t) follows from the sums of d x and d.
 *
 * Bits: the sums of every lane run in the order of the samples, with the operations in the order written here. The
 * range (enum ms_range) decides when products are split, and does not change their values.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include VEC_HEADER

#include "accumulate.h"
#include "predictions.h"
#include "sums.h"

/* For any range and any number of features: specialized code for each is not worth it with class weights. */
VEC_INLINE void accumulate_weighted(const struct ms_pass *pass, enum ms_activation activation, bool anew,
                                    int64_t first, int64_t end, real *sums)
{
    const struct shape shape = {
        .activation = activation, .range = MS_RANGE_ANY, .n_x = pass->samples->n_x, .weighted = true};

    accumulate_chunks(pass, shape, anew, first, end, sums);
}

VEC_INLINE void accumulate_any_range(const struct ms_pass *pass, enum ms_activation activation, bool anew,
                                     int64_t first, int64_t end, real *sums)
{
    if (pass->samples->weighted)
        accumulate_weighted(pass, activation, anew, first, end, sums);
    else
        accumulate_features(pass, activation, MS_RANGE_ANY, anew, first, end, sums);
}

/* Any range includes the others, and only its code leaves a pass within a block. It is compiled as a function for itself:
 * calls in the middle of loops would make compilers use registers in another way in all loops of their function. */
__attribute__((noinline)) static void accumulate_any(const struct ms_pass *pass, bool anew, int64_t first,
                                                     int64_t end, real *sums)
{
    switch (pass->activation) {
    case MS_TANH:
        accumulate_any_range(pass, MS_TANH, anew, first, end, sums);
        break;
    case MS_SIGMOID:
        accumulate_any_range(pass, MS_SIGMOID, anew, first, end, sums);
        break;
    default:
        accumulate_any_range(pass, MS_RELU, anew, first, end, sums);
    }
}

VEC_INLINE void accumulate_range(const struct ms_pass *pass, enum ms_activation activation, bool anew,
                                 int64_t first, int64_t end, real *sums)
{
    if (pass->range == MS_RANGE_NARROW)
        accumulate_features(pass, activation, MS_RANGE_NARROW, anew, first, end, sums);
    else
        accumulate_features(pass, activation, MS_RANGE_WIDE, anew, first, end, sums);
}

static void accumulate_activation(const struct ms_pass *pass, bool anew, int64_t first, int64_t end,
                                  real *sums)
{
    if (pass->range == MS_RANGE_ANY || pass->samples->weighted || pass->n_h > pass->part) {
        accumulate_any(pass, anew, first, end, sums);
        return;
    }
    switch (pass->activation) {
    case MS_TANH:
        accumulate_range(pass, MS_TANH, anew, first, end, sums);
        break;
    case MS_SIGMOID:
        accumulate_range(pass, MS_SIGMOID, anew, first, end, sums);
        break;
    default:
        accumulate_range(pass, MS_RELU, anew, first, end, sums);
    }
}

static void accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    accumulate_activation(pass, false, first, end, sums);
}

static void start(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    clear_output(pass, sums);
    accumulate_activation(pass, true, first, end, sums);
}

VEC_INLINE void evaluate_chunks(const struct ms_pass *pass, struct shape shape, int64_t first, int64_t end,
                                real *sums, struct ms_predictions *predictions)
{
    real *output = sums + ms_pass_unit_sums(pass) * VIRTUAL_LANES;
    struct prediction_sums found = no_predictions();

    for (int64_t c = first; c < end; c++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const struct block block = block_of(pass->samples, shape.n_x, c, 0, g);
            vec z[BLOCK_MOST], P[BLOCK_MOST];

            forward_to_cost(pass, shape, &block, output + g, z, P);
            sum_predictions(shape, &block, z, &found);
        }
    count_predictions(&found, predictions);
}

/* The shape of any network, with the number of features and the activation known at run time only. */
VEC_INLINE struct shape forward_shape(const struct ms_pass *pass, bool weighted)
{
    return (struct shape){.activation = pass->activation,
                          .range = MS_RANGE_ANY,
                          .n_x = pass->samples->n_x,
                          .weighted = weighted,
                          .is_forward = true,
                          .vectors = CHUNK_VECTORS};
}

/* A function for itself for the same reason as accumulate_any. */
__attribute__((noinline)) static void evaluate_any(const struct ms_pass *pass, int64_t first, int64_t end,
                                                   real *sums, struct ms_predictions *predictions)
{
    if (pass->samples->weighted)
        evaluate_chunks(pass, forward_shape(pass, true), first, end, sums, predictions);
    else
        evaluate_chunks(pass, forward_shape(pass, false), first, end, sums, predictions);
}

/* In the narrow range, which most networks are in when they are evaluated often. */
VEC_INLINE void evaluate_narrow(const struct ms_pass *pass, enum ms_activation activation, int64_t first,
                                int64_t end, real *sums, struct ms_predictions *predictions)
{
    const struct shape shape = {.activation = activation,
                                .range = MS_RANGE_NARROW,
                                .n_x = KNOWN_FEATURES,
                                .is_forward = true,
                                .vectors = CHUNK_VECTORS};

    evaluate_chunks(pass, shape, first, end, sums, predictions);
}

/* Without a backward half, tanh and sigmoid are the same. */
static void evaluate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                     struct ms_predictions *predictions)
{
    if (KNOWN_FEATURES == 0 || pass->samples->n_x != KNOWN_FEATURES || pass->range != MS_RANGE_NARROW ||
        pass->samples->weighted || pass->n_h > pass->part)
        evaluate_any(pass, first, end, sums, predictions);
    else if (pass->activation == MS_RELU)
        evaluate_narrow(pass, MS_RELU, first, end, sums, predictions);
    else
        evaluate_narrow(pass, MS_SIGMOID, first, end, sums, predictions);
}

static void predict(const struct ms_pass *pass, int64_t first, int64_t end, void *probability)
{
    const struct shape shape = forward_shape(pass, false);
    real *A2 = probability;

    for (int64_t c = first; c < end; c++, A2 += CHUNK)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const struct block block = block_of(pass->samples, shape.n_x, c, 0, g);
            vec z[BLOCK_MOST], a[BLOCK_MOST];

            forward(pass, shape, &block, z);
            for (int u = 0; u < CHUNK_VECTORS; u++)
                z[u] = vec_clamp(z[u], WIDE_LIMIT);
            logistics(shape, z, a);
            for (int u = 0; u < CHUNK_VECTORS; u++)
                vec_store(A2 + u * VIRTUAL_LANES + g, a[u]);
        }
}

extern const struct ms_kernel KERNEL;
const struct ms_kernel KERNEL = {
    .isa = KERNEL_ISA,
    .precision = VEC_PRECISION,
    .lanes = LANES,
    .block = BLOCK_MOST * VIRTUAL_LANES,
    .clear = clear,
    .start = start,
    .accumulate = accumulate,
    .combine = combine,
    .reduce = reduce,
    .evaluate = evaluate,
    .predict = predict,
};
