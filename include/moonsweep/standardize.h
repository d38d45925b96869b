/* Standardization: (x - mean) / scale for each feature, with the mean and the population standard deviation of the
 * training samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STANDARDIZE_H
#define MOONSWEEP_STANDARDIZE_H

#include <stdbool.h>

#include "moonsweep/data.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets feature_mean and feature_scale of the data set from its training samples, and applies them to both sets. A
 * feature with one value only becomes 0, and its scale is 1. Errors: MS_BAD_INPUT (a value is not finite in this
 * precision afterwards), MS_NO_MEMORY. */
enum ms_code ms_standardize(struct ms_dataset *dataset, enum ms_precision precision, struct ms_error *err);

/* Applies mean[n_x] and scale[n_x] to other samples. Errors: MS_BAD_INPUT as above. */
enum ms_code ms_standardize_apply(struct ms_data *data, const double *mean, const double *scale,
                                  enum ms_precision precision, struct ms_error *err);

/* Sets mean[n_x] and scale[n_x] to those of the samples. is_constant[n_x], if it is not NULL, tells which features
 * have one value only; their scale is 1. */
void ms_standardize_measure(const struct ms_data *data, double *mean, double *scale, bool *is_constant);

#ifdef __cplusplus
}
#endif

#endif
