/* Divides samples into a training and a dev set: at random, as scikit-learn's train_test_split(X, y,
 * test_size=dev_fraction, random_state=seed), or one fold against the others, as its KFold(n_splits=folds, shuffle=True,
 * random_state=seed).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SPLIT_H
#define MOONSWEEP_SPLIT_H

#include "moonsweep/data.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The number of dev rows: this fraction of rows, rounded up. */
int64_t ms_split_dev_rows(int64_t rows, double dev_fraction);

/* Copies the rows of `all` into train and dev, in scikit-learn's order; the caller frees both. 0 < dev_fraction < 1.
 * Errors: MS_BAD_INPUT if a set would be empty, MS_NO_MEMORY, and MS_WORK_LEFT if stop (may be NULL) asked for an early
 * end. */
enum ms_code ms_split(const struct ms_data *all, double dev_fraction, uint32_t seed,
                      const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                      struct ms_error *err);

/* How samples are divided into folds. */
struct ms_split_folds {
    int32_t count; /* at least 2 */
    uint32_t seed;
};

/* Copies the rows of fold number `fold` into dev and all others into train, each in the order of `all`; the caller frees
 * both. Errors: MS_BAD_INPUT if there are fewer rows than folds, MS_NO_MEMORY, MS_WORK_LEFT as above. */
enum ms_code ms_split_fold(const struct ms_data *all, const struct ms_split_folds *folds, int32_t fold,
                           const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                           struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
