/* Kernels: the inner loops of training, compiled once per instruction set and precision (src/train/nest.c).
 *
 * One pass over the samples, as the training loop does it for a segment:
 *
 *     kernel->start(pass, first_chunk, some_chunk, sums);
 *     kernel->accumulate(pass, some_chunk, end_chunk, sums);      // in as many slices as the caller likes
 *     kernel->combine(pass, sums, sums_of_the_next_segment);      // in the order of docs/numerics.md
 *     kernel->reduce(pass, sums, totals);
 *
 * All kernels of a precision give the same bits. A kernel knows nothing of learning rates, updates or threads: several
 * callers may work on different segments of one pass at the same time, each with separate `activations` and sums.
 *
 * Arrays of whole virtual vectors (samples, activations, sums, probability) are aligned to the size of one, 64 bytes;
 * W1, b1, W2 and totals are aligned as their elements are. Kernels do not access anything outside these arrays, and
 * write only to activations and outputs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_KERNEL_H
#define MOONSWEEP_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/network.h"
#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The range of the arguments of the exponentials in a pass, which ms_pass_fold determines. Where several ranges apply,
 * they give the same bits. */
enum ms_range {
    MS_RANGE_NARROW, /* the product of a chunk's probabilities cannot underflow */
    MS_RANGE_WIDE,   /* no exponential can overflow; the product is split at every vector */
    MS_RANGE_ANY,    /* arguments are clamped, and what the clamp cut off is added to the cost */
    MS_RANGE_COUNT
};

/* One network, folded for the kernels (constant factors are multiplied into its parameters), and their work space.
 * "real" is double or float, depending on the precision. */
struct ms_pass {
    const struct ms_samples *samples;
    enum ms_activation activation;
    enum ms_range range;
    int32_t n_h;
    void *W1;  /* real [n_h][n_x], times the activation's scale */
    void *b1;  /* real [n_h], likewise */
    void *W2;  /* real [n_h], times -log2(e), for tanh also times -2 */
    double z0; /* the output's argument without the hidden units, a value of real */

    /* Only for evaluate and predict: there are no activations, and the sums have no part for hidden units. */
    bool is_forward;
    void *activations; /* real [n_h][block of the kernel]: work space for the hidden layer */

    /* Wide networks: called before each `part` units of a block, and before as many whenever sums are combined or
     * reduced, or parameters folded or updated. Once it has returned true, which it then always does, the rest is left
     * out, and the results are meaningless. NULL: never called. */
    bool (*look)(void *context);
    void *look_context;
    int32_t part; /* a multiple of 4 */
};

/* Sums over a range of chunks, lane by lane: per hidden unit n_x sums for dW1, one for db1 and one for dW2 (unused for
 * relu); then these four. Each is a virtual vector. */
enum ms_output_sum {
    MS_SUM_DZ,       /* of dZ2 */
    MS_SUM_MANTISSA, /* product of the probabilities of the true labels: its mantissa, in [1, 2), */
    MS_SUM_EXPONENT, /* and its exponent, a whole number */
    MS_SUM_EXCESS,   /* what the clamp cut off, in units of log 2; if it is NaN, the product is meaningless */
    MS_SUM_COUNT,
    /* With class weights, the last three are those of label 0; those of label 1 follow them at this distance. */
    MS_SUM_LABEL_1 = MS_SUM_COUNT - MS_SUM_MANTISSA
};

/* The predictions for a range of samples. */
struct ms_predictions {
    int64_t ones[2];  /* by label: the samples with it for which label 1 is predicted, A2 > 0.5 */
    bool is_overflow; /* an argument of the output is infinite or NaN: then ones is meaningless */
};

struct ms_kernel {
    const char *isa; /* "avx512", "avx2", "neon", "portable-fma", "portable" */
    enum ms_precision precision;
    int32_t lanes; /* samples that one of its operations computes; 1: it is plain C */
    int32_t block; /* the largest number of samples computed at once: one chunk, or two */

    /* Sets sums to those of no chunks. */
    void (*clear)(const struct ms_pass *pass, void *sums);

    /* Sets sums to those of chunks first .. end-1, first < end: like clear and accumulate, in less time. */
    void (*start)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums);

    /* Adds chunks first .. end-1 to sums. */
    void (*accumulate)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums);

    /* Adds the sums `from`, those of a later segment, to `to`. */
    void (*combine)(const struct ms_pass *pass, void *to, const void *from);

    /* Adds up the lanes of sums, which it may overwrite, into totals [ms_pass_sums(pass)]. */
    void (*reduce)(const struct ms_pass *pass, void *sums, double *totals);

    /* Without gradients: adds chunks first .. end-1 only to the output's sums (except MS_SUM_DZ), and to predictions. */
    void (*evaluate)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                     struct ms_predictions *predictions);

    /* Writes A2 of chunks first .. end-1 to probability, real [end - first][chunk]. It always computes as for
     * MS_RANGE_ANY. */
    void (*predict)(const struct ms_pass *pass, int64_t first, int64_t end, void *probability);
};

/* Returns whether the pass is to be left, asking only if the network is wide. */
static inline bool ms_pass_is_left(const struct ms_pass *pass)
{
    return pass->n_h > pass->part && pass->look != NULL && pass->look(pass->look_context);
}

/* The end of the part that begins with hidden unit j. */
static inline int32_t ms_pass_part_end(const struct ms_pass *pass, int32_t j)
{
    return pass->n_h - j < pass->part ? pass->n_h : j + pass->part;
}

/* The number of virtual vectors in the sums of a pass that belong to hidden units; those of the output follow. */
static inline int64_t ms_pass_unit_sums(const struct ms_pass *pass)
{
    return pass->is_forward ? 0 : (int64_t)pass->n_h * (pass->samples->n_x + 2);
}

/* The number of virtual vectors in the sums of a pass; with class weights the output has MS_SUM_LABEL_1 more. */
static inline int64_t ms_pass_sums(const struct ms_pass *pass)
{
    return ms_pass_unit_sums(pass) + MS_SUM_COUNT + (pass->samples->weighted ? MS_SUM_LABEL_1 : 0);
}

/* The lanes of the virtual vector: 8 in float64, 16 in float32. */
int32_t ms_precision_lanes(enum ms_precision precision);

/* Chooses the best kernel of this precision that the processor supports, or the one named isa (NULL: the one named by
 * the environment variable MOONSWEEP_ISA, or the best if that is not set or empty). Errors: MS_BAD_USAGE if isa is
 * unknown or the processor does not support it; the message lists those that it supports. */
enum ms_code ms_kernel_choose(enum ms_precision precision, const char *isa, const struct ms_kernel **kernel,
                              struct ms_error *err);

/* Lists the kernels among which ms_kernel_choose chooses, best first, but at most so many; 0 where it fails. */
int32_t ms_kernel_list(enum ms_precision precision, const char *isa, int32_t most,
                       const struct ms_kernel **list);

/* The i-th kernel of a precision that the processor supports, best first; NULL if there are no more. */
const struct ms_kernel *ms_kernel_available(enum ms_precision precision, int i);

#ifdef __cplusplus
}
#endif

#endif
