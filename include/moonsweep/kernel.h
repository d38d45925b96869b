/* Kernels: the inner loops of training, compiled once per instruction set and precision (src/train/nest.c).
 *
 * One pass over the samples, as the training loop does it for a segment:
 *
 *     kernel->start(pass, first_chunk, some_chunk, sums);
 *     kernel->accumulate(pass, some_chunk, end_chunk, sums);      // in as many slices as the caller likes
 *     kernel->combine(pass, sums, sums_of_the_next_segment);      // in the order of docs/numerics.md
 *     kernel->reduce(pass, sums, totals);
 *
 * Every kernel of a precision gives the same bits. A kernel knows nothing of learning rates, updates or
 * threads: several callers may work on different segments of one pass at the same time, each with its own
 * `activations` and sums.
 *
 * Arrays of whole virtual vectors (samples, activations, sums, probability) are aligned to one, 64 bytes; W1, b1, W2
 * and totals as their elements are. Kernels touch nothing beyond them, and write nothing but activations and
 * outputs. */
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

/* How far the arguments of the exponentials may reach in a pass; ms_pass_fold bounds them. All give the same
 * bits where they apply. */
enum ms_range {
    MS_RANGE_NARROW, /* the product of a chunk's probabilities cannot underflow */
    MS_RANGE_WIDE,   /* no exponential can overflow; the product is split at every vector */
    MS_RANGE_ANY,    /* arguments are clamped, and the cost adds what the clamp took off */
    MS_RANGE_COUNT
};

/* One network, folded for the kernels, and the room they need. "real" is double or float by precision. */
struct ms_pass {
    const struct ms_samples *samples;
    enum ms_activation activation;
    enum ms_range range;
    int32_t n_h;
    void *W1;          /* real [n_h][n_x], times the activation's scale */
    void *b1;          /* real [n_h], likewise */
    void *W2;          /* real [n_h], times -log2(e), for tanh also times -2 */
    double z0;         /* the output's argument before the hidden units are added, a value of real */
    void *activations; /* real [n_h][block of the kernel]: room for the hidden layer at work */
};

/* Sums of a range of chunks, lane by lane: per hidden unit the n_x sums for dW1, the one for db1 and the one
 * for dW2 (unused for relu), then these four. Each is a virtual vector. */
enum ms_output_sum {
    MS_SUM_DZ,       /* of dZ2 */
    MS_SUM_MANTISSA, /* product of the probabilities of the true labels: its mantissa, in [1, 2) */
    MS_SUM_EXPONENT, /* and its exponent, a whole number */
    MS_SUM_EXCESS, /* what the clamp took off, in units of log 2; where it is NaN the product means nothing */
    MS_SUM_COUNT,
    /* With class weights these are label 0's product, exponent and excess; label 1's stand so much further. */
    MS_SUM_LABEL_1 = MS_SUM_COUNT - MS_SUM_MANTISSA
};

struct ms_kernel {
    const char *isa; /* "avx512", "avx2", "neon", "portable-fma", "portable" */
    enum ms_precision precision;
    int32_t block; /* the most samples computed at once: one chunk, or two */

    /* The sums of nothing. */
    void (*clear)(const struct ms_pass *pass, void *sums);

    /* The sums of chunks first .. end-1, first < end, alone: what clear and accumulate come to, in less time. */
    void (*start)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums);

    /* Adds chunks first .. end-1 to sums. */
    void (*accumulate)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums);

    /* Adds the sums `from`, of a later segment, to `to`. */
    void (*combine)(const struct ms_pass *pass, void *to, const void *from);

    /* Adds up the lanes of sums, which it may overwrite: totals [ms_pass_sums(pass)]. */
    void (*reduce)(const struct ms_pass *pass, void *sums, double *totals);

    /* Without gradients: adds to the output's sums (but MS_SUM_DZ) alone, and writes A2 of chunks first ..
     * end-1 to probability, real [end - first][chunk]. The range is taken as MS_RANGE_ANY. */
    void (*evaluate)(const struct ms_pass *pass, int64_t first, int64_t end, void *sums, void *probability);
};

/* Virtual vectors in the sums of a pass for its hidden units: those of the output follow. */
static inline int64_t ms_pass_unit_sums(const struct ms_pass *pass)
{
    return (int64_t)pass->n_h * (pass->samples->n_x + 2);
}

/* Virtual vectors in the sums of a pass: with class weights the output has MS_SUM_LABEL_1 more. */
static inline int64_t ms_pass_sums(const struct ms_pass *pass)
{
    return ms_pass_unit_sums(pass) + MS_SUM_COUNT + (pass->samples->weighted ? MS_SUM_LABEL_1 : 0);
}

/* Lanes of the virtual vector: 8 in float64, 16 in float32. */
int32_t ms_precision_lanes(enum ms_precision precision);

/* The best kernel of this precision for this processor, or the one named isa (NULL: what the environment's
 * MOONSWEEP_ISA names, or the best if that is not set or empty). Errors: MS_BAD_USAGE when isa is unknown or the
 * processor lacks it, naming those that it has. */
enum ms_code ms_kernel_choose(enum ms_precision precision, const char *isa, const struct ms_kernel **kernel,
                              struct ms_error *err);

/* The i-th of this processor's kernels of a precision, best first; NULL where there are no more. */
const struct ms_kernel *ms_kernel_available(enum ms_precision precision, int i);

#ifdef __cplusplus
}
#endif

#endif
