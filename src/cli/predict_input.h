/* What `moonsweep predict` predicts: new two moons or the samples of a file, standardized as the samples were on which the
 * network was trained.
 *
 *     predict_input_get(&source, path, reader, config, &input, err)
 *     predict_input_free(&input)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PREDICT_INPUT_H
#define MOONSWEEP_CLI_PREDICT_INPUT_H

#include "moonsweep/job.h"
#include "moonsweep/reader.h"

/* Where the samples are from. */
struct predict_source {
    const char *file;      /* CSV or HDF5; NULL: two moons */
    const char *X, *y;     /* in an HDF5 file: as in struct predict_arrays */
    struct ms_moons moons; /* if there is no file */
};

struct predict_input {
    const char *const *features; /* [data.n_x] their names, in the reader */
    const char *label_name;
    const char *const *label_values; /* [2] */
    struct ms_data data;             /* owned: standardized as the training samples were */
    double *given; /* [data.rows][data.n_x] owned: the samples before that; NULL: they are not changed */
    bool labelled;
    int32_t dataset; /* the number of the one that the network was trained on */
};

/* Gets the samples for the network of a configuration. result: the path of what reader reads. input: zeros; the caller
 * frees it, also after an error. Errors: MS_BAD_USAGE (two moons have another number of features, or the samples of the
 * result are standardized already), MS_BAD_INPUT (the names in the result are corrupt), those of the reader,
 * ms_csv_read, predict_arrays_read and ms_standardize_apply. */
enum ms_code predict_input_get(const struct predict_source *source, const char *result,
                               struct ms_reader *reader, int64_t config, struct predict_input *input,
                               struct ms_error *err);
void predict_input_free(struct predict_input *input);

#endif
