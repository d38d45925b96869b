/* Finds the mean and the standard deviation of each feature from the training samples, and applies both to
 * any samples. The arithmetic is done in the environment of moonsweep/float_environment.h, whatever that of
 * the caller is.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/standardize.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "moonsweep/float_environment.h"

/* The sums run over the samples in their order, so that they have the same bits on every machine. Deviations are
 * divided by the largest one before they are squared: the squares of very large or small ones are no numbers. */
static void measure(const struct ms_data *data, int32_t feature, double *mean, double *scale,
                    bool *is_constant)
{
    const double *x = data->X + feature, first = x[0], m = (double)data->rows;
    double sum = 0, squares = 0, largest = 0;

    *is_constant = true;
    for (int64_t row = 0; row < data->rows; row++) {
        sum += x[row * data->n_x];
        *is_constant = *is_constant && x[row * data->n_x] == first;
    }
    *mean = *is_constant ? first : sum / m;
    for (int64_t row = 0; row < data->rows; row++)
        largest = fmax(largest, fabs(x[row * data->n_x] - *mean));
    for (int64_t row = 0; !*is_constant && row < data->rows; row++) {
        const double part = (x[row * data->n_x] - *mean) / largest;

        squares += part * part;
    }
    *scale = *is_constant ? 1 : largest * sqrt(squares / m);
}

void ms_standardize_measure(const struct ms_data *data, double *mean, double *scale, bool *is_constant)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    bool is;

    for (int32_t i = 0; i < data->n_x; i++)
        measure(data, i, &mean[i], &scale[i], is_constant != NULL ? &is_constant[i] : &is);
    ms_float_environment_leave(&found);
}

/* Says that a value is not finite once it is standardized. at: its position in data->X. */
static enum ms_code fail_infinite(const struct ms_data *data, int64_t at, double mean, double scale,
                                  enum ms_precision precision, struct ms_error *err)
{
    const int64_t feature = at % data->n_x + 1, sample = at / data->n_x + 1;

    if (!isfinite(mean) || !isfinite(scale))
        return ms_fail(
            err, MS_BAD_INPUT,
            "feature %" PRId64 " has values so large that their mean or their standard deviation is not "
            "finite in float64, so that it cannot be standardized; divide it by a constant, such as 1e100",
            feature);
    return ms_fail(err, MS_BAD_INPUT,
                   "feature %" PRId64 " of sample %" PRId64
                   " is not finite in %s once it is standardized (mean %g, standard deviation %g); correct "
                   "or remove values that are far from all others",
                   feature, sample, ms_precision_name(precision), mean, scale);
}

enum ms_code ms_standardize_apply(struct ms_data *data, const double *mean, const double *scale,
                                  enum ms_precision precision, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    bool is_finite = true;
    int64_t at = 0;

    for (; is_finite && at < data->rows * data->n_x; at++) {
        const int32_t feature = (int32_t)(at % data->n_x);

        data->X[at] = (data->X[at] - mean[feature]) / scale[feature];
        is_finite = isfinite(ms_precision_round(precision, data->X[at]));
    }
    ms_float_environment_leave(&found);
    if (is_finite)
        return MS_OK;
    at--;
    return fail_infinite(data, at, mean[at % data->n_x], scale[at % data->n_x], precision, err);
}

enum ms_code ms_standardize(struct ms_dataset *dataset, enum ms_precision precision, struct ms_error *err)
{
    const int32_t n_x = dataset->train.n_x;
    double *mean = calloc((size_t)n_x, sizeof *mean), *scale = calloc((size_t)n_x, sizeof *scale);
    enum ms_code code = MS_OK;

    if (mean == NULL || scale == NULL) {
        code = ms_fail_memory(err, NULL, "to standardize %" PRId32 " features", n_x);
    } else {
        ms_standardize_measure(&dataset->train, mean, scale, NULL);
        code = ms_standardize_apply(&dataset->train, mean, scale, precision, err);
    }
    if (code == MS_OK)
        code = ms_standardize_apply(&dataset->dev, mean, scale, precision, err);
    if (code != MS_OK) {
        free(mean);
        free(scale);
        return code;
    }
    dataset->feature_mean = mean;
    dataset->feature_scale = scale;
    return MS_OK;
}
