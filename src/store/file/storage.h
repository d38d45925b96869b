/* How HDF5 stores the values of a dataset that another program has written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_STORAGE_H
#define MOONSWEEP_STORE_STORAGE_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

/* Sets *found to the number of chunks that the file has of a dataset, and *expected to the number of all. A chunk that
 * was never written is not in the file. chunk[rank]: the sizes of a chunk, above 0. Returns false if HDF5 cannot read
 * them; a version of HDF5 that does not tell finds all of them. */
bool ms_storage_chunks(hid_t dataset, int rank, const hsize_t *chunk, hsize_t *found, hsize_t *expected);

/* Returns the number of a filter that the dataset needs and this HDF5 lacks, and its name in name[bytes]; -1: there is
 * none. */
int ms_storage_missing_filter(hid_t dataset, size_t bytes, char *name);

#endif
