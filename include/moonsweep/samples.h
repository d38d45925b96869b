/* A set of samples, laid out for the kernels: made once, shared read-only by every network trained on it.
 *
 * Samples are stored in chunks of 8 virtual vectors (a virtual vector has 8 lanes in float64, 16 in float32). The last
 * chunk is padded with zeros, which a mask excludes from every sum. Chunks form segments, over which sums run; both
 * depend only on the number of samples (docs/numerics.md).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SAMPLES_H
#define MOONSWEEP_SAMPLES_H

#include "moonsweep/class_weight.h"
#include "moonsweep/data.h"
#include "moonsweep/network.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_samples {
    enum ms_precision precision;
    int32_t n_x;
    int64_t m;        /* samples */
    int32_t chunk;    /* samples in a chunk: 64 in float64, 128 in float32 */
    int64_t chunks;   /* C = ceil(m / chunk) */
    int32_t segments; /* G = min(64, ceil(C / 8)) */
    /* [chunks][n_x + 1][chunk] owned: the features, then the sign of the label (-0 for label 0), or with class weights
     * the weight, negative for label 0 */
    void *blocks;
    void *valid;   /* [chunk] in the memory of blocks: 1 for each sample of the last chunk, 0 for padding */
    double *x_max; /* [n_x] owned: the largest |x| of each feature */
    uint8_t *y;    /* [m] owned: the labels */
    int64_t of_label[2]; /* the number of samples with each label */
    bool weighted;       /* by class */
    double weight[2];    /* of the labels 0 and 1, values of the precision */
};

/* Lays out data, its values rounded to precision. The caller frees samples. Errors: MS_NO_MEMORY, and MS_WORK_LEFT if
 * stop (may be NULL) asked for an early end. */
enum ms_code ms_samples_make(struct ms_samples *samples, const struct ms_data *data,
                             enum ms_precision precision, const struct ms_stop_request *stop,
                             struct ms_error *err);

/* The steps of ms_samples_make: allocates the arrays of samples that have their sizes (ms_samples_sizes), and lays out data
 * in the arrays of samples, which may also be in memory that is shared, with any content. Errors: MS_NO_MEMORY (samples are then
 * empty); MS_WORK_LEFT (the content of the arrays is then undefined). */
enum ms_code ms_samples_alloc(struct ms_samples *samples, struct ms_error *err);
enum ms_code ms_samples_fill(struct ms_samples *samples, const struct ms_data *data,
                             const struct ms_stop_request *stop, struct ms_error *err);

/* The sizes of what ms_samples_make makes, without its arrays; and the bytes that blocks, with the mask, and all arrays of
 * such a set take. */
struct ms_samples ms_samples_sizes(const struct ms_data *data, enum ms_precision precision);
int64_t ms_samples_block_bytes(const struct ms_samples *samples);
int64_t ms_samples_bytes(const struct ms_samples *samples);

/* Gives every sample the weight of its class, weight[label]: costs and gradients are then those of -sum(weight log
 * P)/m. May be called once, before the samples are used. Errors: MS_BAD_INPUT if a weight, rounded to the precision,
 * is not finite and above 0. */
enum ms_code ms_samples_weigh(struct ms_samples *samples, const double weight[2], struct ms_error *err);

/* Lays out both sets of a data set, with the weights of its classes: those of the training set also in the dev set, so
 * that the costs of both are comparable. The caller frees train and dev, also after an error. Errors: those of
 * ms_samples_make and ms_samples_weigh. */
enum ms_code ms_samples_make_sets(struct ms_samples *train, struct ms_samples *dev,
                                  const struct ms_dataset *dataset,
                                  const struct ms_class_weight *class_weight, enum ms_precision precision,
                                  const struct ms_stop_request *stop, struct ms_error *err);

/* Does the same with sets that have their sizes and arrays. */
enum ms_code ms_samples_fill_sets(struct ms_samples *train, struct ms_samples *dev,
                                  const struct ms_dataset *dataset,
                                  const struct ms_class_weight *class_weight,
                                  const struct ms_stop_request *stop, struct ms_error *err);
void ms_samples_free(struct ms_samples *samples);

/* The first chunks of samples, at most so many, as samples for themselves, which borrow the arrays and are not freed. */
struct ms_samples ms_samples_first(const struct ms_samples *samples, int64_t chunks);

/* The first chunk of segment g, 0 <= g <= segments: floor(g * C / G). */
int64_t ms_samples_segment(const struct ms_samples *samples, int32_t g);

#ifdef __cplusplus
}
#endif

#endif
