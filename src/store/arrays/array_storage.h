/* How the values of a dataset are stored in a user's file: what is not in the file itself, or was never written, is
 * refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_STORAGE_H
#define MOONSWEEP_STORE_ARRAY_STORAGE_H

#include "array_open.h"

/* Checks the storage of an array whose type and shape are known, sets together, and opens the dataset again with
 * enough memory for the rows that are stored together. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_array_storage_check(hid_t file, struct ms_array *array, struct ms_error *err);

/* Fails because HDF5 could not read values, for which a filter may be missing that compressed them. Errors:
 * MS_BAD_INPUT, MS_NO_MEMORY, MS_IO_ERROR. */
enum ms_code ms_array_storage_fail(const struct ms_array *array, struct ms_error *err);

#endif
