/* Connects scales and variables by two attributes: DIMENSION_LIST of a variable is written when the variable
 * is attached, and REFERENCE_LIST of a scale once, at the end, when all variables that use it are known.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "scales.h"

#include <inttypes.h>
#include <stdio.h>

#include "attributes.h"
#include "hdf5_call.h"

enum { MARK_BYTES = 96 };

/* netCDF recognizes a dimension without a variable by exactly this sentence, followed by the size. */
static void write_mark(const struct ms_dimension_schema *dimension, int64_t size, char mark[MARK_BYTES])
{
    if (dimension->bare)
        (void)snprintf(mark, MARK_BYTES, "This is a netCDF dimension but not a netCDF variable.%10" PRId64,
                       size);
    else
        (void)snprintf(mark, MARK_BYTES, "%s", dimension->name);
}

/* A bare scale is never allocated: without values it takes no space, whatever its size. The fill value of
 * the others is not one of their values, as for variables (layout.c). */
static hid_t create_scale(hid_t file, const struct ms_dimension_schema *dimension, int64_t size)
{
    static const int64_t fill = INT64_MIN;
    hsize_t extent = (hsize_t)size;
    hid_t space = H5Screate_simple(1, &extent, NULL);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = H5I_INVALID_HID;
    char path[64], mark[MARK_BYTES];
    bool ok = false;

    if (space < 0 || creation < 0)
        goto cleanup;
    if ((!dimension->bare && H5Pset_fill_value(creation, H5T_NATIVE_INT64, &fill) < 0) ||
        H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0 ||
        H5Pset_alloc_time(creation, dimension->bare ? H5D_ALLOC_TIME_LATE : H5D_ALLOC_TIME_EARLY) < 0)
        goto cleanup;
    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    dataset = H5Dcreate2(file, path, dimension->bare ? H5T_IEEE_F32BE : H5T_STD_I64LE, space, H5P_DEFAULT,
                         creation, H5P_DEFAULT);
    if (dataset < 0)
        goto cleanup;
    write_mark(dimension, size, mark);
    ok = ms_attribute_write_mark(dataset, "CLASS", "DIMENSION_SCALE") &&
         ms_attribute_write_mark(dataset, "NAME", mark);
    if (ok && !dimension->bare)
        ok = ms_attribute_write_text(dataset, "long_name", dimension->long_name) &&
             ms_attribute_write_text(dataset, "units", "1");
cleanup:
    ms_hdf5_close(creation, H5Pclose);
    ms_hdf5_close(space, H5Sclose);
    if (!ok) {
        ms_hdf5_close(dataset, H5Dclose);
        return H5I_INVALID_HID;
    }
    return dataset;
}

void ms_scales_begin(struct ms_scales *scales)
{
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        scales->scale[d] = H5I_INVALID_HID;
        scales->place[d] = 0;
        scales->uses[d] = 0;
    }
}

bool ms_scales_create(hid_t file, const struct ms_shape *shape, enum ms_dimension d, struct ms_scales *scales)
{
    const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
    char path[64];

    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    scales->scale[d] = create_scale(file, dimension, shape->size[d]);
    if (scales->scale[d] < 0 || H5Rcreate(&scales->reference[d], file, path, H5R_OBJECT, -1) < 0)
        return false;
    if (!dimension->bare)
        scales->place[d] = H5Dget_offset(scales->scale[d]);
    return true;
}

bool ms_scales_attach(hid_t file, struct ms_scales *scales, enum ms_variable variable, hid_t dataset)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    int rank = ms_schema_rank(variable);
    hsize_t extent = (hsize_t)rank;
    hvl_t list[MS_MAX_RANK];
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID, attribute = H5I_INVALID_HID;
    hobj_ref_t self;
    char path[64];
    bool ok = false;

    if (rank == 0)
        return true;
    ms_schema_path(schema->group, schema->name, sizeof path, path);
    if (H5Rcreate(&self, file, path, H5R_OBJECT, -1) < 0)
        return false;
    for (int i = 0; i < rank; i++) {
        enum ms_dimension d = schema->dimensions[i];

        list[i] = (hvl_t){.len = 1, .p = &scales->reference[d]};
        scales->use[d][scales->uses[d]++] = (struct ms_scale_use){.dataset = self, .dimension = i};
    }
    type = H5Tvlen_create(H5T_STD_REF_OBJ);
    space = H5Screate_simple(1, &extent, NULL);
    if (type >= 0 && space >= 0)
        attribute = H5Acreate2(dataset, "DIMENSION_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    ok = attribute >= 0 && H5Awrite(attribute, type, list) >= 0;
    ms_hdf5_close(attribute, H5Aclose);
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(type, H5Tclose);
    return ok;
}

/* Returns the type of an entry of REFERENCE_LIST, negative on failure; the caller closes it. */
static hid_t use_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct ms_scale_use));

    if (type >= 0 &&
        (H5Tinsert(type, "dataset", HOFFSET(struct ms_scale_use, dataset), H5T_STD_REF_OBJ) < 0 ||
         H5Tinsert(type, "dimension", HOFFSET(struct ms_scale_use, dimension), H5T_NATIVE_INT) < 0)) {
        (void)H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}

/* Writes the references from one scale to the variables that use it. */
static bool write_uses(hid_t scale, size_t count, const struct ms_scale_use *uses)
{
    hsize_t extent = count;
    hid_t space = H5Screate_simple(1, &extent, NULL);
    hid_t type = use_type();
    hid_t attribute = H5I_INVALID_HID;
    bool ok = false;

    if (space < 0 || type < 0)
        goto cleanup;
    attribute = H5Acreate2(scale, "REFERENCE_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    ok = attribute >= 0 && H5Awrite(attribute, type, uses) >= 0;
cleanup:
    ms_hdf5_close(attribute, H5Aclose);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(space, H5Sclose);
    return ok;
}

bool ms_scales_finish(struct ms_scales *scales)
{
    bool ok = true;

    for (int d = 0; d < MS_DIM_COUNT; d++) {
        if (ok && scales->scale[d] >= 0 && scales->uses[d] > 0)
            ok = write_uses(scales->scale[d], scales->uses[d], scales->use[d]);
        ms_hdf5_close(scales->scale[d], H5Dclose);
        scales->scale[d] = H5I_INVALID_HID;
    }
    return ok;
}
