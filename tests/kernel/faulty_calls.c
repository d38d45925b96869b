/* Kernels with one function that is wrong: what is not listed here calls the portable kernel.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "faulty_calls.h"

#include "demand.h"

/* ---- correct functions, by the portable kernel ------------------------------------------------------- */

static const struct ms_kernel *portable(const struct ms_pass *pass)
{
    const struct ms_kernel *kernel;
    struct ms_error err;

    demand(ms_kernel_choose(pass->samples->precision, "portable", &kernel, &err) == MS_OK, "%s", err.text);
    return kernel;
}

static void clear(const struct ms_pass *pass, void *sums)
{
    portable(pass)->clear(pass, sums);
}

static void start(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    portable(pass)->start(pass, first, end, sums);
}

static void accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    portable(pass)->accumulate(pass, first, end, sums);
}

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    portable(pass)->combine(pass, to, from);
}

static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    portable(pass)->reduce(pass, sums, totals);
}

static void evaluate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                     struct ms_predictions *predictions)
{
    portable(pass)->evaluate(pass, first, end, sums, predictions);
}

static void predict(const struct ms_pass *pass, int64_t first, int64_t end, void *probability)
{
    portable(pass)->predict(pass, first, end, probability);
}

/* ---- faulty functions -------------------------------------------------------------------------------- */

/* Does not clear the sums first. */
static void start_uncleared(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    accumulate(pass, first, end, sums);
}

/* Restarts the sums in every slice. */
static void accumulate_restarting(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    start(pass, first, end, sums);
}

/* Accumulates the chunks from last to first. */
static void accumulate_backwards(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    while (end-- > first)
        accumulate(pass, end, end + 1, sums);
}

/* Adds the lanes of one float64 sum from first to last. */
static void reduce_in_sequence(const struct ms_pass *pass, void *sums, double *totals)
{
    const double *lanes = sums;
    double sum = 0;

    for (int32_t lane = 0; lane < ms_precision_lanes(MS_FLOAT64); lane++)
        sum += lanes[lane];
    reduce(pass, sums, totals);
    totals[0] = sum;
}

/* Also accumulates gradients, which evaluate must not do. */
static void evaluate_and_accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                                    struct ms_predictions *predictions)
{
    accumulate(pass, first, end, sums);
    evaluate(pass, first, end, sums, predictions);
}

/* Counts the samples of padding, too, as if they had label 0. */
static void evaluate_padding(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                             struct ms_predictions *predictions)
{
    const struct ms_samples *samples = pass->samples;

    evaluate(pass, first, end, sums, predictions);
    if (end == samples->chunks)
        predictions->ones[0] += samples->chunks * samples->chunk - samples->m;
}

static const struct ms_kernel kernels[] = {
    {"uncleared", MS_FLOAT64, 1, 64, clear, start_uncleared, accumulate, combine, reduce, evaluate, predict},
    {"uncleared", MS_FLOAT32, 1, 128, clear, start_uncleared, accumulate, combine, reduce, evaluate, predict},
    {"restarting", MS_FLOAT64, 1, 64, clear, start, accumulate_restarting, combine, reduce, evaluate,
     predict},
    {"restarting", MS_FLOAT32, 1, 128, clear, start, accumulate_restarting, combine, reduce, evaluate,
     predict},
    {"backwards", MS_FLOAT64, 1, 64, clear, start, accumulate_backwards, combine, reduce, evaluate, predict},
    {"backwards", MS_FLOAT32, 1, 128, clear, start, accumulate_backwards, combine, reduce, evaluate, predict},
    {"in_sequence", MS_FLOAT64, 1, 64, clear, start, accumulate, combine, reduce_in_sequence, evaluate,
     predict},
    {"gradients", MS_FLOAT64, 1, 64, clear, start, accumulate, combine, reduce, evaluate_and_accumulate,
     predict},
    {"gradients", MS_FLOAT32, 1, 128, clear, start, accumulate, combine, reduce, evaluate_and_accumulate,
     predict},
    {"counting", MS_FLOAT64, 1, 64, clear, start, accumulate, combine, reduce, evaluate_padding, predict},
    {"counting", MS_FLOAT32, 1, 128, clear, start, accumulate, combine, reduce, evaluate_padding, predict},
};

const struct ms_kernel *faulty_calls_at(int i)
{
    return i < (int)(sizeof kernels / sizeof *kernels) ? &kernels[i] : NULL;
}
