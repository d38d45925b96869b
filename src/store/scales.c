#include "scales.h"

#include <inttypes.h>
#include <stdio.h>

#include "attributes.h"
#include "hdf5_call.h"
#include "variable.h"

enum {
    VALUES_AT_ONCE = 1024 /* 8 KiB of scale values, on the stack, which may be small */
};

/* Writes 0, 1, 2, ... to a scale. */
static bool write_positions(hid_t dataset, int64_t size)
{
    int64_t values[VALUES_AT_ONCE];
    hid_t space = H5Dget_space(dataset);
    bool ok = space >= 0;

    for (int64_t first = 0; ok && first < size; first += VALUES_AT_ONCE) {
        hsize_t start = (hsize_t)first;
        hsize_t count = (hsize_t)(size - first < VALUES_AT_ONCE ? size - first : VALUES_AT_ONCE);
        hid_t memory = H5Screate_simple(1, &count, NULL);

        for (hsize_t i = 0; i < count; i++)
            values[i] = first + (int64_t)i;
        ok = memory >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
             H5Dwrite(dataset, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, values) >= 0;
        ms_hdf5_close(memory, H5Sclose);
    }
    ms_hdf5_close(space, H5Sclose);
    return ok;
}

/* netCDF knows its bare dimensions by this very sentence with the size behind it. */
void ms_scales_mark(const struct ms_dimension_schema *dimension, int64_t size, char mark[MS_SCALE_MARK])
{
    if (dimension->bare)
        (void)snprintf(mark, MS_SCALE_MARK, "This is a netCDF dimension but not a netCDF variable.%10" PRId64,
                       size);
    else
        (void)snprintf(mark, MS_SCALE_MARK, "%s", dimension->name);
}

/* A bare scale is never allocated: without a value it takes no space, whatever its size. */
static hid_t create_scale(hid_t file, const struct ms_dimension_schema *dimension, int64_t size)
{
    hsize_t extent = (hsize_t)size;
    hid_t space = H5Screate_simple(1, &extent, NULL);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = H5I_INVALID_HID;
    char path[64], mark[MS_SCALE_MARK];
    bool ok = false;

    if (space < 0 || creation < 0)
        goto cleanup;
    if (H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0 ||
        H5Pset_alloc_time(creation, dimension->bare ? H5D_ALLOC_TIME_LATE : H5D_ALLOC_TIME_EARLY) < 0)
        goto cleanup;
    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    dataset = H5Dcreate2(file, path, dimension->bare ? H5T_IEEE_F32BE : H5T_STD_I64LE, space, H5P_DEFAULT,
                         creation, H5P_DEFAULT);
    if (dataset < 0)
        goto cleanup;
    ms_scales_mark(dimension, size, mark);
    ok = ms_attribute_write_mark(dataset, "CLASS", "DIMENSION_SCALE") &&
         ms_attribute_write_mark(dataset, "NAME", mark);
    if (ok && !dimension->bare)
        ok = ms_attribute_write_text(dataset, "long_name", dimension->long_name) &&
             ms_attribute_write_text(dataset, "units", "1") && write_positions(dataset, size);
cleanup:
    ms_hdf5_close(creation, H5Pclose);
    ms_hdf5_close(space, H5Sclose);
    if (!ok) {
        ms_hdf5_close(dataset, H5Dclose);
        return H5I_INVALID_HID;
    }
    return dataset;
}

bool ms_scales_create(hid_t file, const struct ms_shape *shape, struct ms_scales *scales)
{
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        scales->scale[d] = H5I_INVALID_HID;
        scales->uses[d] = 0;
    }
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
        char path[64];

        ms_schema_path(dimension->group, dimension->name, sizeof path, path);
        scales->scale[d] = create_scale(file, dimension, shape->size[d]);
        if (scales->scale[d] < 0 || H5Rcreate(&scales->reference[d], file, path, H5R_OBJECT, -1) < 0)
            return false;
    }
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

/* The type of an entry of REFERENCE_LIST, negative on failure; the caller closes it. */
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

/* The back references of one scale. */
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
    }
    return ok;
}

/* ---- comparing -------------------------------------------------------------------------------------- */

/* The reference to what has that name; 0: nothing has. */
static hobj_ref_t reference_to(hid_t file, const char *group, const char *name)
{
    hobj_ref_t reference = 0;
    char path[64];

    ms_schema_path(group, name, sizeof path, path);
    return H5Rcreate(&reference, file, path, H5R_OBJECT, -1) < 0 ? 0 : reference;
}

void ms_scales_expect(hid_t file, struct ms_scales *scales)
{
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        scales->scale[d] = H5I_INVALID_HID;
        scales->uses[d] = 0;
        scales->reference[d] = reference_to(file, ms_schema_dimensions[d].group,
                                            ms_schema_dimensions[d].name);
    }
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        hobj_ref_t self = reference_to(file, ms_schema[v].group, ms_schema[v].name);

        for (int i = 0; i < ms_schema_rank((enum ms_variable)v); i++) {
            enum ms_dimension d = ms_schema[v].dimensions[i];

            scales->use[d][scales->uses[d]++] = (struct ms_scale_use){.dataset = self, .dimension = i};
        }
    }
}

bool ms_scales_is_used(hid_t scale, size_t count, const struct ms_scale_use *uses)
{
    struct ms_scale_use stored[MS_VARIABLE_COUNT * MS_MAX_RANK];
    hid_t type = use_type(), attribute = H5I_INVALID_HID, space = H5I_INVALID_HID;
    bool is = false;

    if (type < 0 || H5Aexists(scale, "REFERENCE_LIST") <= 0)
        goto cleanup;
    attribute = H5Aopen(scale, "REFERENCE_LIST", H5P_DEFAULT);
    if (attribute < 0)
        goto cleanup;
    space = H5Aget_space(attribute);
    is = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)count &&
         H5Aread(attribute, type, stored) >= 0;
    for (size_t i = 0; is && i < count; i++)
        is = stored[i].dataset == uses[i].dataset && stored[i].dimension == uses[i].dimension;
cleanup:
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(attribute, H5Aclose);
    ms_hdf5_close(type, H5Tclose);
    return is;
}

/* Whether it is a dataset as create_scale makes them, whatever its values and attributes. */
static bool is_scale(hid_t dataset, const struct ms_dimension_schema *dimension, int64_t size)
{
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hsize_t extent = 0;
    bool is = type >= 0 && space >= 0 && ms_variable_is_contiguous(dataset) &&
              H5Tequal(type, dimension->bare ? H5T_IEEE_F32BE : H5T_STD_I64LE) > 0 &&
              H5Sget_simple_extent_ndims(space) == 1 &&
              H5Sget_simple_extent_dims(space, &extent, NULL) == 1 && extent == (hsize_t)size;

    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(type, H5Tclose);
    return is;
}

hid_t ms_scales_open(hid_t file, const struct ms_dimension_schema *dimension, int64_t size)
{
    hid_t dataset;
    char path[64];

    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    if (!ms_variable_is_own(file, path))
        return H5I_INVALID_HID;
    dataset = H5Dopen2(file, path, H5P_DEFAULT);
    if (dataset < 0 || is_scale(dataset, dimension, size))
        return dataset;
    (void)H5Dclose(dataset);
    return H5I_INVALID_HID;
}

bool ms_scales_each_wrong(hid_t scale, int64_t size, ms_scales_visit *visit, void *context)
{
    int64_t values[VALUES_AT_ONCE];
    hid_t space = H5Dget_space(scale);
    bool ok = space >= 0;

    for (int64_t first = 0; ok && first < size; first += VALUES_AT_ONCE) {
        hsize_t start = (hsize_t)first;
        hsize_t count = (hsize_t)(size - first < VALUES_AT_ONCE ? size - first : VALUES_AT_ONCE);
        hid_t memory = H5Screate_simple(1, &count, NULL);

        ok = memory >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
             H5Dread(scale, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, values) >= 0;
        ms_hdf5_close(memory, H5Sclose);
        for (int64_t i = 0; ok && i < (int64_t)count; i++)
            if (values[i] != first + i)
                visit(context, first + i, values[i]);
    }
    ms_hdf5_close(space, H5Sclose);
    return ok;
}
