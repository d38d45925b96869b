/* A dataset of a user's HDF5 file, opened in the separate process. Whatever cannot be read as a plain array is refused
 * with the reason.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_OPEN_H
#define MOONSWEEP_STORE_ARRAY_OPEN_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

struct ms_array {
    const char *path, *name; /* of the file and of the dataset, for messages */
    hid_t set, type;
    H5T_class_t class;     /* of its type: H5T_INTEGER (also for enumerations), H5T_FLOAT or H5T_STRING */
    int rank;              /* 1 or 2 */
    int64_t rows, columns; /* columns: 1 if rank is 1 */
    size_t together;       /* bytes that HDF5 reads for one row: of all chunks with values of it */
};

/* Opens the dataset of this name. It stays open until the separate process ends. Errors: MS_BAD_INPUT (there is none, or
 * it cannot be read as an array), MS_NO_MEMORY, MS_IO_ERROR. */
enum ms_code ms_array_open(const char *path, hid_t file, const char *name, struct ms_array *array,
                           struct ms_error *err);

/* Whether there is a link of this name, in groups that exist; negative if HDF5 cannot tell. */
htri_t ms_array_open_exists(hid_t file, const char *name);

/* Reads rows as values of a type of HDF5. Errors: MS_BAD_INPUT, MS_NO_MEMORY, MS_IO_ERROR. */
enum ms_code ms_array_open_read(const struct ms_array *array, int64_t first, int64_t rows, hid_t type,
                                void *values, struct ms_error *err);

#endif
