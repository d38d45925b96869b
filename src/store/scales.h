/* Dimension scales: what makes a reader see `config` where HDF5 sees "axis 0".
 *
 * Written by hand as the HDF5 dimension scale specification and the netCDF-4 conventions say, since the
 * high-level library that does it rewrites an ever-growing attribute for each variable that is attached.
 *
 *     struct ms_scales scales;
 *     ms_scales_create(file, &shape, &scales);
 *     for each variable: ms_scales_attach(file, &scales, variable, dataset);
 *     ms_scales_finish(&scales);   // closes it, also after an error
 */
#ifndef MOONSWEEP_STORE_SCALES_H
#define MOONSWEEP_STORE_SCALES_H

#include <hdf5.h>
#include <stdbool.h>

#include "schema.h"

/* One use of a scale: the HDF5 layout of an entry of REFERENCE_LIST. */
struct ms_scale_use {
    hobj_ref_t dataset;
    int dimension;
};

struct ms_scales {
    hid_t scale[MS_DIM_COUNT];
    hobj_ref_t reference[MS_DIM_COUNT];
    size_t uses[MS_DIM_COUNT];
    struct ms_scale_use use[MS_DIM_COUNT][MS_VARIABLE_COUNT * MS_MAX_RANK];
};

/* Creates the scales and writes their values. False when HDF5 fails; ms_scales_finish is due all the same. */
bool ms_scales_create(hid_t file, const struct ms_shape *shape, struct ms_scales *scales);

/* Ties the dimensions of dataset, the variable at that path, to their scales. */
bool ms_scales_attach(hid_t file, struct ms_scales *scales, enum ms_variable variable, hid_t dataset);

/* Writes who uses each scale, and closes them. */
bool ms_scales_finish(struct ms_scales *scales);

/* The references that these make in a file of all variables, for comparing: scales->scale is not set. What is not in
 * the file has the reference 0. */
void ms_scales_expect(hid_t file, struct ms_scales *scales);

/* Opens the scale of a dimension in an existing file if it is one as made here; negative if not. The caller closes it. */
hid_t ms_scales_open(hid_t file, const struct ms_dimension_schema *dimension, int64_t size);

/* Visits each value of a scale of size values that is not its position. */
typedef void ms_scales_visit(void *context, int64_t position, int64_t stored);

/* False when HDF5 fails. */
bool ms_scales_each_wrong(hid_t scale, int64_t size, ms_scales_visit *visit, void *context);

/* Whether that list of uses is the one that a scale has. */
bool ms_scales_is_used(hid_t scale, size_t count, const struct ms_scale_use *uses);

/* What the attribute NAME of a dimension's scale says. */
enum { MS_SCALE_MARK = 96 };
void ms_scales_mark(const struct ms_dimension_schema *dimension, int64_t size, char mark[MS_SCALE_MARK]);

#endif
