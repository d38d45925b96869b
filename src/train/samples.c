/* Lays out the samples chunk by chunk: in a chunk, the values of one feature after another, and then one real
 * for each label (place_of). Without weights the label is a sign, 0.0 for label 1 and -0.0 for label 0;
 * ms_samples_weigh replaces it by the weight of the label, with the same sign.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/kernel.h"
#include "moonsweep/plural.h"
#include "moonsweep/stop_request.h"
#include "reals.h"

enum { VECTORS_PER_CHUNK = 8, CHUNKS_PER_SEGMENT = 8, MAX_SEGMENTS = 64 };

/* Writes x to element i of an array of this precision. */
static void put(enum ms_precision precision, void *array, int64_t i, double x)
{
    if (precision == MS_FLOAT64)
        ((double *)array)[i] = x;
    else
        ((float *)array)[i] = (float)x;
}

/* Returns the index in the blocks of feature i of a row; feature n_x is the sign or weight of the label. */
static int64_t place_of(const struct ms_samples *samples, int64_t row, int32_t i)
{
    const int64_t chunk = samples->chunk;

    return (row / chunk * (samples->n_x + 1) + i) * chunk + row % chunk;
}

/* Returns false if stop asked for an early end. */
static bool fill(struct ms_samples *samples, const struct ms_data *data, const struct ms_stop_request *stop)
{
    for (int64_t row = 0; row < data->rows; row++) {
        if (ms_stop_request_at(stop, row))
            return false;
        samples->y[row] = data->y[row];
        for (int32_t i = 0; i < data->n_x; i++) {
            const double x = ms_precision_round(samples->precision, data->X[row * data->n_x + i]);

            put(samples->precision, samples->blocks, place_of(samples, row, i), x);
            samples->x_max[i] = fmax(samples->x_max[i], fabs(x));
        }
        put(samples->precision, samples->blocks, place_of(samples, row, data->n_x),
            data->y[row] ? 0.0 : -0.0);
    }
    return true;
}

static void count_labels(struct ms_samples *samples)
{
    samples->of_label[0] = samples->of_label[1] = 0;
    for (int64_t row = 0; row < samples->m; row++)
        samples->of_label[samples->y[row]]++;
}

/* Sets the last chunk to zeros, which remain where it has no samples, and its mask. The other chunks are full. */
static void clear_last_chunk(struct ms_samples *samples)
{
    const int64_t last = samples->chunks - 1, in_last = samples->m - last * samples->chunk;
    const int64_t reals = (int64_t)(samples->n_x + 1) * samples->chunk;
    const size_t before = ms_reals_bytes(samples->precision, last * reals);

    memset((char *)samples->blocks + before, 0, ms_reals_bytes(samples->precision, reals + samples->chunk));
    samples->valid = (char *)samples->blocks + before + ms_reals_bytes(samples->precision, reals);
    for (int64_t i = 0; i < in_last; i++)
        put(samples->precision, samples->valid, i, 1);
}

static int32_t segments_of(int64_t chunks)
{
    const int64_t segments = (chunks + CHUNKS_PER_SEGMENT - 1) / CHUNKS_PER_SEGMENT;

    return (int32_t)(segments < MAX_SEGMENTS ? segments : MAX_SEGMENTS);
}

struct ms_samples ms_samples_sizes(const struct ms_data *data, enum ms_precision precision)
{
    const int32_t chunk = VECTORS_PER_CHUNK * ms_precision_lanes(precision);
    const int64_t chunks = (data->rows + chunk - 1) / chunk;

    return (struct ms_samples){
        .precision = precision,
        .n_x = data->n_x,
        .m = data->rows,
        .chunk = chunk,
        .chunks = chunks,
        .segments = segments_of(chunks),
    };
}

/* The number of reals in blocks, with the mask at their end. */
static int64_t block_reals(const struct ms_samples *samples)
{
    return (samples->chunks * (samples->n_x + 1) + 1) * (int64_t)samples->chunk;
}

int64_t ms_samples_block_bytes(const struct ms_samples *samples)
{
    return (int64_t)ms_reals_bytes(samples->precision, block_reals(samples));
}

int64_t ms_samples_bytes(const struct ms_samples *samples)
{
    return ms_samples_block_bytes(samples) + samples->n_x * (int64_t)sizeof *samples->x_max +
           samples->m * (int64_t)sizeof *samples->y;
}

enum ms_code ms_samples_alloc(struct ms_samples *samples, struct ms_error *err)
{
    samples->blocks = ms_reals_alloc(samples->precision, block_reals(samples));
    samples->x_max = malloc((size_t)samples->n_x * sizeof *samples->x_max);
    samples->y = malloc((size_t)samples->m);
    if (samples->blocks && samples->x_max && samples->y)
        return MS_OK;
    (void)ms_fail_memory(err, NULL, "for %lld %s", (long long)samples->m,
                         ms_plural(samples->m, "sample", "samples"));
    ms_samples_free(samples);
    return MS_NO_MEMORY;
}

enum ms_code ms_samples_fill(struct ms_samples *samples, const struct ms_data *data,
                             const struct ms_stop_request *stop, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    bool filled;

    memset(samples->x_max, 0, (size_t)samples->n_x * sizeof *samples->x_max);
    clear_last_chunk(samples);
    filled = fill(samples, data, stop);
    ms_float_environment_leave(&found);
    if (!filled)
        return ms_stop_request_error(err, "laying out the data");
    count_labels(samples);
    return MS_OK;
}

enum ms_code ms_samples_make(struct ms_samples *samples, const struct ms_data *data,
                             enum ms_precision precision, const struct ms_stop_request *stop,
                             struct ms_error *err)
{
    struct ms_samples made = ms_samples_sizes(data, precision);
    enum ms_code code = ms_samples_alloc(&made, err);

    if (code == MS_OK)
        code = ms_samples_fill(&made, data, stop, err);
    if (code == MS_OK)
        *samples = made;
    else
        ms_samples_free(&made);
    return code;
}

void ms_samples_free(struct ms_samples *samples)
{
    free(samples->blocks);
    free(samples->x_max);
    free(samples->y);
    *samples = (struct ms_samples){.m = 0};
}

static enum ms_code weigh(struct ms_samples *samples, const double weight[2], struct ms_error *err)
{
    double rounded[2];

    for (int label = 0; label < 2; label++) {
        rounded[label] = ms_precision_round(samples->precision, weight[label]);
        if (!(rounded[label] > 0 && isfinite(rounded[label])))
            return ms_fail(err, MS_BAD_INPUT, "the weight of class %d is %g; it must be above 0 and finite",
                           label, weight[label]);
    }
    for (int64_t row = 0; row < samples->m; row++)
        put(samples->precision, samples->blocks, place_of(samples, row, samples->n_x),
            samples->y[row] ? rounded[1] : -rounded[0]);
    samples->weighted = true;
    samples->weight[0] = rounded[0];
    samples->weight[1] = rounded[1];
    return MS_OK;
}

enum ms_code ms_samples_weigh(struct ms_samples *samples, const double weight[2], struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const enum ms_code code = weigh(samples, weight, err);

    ms_float_environment_leave(&found);
    return code;
}

enum ms_code ms_samples_fill_sets(struct ms_samples *train, struct ms_samples *dev,
                                  const struct ms_dataset *dataset,
                                  const struct ms_class_weight *class_weight,
                                  const struct ms_stop_request *stop, struct ms_error *err)
{
    enum ms_code code = ms_samples_fill(train, &dataset->train, stop, err);
    double weight[2];

    if (code == MS_OK)
        code = ms_samples_fill(dev, &dataset->dev, stop, err);
    if (code != MS_OK || !ms_class_weight_of(class_weight, &dataset->train, weight))
        return code;
    code = ms_samples_weigh(train, weight, err);
    return code == MS_OK ? ms_samples_weigh(dev, weight, err) : code;
}

enum ms_code ms_samples_make_sets(struct ms_samples *train, struct ms_samples *dev,
                                  const struct ms_dataset *dataset,
                                  const struct ms_class_weight *class_weight, enum ms_precision precision,
                                  const struct ms_stop_request *stop, struct ms_error *err)
{
    enum ms_code code;

    *train = ms_samples_sizes(&dataset->train, precision);
    *dev = ms_samples_sizes(&dataset->dev, precision);
    code = ms_samples_alloc(train, err);
    if (code == MS_OK)
        code = ms_samples_alloc(dev, err);
    return code == MS_OK ? ms_samples_fill_sets(train, dev, dataset, class_weight, stop, err) : code;
}

struct ms_samples ms_samples_first(const struct ms_samples *samples, int64_t chunks)
{
    struct ms_samples first = *samples;

    if (chunks >= samples->chunks)
        return first;
    first.chunks = chunks;
    first.m = chunks * samples->chunk;
    first.segments = segments_of(chunks);
    count_labels(&first);
    return first;
}

int64_t ms_samples_segment(const struct ms_samples *samples, int32_t g)
{
    return g * samples->chunks / samples->segments;
}
