/* What the process that reads a user's HDF5 file sends as parts (report.h): a struct ms_array_head, the names of the
 * features if there are any, alternately samples and their labels (if there are any) until all rows are sent, and the
 * struct ms_labels.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_SEND_H
#define MOONSWEEP_STORE_ARRAY_SEND_H

#include "moonsweep/arrays.h"

struct ms_array_head {
    int64_t rows;
    int32_t n_x;
    bool has_labels;
    size_t names_bytes;
};

struct ms_array_request {
    const char *path;
    const struct ms_arrays_wanted *wanted;
};

/* A run of struct ms_separate_work; its context is a struct ms_array_request. */
bool ms_array_send(const void *context, int pipe);

#endif
