/* An open result file and its root attributes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_READER_STATE_H
#define MOONSWEEP_STORE_READER_STATE_H

#include "file.h"
#include "moonsweep/reader.h"

enum {
    MS_READER_PLAIN_TEXTS = 7, /* attributes that every result has */
    MS_READER_TEXTS = 11       /* and both label_values, label_name and job_set */
};

struct ms_reader {
    struct ms_file file;
    struct ms_reader_info info;
    char *texts[MS_READER_TEXTS]; /* owned; info points to them */
    const char **feature_names;   /* owned, in one allocation; NULL if the attribute is corrupt */
};

/* Reads data set number `dataset`, which must exist, without verifying its checksum; the caller frees it.
 * Errors: MS_BAD_INPUT (its place is outside the variables), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_samples(const struct ms_file *file, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err);

#endif
