/* Texts of a dataset or an attribute, of fixed or variable length, as HDF5 reads them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_TEXTS_H
#define MOONSWEEP_STORE_ARRAY_TEXTS_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/error.h"

struct ms_array_texts {
    hid_t type; /* owned: of the values in memory */
    bool is_variable;
    H5T_str_t padding;
    size_t width, count;
    void *values; /* [count][width] owned: texts, or pointers to them */
};

/* Makes room for count texts of a type of the file, of class H5T_STRING. The caller frees texts, also after an error.
 * Errors: MS_NO_MEMORY; path is for the message. */
enum ms_code ms_array_texts_make(const char *path, hid_t type, size_t count, struct ms_array_texts *texts,
                                 struct ms_error *err);

/* Returns text i, which is not NUL-terminated, without its padding. */
const char *ms_array_texts_get(const struct ms_array_texts *texts, size_t i, size_t *length);

void ms_array_texts_free(struct ms_array_texts *texts);

#endif
