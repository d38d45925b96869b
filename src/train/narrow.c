/* A kernel that has its own code for training in the narrow range, where nearly all training takes place. Everything else
 * is done by another kernel, with the same bits: so variants of a kernel do not take long to compile.
 *
 * It is compiled like the loop nest (nest.c), and also with
 *     OTHERWISE         the name of the other struct ms_kernel, of the same instruction set and precision
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include VEC_HEADER

#include "accumulate.h"
#include "output_sums.h"

extern const struct ms_kernel OTHERWISE;

static bool has_own_code(const struct ms_pass *pass)
{
    return pass->range == MS_RANGE_NARROW && !pass->samples->weighted && pass->n_h <= pass->part;
}

static void accumulate_narrow(const struct ms_pass *pass, bool anew, int64_t first, int64_t end, real *sums)
{
    switch (pass->activation) {
    case MS_TANH:
        accumulate_features(pass, MS_TANH, MS_RANGE_NARROW, anew, first, end, sums);
        break;
    case MS_SIGMOID:
        accumulate_features(pass, MS_SIGMOID, MS_RANGE_NARROW, anew, first, end, sums);
        break;
    default:
        accumulate_features(pass, MS_RELU, MS_RANGE_NARROW, anew, first, end, sums);
    }
}

static void accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    if (has_own_code(pass))
        accumulate_narrow(pass, false, first, end, sums);
    else
        OTHERWISE.accumulate(pass, first, end, sums);
}

static void start(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    if (has_own_code(pass)) {
        clear_output(pass, sums);
        accumulate_narrow(pass, true, first, end, sums);
    } else
        OTHERWISE.start(pass, first, end, sums);
}

static void clear(const struct ms_pass *pass, void *sums)
{
    OTHERWISE.clear(pass, sums);
}

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    OTHERWISE.combine(pass, to, from);
}

static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    OTHERWISE.reduce(pass, sums, totals);
}

static void evaluate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                     struct ms_predictions *predictions)
{
    OTHERWISE.evaluate(pass, first, end, sums, predictions);
}

static void predict(const struct ms_pass *pass, int64_t first, int64_t end, void *probability)
{
    OTHERWISE.predict(pass, first, end, probability);
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
