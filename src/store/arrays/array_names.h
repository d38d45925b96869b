/* The names of the features of a dataset in a user's file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_NAMES_H
#define MOONSWEEP_STORE_ARRAY_NAMES_H

#include "array_open.h"

/* Sets *names to the names of the columns, each with its NUL, *bytes together, which the caller frees; to NULL if they
 * have none. They are the texts of the attribute `feature_names`, or of the dimension scale of the columns, as xarray
 * writes coordinates. Errors: MS_BAD_INPUT (the attribute is something else), MS_NO_MEMORY. */
enum ms_code ms_array_names_read(const struct ms_array *array, char **names, size_t *bytes,
                                 struct ms_error *err);

#endif
