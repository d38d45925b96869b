/* Dimension scales, which let a reader see `config` where HDF5 has "axis 0".
 *
 * They are written by hand, following the HDF5 dimension scale specification and the netCDF-4 conventions,
 * because the high-level library rewrites an ever-growing attribute for each variable that is attached.
 *
 *     struct ms_scales scales;
 *     ms_scales_begin(&scales);
 *     for each dimension: ms_scales_create(file, &shape, dimension, &scales);
 *     for each variable: ms_scales_attach(file, &scales, variable, dataset);
 *     ms_scales_finish(&scales);   // closes them, also after an error
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SCALES_H
#define MOONSWEEP_STORE_SCALES_H

#include <hdf5.h>
#include <stdbool.h>

#include "schema.h"

/* One use of a scale: an entry of REFERENCE_LIST as HDF5 lays it out. */
struct ms_scale_use {
    hobj_ref_t dataset;
    int dimension;
};

struct ms_scales {
    hid_t scale[MS_DIM_COUNT];
    uint64_t place[MS_DIM_COUNT]; /* of the values in the file; 0 if it has none */
    hobj_ref_t reference[MS_DIM_COUNT];
    size_t uses[MS_DIM_COUNT];
    struct ms_scale_use use[MS_DIM_COUNT][MS_VARIABLE_COUNT * MS_MAX_RANK];
};

/* Initializes scales, so that ms_scales_finish may be called. */
void ms_scales_begin(struct ms_scales *scales);

/* Creates the scale of a dimension, without its values. Returns false if HDF5 fails; ms_scales_finish must
 * be called even then. */
bool ms_scales_create(hid_t file, const struct ms_shape *shape, enum ms_dimension d,
                      struct ms_scales *scales);

/* Attaches the scales to the dimensions of dataset, which is the given variable. Returns false if HDF5
 * fails. */
bool ms_scales_attach(hid_t file, struct ms_scales *scales, enum ms_variable variable, hid_t dataset);

/* Writes to each scale which variables use it, and closes the scales. Returns false if HDF5 fails. */
bool ms_scales_finish(struct ms_scales *scales);

#endif
