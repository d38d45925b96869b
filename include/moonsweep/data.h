/* Samples with their labels, and a data set: the samples that a network is trained and evaluated on.
 *
 *     struct ms_data all;
 *     if (ms_moons_make(2000, 0.25, 0, &all, err) == MS_OK) ... ms_data_free(&all);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_DATA_H
#define MOONSWEEP_DATA_H

#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/names.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Row-major samples with labels 0 and 1. */
struct ms_data {
    int64_t rows;
    int32_t n_x; /* features */
    double *X;   /* [rows][n_x] owned */
    uint8_t *y;  /* [rows] owned */
};

/* A training set, a dev set, and how they were made. */
struct ms_dataset {
    struct ms_data train, dev;
    double noise;                         /* of make_moons; NaN for other data */
    int64_t data_seed;                    /* -1 if the data were not made from a seed */
    int64_t split_seed;                   /* -1 if the data were not split */
    int64_t fold;                         /* -1: not a fold */
    double *feature_mean, *feature_scale; /* [n_x] owned, moonsweep/standardize.h; NULL: not standardized */
    struct ms_names names;                /* owned */
};

/* Allocates rows samples of n_x features, all zero. Errors: MS_NO_MEMORY (data is then empty). */
enum ms_code ms_data_alloc(struct ms_data *data, int64_t rows, int32_t n_x, struct ms_error *err);

/* The bytes that the samples of a set take. */
int64_t ms_data_bytes(const struct ms_data *data);

/* Frees what data owns and makes it empty (all zero). Has no effect on an empty one. */
void ms_data_free(struct ms_data *data);
void ms_dataset_free(struct ms_dataset *dataset);

/* Allocates `count` empty data sets. Errors: MS_NO_MEMORY (*datasets is then NULL). */
enum ms_code ms_datasets_alloc(struct ms_dataset **datasets, int32_t count, struct ms_error *err);

/* Frees `count` data sets and the array of them, which may be NULL. */
void ms_datasets_free(struct ms_dataset *datasets, int32_t count);

/* The number of labels y[0 .. rows-1] that are 1. */
int64_t ms_data_positives(const struct ms_data *data);

#ifdef __cplusplus
}
#endif

#endif
