/* The names of features, of the column of labels and of the two labels, as the file had them that samples were read
 * from.
 *
 *     struct ms_names names;
 *     if (ms_names_make(&names, "species", labels, 2, features, err) == MS_OK) ... names.features[1] ...
 *     ms_names_free(&names);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_NAMES_H
#define MOONSWEEP_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most features of samples from a file. A result has their names in one attribute, for which HDF5 has less than
 * 64 KiB: 16 bytes for each name, and 79 at most for the rest. */
enum { MS_NAMES_MOST = (65535 - 79) / 16 };

/* Empty (all zero) for samples that were made: the features are then x1, x2, ... and the labels 0 and 1. */
struct ms_names {
    char *texts; /* owned: label, both label_values and all features, each with its final NUL */
    size_t bytes;
    int32_t n_x;
    const char **features; /* [n_x] owned; the names are in texts, like the next two */
    const char *label;     /* of the column of labels */
    const char *label_values[2];
};

/* Copies the texts. The caller frees names. Errors: MS_NO_MEMORY. */
enum ms_code ms_names_make(struct ms_names *names, const char *label, const char *const label_values[2],
                           int32_t n_x, const char *const *features, struct ms_error *err);

/* The same from the texts of other names, bytes long, which are copied. */
enum ms_code ms_names_copy(struct ms_names *names, const char *texts, size_t bytes, int32_t n_x,
                           struct ms_error *err);

/* Frees what names owns and makes it empty. */
void ms_names_free(struct ms_names *names);

#ifdef __cplusplus
}
#endif

#endif
