/* Samples from users' HDF5 files: a dataset of numbers, samples x features, and one of labels.
 *
 *     job.arrays = &ms_hdf5_arrays;       // ms_job_data then reads such files, too
 *
 * A file is recognized by its contents. HDF5 reads it in a separate process, because files of users may make HDF5 1.10
 * crash or compute for ever. The names of features are the texts of the attribute `feature_names` of the samples, or of
 * the dimension scale of their columns. What is not in the file itself (external storage, virtual datasets, links to
 * other files), or was never written, is refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_HDF5_ARRAYS_H
#define MOONSWEEP_HDF5_ARRAYS_H

#include "moonsweep/arrays.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ms_array_reader ms_hdf5_arrays;

#ifdef __cplusplus
}
#endif

#endif
