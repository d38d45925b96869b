/* Creates the parts of a file in a fixed order: the root attributes, the groups, the scales, the variables,
 * and last the dataset for the checksums of the pages, whose size follows from what everything before it
 * takes. The space is reserved before anything is written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "layout.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "conventions.h"
#include "file.h"
#include "hdf5_call.h"
#include "moonsweep/clock.h"
#include "moonsweep/version.h"
#include "pages.h"
#include "reserve.h"
#include "root_attributes.h"
#include "scales.h"
#include "structure.h"

/* The variables that identify a configuration, for the CF attribute `coordinates`. */
static const char coordinates[] = "n_h activation learning_rate iterations seed init_scale";

/* A file that is being created. */
struct layout {
    const char *path;
    struct ms_shape shape;
    hid_t file;
    struct ms_scales scales;
};

/* ---- variables -------------------------------------------------------------------------------------- */

/* Sets a fill value that no variable ever contains. Readers such as kerchunk take it for missing data, and
 * fail without one. No text contains the byte 255, which UTF-8 does not use; a checksum or an id is the
 * largest integer once in 2^64. */
static bool set_fill_value(hid_t creation, enum ms_type type)
{
    static const uint8_t u8 = UINT8_MAX;
    static const int32_t i32 = INT32_MIN;
    static const int64_t i64 = INT64_MIN;
    static const uint64_t u64 = UINT64_MAX;
    static const double f64 = (double)NAN;

    switch (type) {
    case MS_TYPE_U8:
        return H5Pset_fill_value(creation, H5T_NATIVE_UINT8, &u8) >= 0;
    case MS_TYPE_I32:
        return H5Pset_fill_value(creation, H5T_NATIVE_INT32, &i32) >= 0;
    case MS_TYPE_I64:
        return H5Pset_fill_value(creation, H5T_NATIVE_INT64, &i64) >= 0;
    case MS_TYPE_U64:
        return H5Pset_fill_value(creation, H5T_NATIVE_UINT64, &u64) >= 0;
    case MS_TYPE_F64:
    case MS_TYPE_REAL:
        return H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &f64) >= 0;
    case MS_TYPE_CHAR:
        return H5Pset_fill_value(creation, H5T_C_S1, &u8) >= 0;
    case MS_TYPE_COUNT:
        break;
    }
    return false;
}

/* Variables are contiguous and have their final size and place from the start, so that no later write
 * changes metadata. The checksums of the pages are allocated after everything else, so that they are the
 * last. */
static hid_t variable_creation(enum ms_variable variable)
{
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5D_alloc_time_t when = variable == MS_VAR_INTEGRITY_PAGES ? H5D_ALLOC_TIME_LATE : H5D_ALLOC_TIME_EARLY;

    if (creation >= 0 &&
        (H5Pset_layout(creation, H5D_CONTIGUOUS) < 0 || H5Pset_alloc_time(creation, when) < 0 ||
         !set_fill_value(creation, ms_schema[variable].type) ||
         H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0)) {
        (void)H5Pclose(creation);
        return H5I_INVALID_HID;
    }
    return creation;
}

/* Writes the attributes of a variable from the schema. */
static bool describe(enum ms_variable variable, hid_t dataset)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    const struct ms_flags *flags = schema->flags;
    bool is_result = schema->dimensions[0] == MS_DIM_CONFIG && ms_schema_is_writable(variable);

    return ms_attribute_write_text(dataset, "long_name", schema->long_name) &&
           ms_attribute_write_text(dataset, "units", schema->units) &&
           (flags == NULL ||
            (ms_attribute_write_u8s(dataset, flags->attribute, flags->count, flags->values) &&
             ms_attribute_write_text(dataset, "flag_meanings", flags->meanings))) &&
           (!is_result || ms_attribute_write_text(dataset, "coordinates", coordinates));
}

/* Creates a variable; negative on failure. The caller closes it. */
static hid_t create_variable(struct layout *layout, enum ms_variable variable)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    hsize_t extent[MS_MAX_RANK] = {0};
    int rank = ms_schema_rank(variable);
    hid_t type = ms_structure_type(&layout->shape, variable);
    hid_t creation = variable_creation(variable), space, dataset = H5I_INVALID_HID;
    char path[64];

    for (int i = 0; i < rank; i++)
        extent[i] = (hsize_t)layout->shape.size[schema->dimensions[i]];
    ms_schema_path(schema->group, schema->name, sizeof path, path);
    space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extent, NULL);
    if (creation >= 0 && space >= 0)
        dataset = H5Dcreate2(layout->file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(creation, H5Pclose);
    if (dataset >= 0 && !(describe(variable, dataset) &&
                          ms_scales_attach(layout->file, &layout->scales, variable, dataset))) {
        ms_hdf5_close(dataset, H5Dclose);
        dataset = H5I_INVALID_HID;
    }
    return dataset;
}

static enum ms_code create_variables(struct layout *layout, struct ms_error *err)
{
    for (int d = 0; d < MS_DIM_INTEGRITY_BYTE; d++)
        if (!ms_scales_create(layout->file, &layout->shape, (enum ms_dimension)d, &layout->scales))
            return ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: creating the dimension %s failed", layout->path,
                                ms_schema_dimensions[d].name);
    for (int v = 0; v < MS_VAR_INTEGRITY_PAGES; v++) {
        hid_t dataset = create_variable(layout, (enum ms_variable)v);

        if (dataset < 0)
            return ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: creating the variable %s failed", layout->path,
                                ms_schema[v].name);
        (void)H5Dclose(dataset);
    }
    return MS_OK;
}

/* Makes HDF5 allocate the whole dataset, after everything else, by writing one byte. */
static bool allocate(hid_t dataset)
{
    static const uint8_t zero = 0;
    const hsize_t first = 0, one = 1;
    hid_t space = H5Dget_space(dataset), memory = H5Screate_simple(1, &one, NULL);
    bool ok = space >= 0 && memory >= 0 &&
              H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &one, NULL) >= 0 &&
              H5Dwrite(dataset, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, &zero) >= 0;

    ms_hdf5_close(memory, H5Sclose);
    ms_hdf5_close(space, H5Sclose);
    return ok;
}

/* Creates the dataset for the checksums of the pages, the last one, with the size that everything before
 * it needs. */
static enum ms_code create_pages(struct layout *layout, struct ms_error *err)
{
    hid_t dataset = H5I_INVALID_HID;
    int64_t writable, final;
    hsize_t bytes;
    bool ok = H5Fflush(layout->file, H5F_SCOPE_GLOBAL) >= 0 && H5Fget_filesize(layout->file, &bytes) >= 0;

    ms_schema_bytes(&layout->shape, &writable, &final);
    if (ok) {
        layout->shape.size[MS_DIM_INTEGRITY_BYTE] = ms_pages_room((int64_t)bytes - writable);
        ok = ms_scales_create(layout->file, &layout->shape, MS_DIM_INTEGRITY_BYTE, &layout->scales);
    }
    if (ok)
        dataset = create_variable(layout, MS_VAR_INTEGRITY_PAGES);
    /* The order matters: a successful call clears HDF5's reason for an earlier failure. */
    ok = dataset >= 0 && ms_scales_finish(&layout->scales) && H5Fflush(layout->file, H5F_SCOPE_GLOBAL) >= 0 &&
         allocate(dataset);
    ms_hdf5_close(dataset, H5Dclose);
    return ok ? MS_OK
              : ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making room for the checksums of its pages failed",
                             layout->path);
}

/* ---- root attributes -------------------------------------------------------------------------------- */

/* Writes a root attribute that follows from the job. */
static enum ms_code write_root(void *context, const struct ms_root_attribute *attribute, struct ms_error *err)
{
    const struct layout *layout = context;
    const char *name = attribute->name;
    bool is_written = false;

    switch (attribute->kind) {
    case MS_ROOT_I32:
        is_written = ms_attribute_write_i32(layout->file, name, attribute->number);
        break;
    case MS_ROOT_TEXT:
        is_written = ms_attribute_write_text(layout->file, name, attribute->texts[0]);
        break;
    case MS_ROOT_TEXTS:
        is_written = ms_attribute_write_texts(layout->file, name, attribute->count, attribute->texts);
        break;
    }
    return is_written
               ? MS_OK
               : ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing the attribute %s failed", layout->path, name);
}

/* Writes which program and libraries created the file, and when, and what the conventions ask for. */
static bool write_origin(hid_t file, const struct ms_writer_spec *spec)
{
    char created[MS_CLOCK_UTC_BYTES];

    ms_clock_utc(ms_clock_wall_s(), created);
    return ms_conventions_write(file, spec, created) &&
           ms_attribute_write_text(file, "program_version", ms_version) &&
           ms_attribute_write_text(file, "git_commit", ms_git_commit) &&
           ms_attribute_write_text(file, "hdf5_version", ms_writer_hdf5_version()) &&
           ms_attribute_write_text(file, "mpi_version",
                                   spec->mpi_version == NULL ? "none" : spec->mpi_version);
}

static enum ms_code write_attributes(struct layout *layout, const struct ms_writer_spec *spec,
                                     struct ms_error *err)
{
    enum ms_code code = ms_root_attributes_each(spec, write_root, layout, err);

    if (code == MS_OK && (!ms_attribute_write_i32(layout->file, "numerics", MS_NUMERICS) ||
                          !ms_attribute_write_text(layout->file, "command", spec->command) ||
                          !write_origin(layout->file, spec)))
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing the attributes failed", layout->path);
    return code;
}

/* ---- the file --------------------------------------------------------------------------------------- */

/* Creates the file in the oldest format: newer superblocks have an "open for writing" flag that a killed
 * run leaves set. Readers may list names in the order of the schema. */
static hid_t create_file(const char *path)
{
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t access = ms_hdf5_access();
    hid_t file = H5I_INVALID_HID;

    if (creation >= 0 && access >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0 &&
        H5Pset_alignment(access, 1, MS_FILE_ALIGNMENT) >= 0)
        file = H5Fcreate(path, H5F_ACC_EXCL, creation, access);
    ms_hdf5_close(access, H5Pclose);
    ms_hdf5_close(creation, H5Pclose);
    return file;
}

static bool create_groups(hid_t file)
{
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    bool ok = creation >= 0 &&
              H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0;

    for (int g = 0; ok && g < MS_GROUP_COUNT; g++) {
        hid_t group = H5Gcreate2(file, ms_schema_groups[g], H5P_DEFAULT, creation, H5P_DEFAULT);

        ok = group >= 0 && H5Gclose(group) >= 0;
    }
    ms_hdf5_close(creation, H5Pclose);
    return ok;
}

static enum ms_code fill_file(struct layout *layout, const struct ms_writer_spec *spec, int64_t bytes,
                              int *descriptor, struct ms_error *err)
{
    enum ms_code code;

    *descriptor = fcntl(ms_hdf5_descriptor(layout->file), F_DUPFD_CLOEXEC, 0);
    if (*descriptor < 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_IO_ERROR), "%s: %s", layout->path, strerror(errno));
    code = ms_reserve_ahead(layout->path, *descriptor, bytes, err);
    if (code == MS_OK)
        code = write_attributes(layout, spec, err);
    if (code == MS_OK && !create_groups(layout->file))
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: creating the groups failed", layout->path);
    if (code == MS_OK)
        code = create_variables(layout, err);
    return code == MS_OK ? create_pages(layout, err) : code;
}

enum ms_code ms_layout_write(const char *path, const struct ms_writer_spec *spec, int64_t bytes,
                             uint64_t scale_place[MS_DIM_COUNT], int *descriptor, struct ms_error *err)
{
    struct layout *layout = malloc(sizeof *layout);
    enum ms_code code;

    *descriptor = -1;
    if (layout == NULL)
        return ms_fail_memory(err, path, "to create it");
    ms_hdf5_quiet();
    layout->path = path;
    ms_schema_shape(spec, &layout->shape);
    ms_scales_begin(&layout->scales);
    layout->file = create_file(path);
    if (layout->file < 0)
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s cannot be created", path);
    else
        code = fill_file(layout, spec, bytes, descriptor, err);
    (void)ms_scales_finish(&layout->scales);
    if (layout->file >= 0 && H5Fclose(layout->file) < 0 && code == MS_OK)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: closing the file failed", path);
    memcpy(scale_place, layout->scales.place, sizeof layout->scales.place);
    free(layout);
    return code;
}
