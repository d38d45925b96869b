#include "layout.h"

#include <hdf5.h>
#include <inttypes.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attributes.h"
#include "file.h"
#include "flags.h"
#include "given.h"
#include "hdf5_call.h"
#include "moonsweep/maths.h"
#include "moonsweep/version.h"
#include "reserve.h"
#include "root_attributes.h"
#include "scales.h"

enum {
    INITIAL_BYTES = 4 << 20 /* of an initial value repeated, a write */
};

/* ---- variables -------------------------------------------------------------------------------------- */

/* Contiguous, at the final size and place from the start, so that no later write changes metadata. Variable
 * length data must be "filled": HDF5 refuses never for them. */
static hid_t variable_creation(enum ms_type type)
{
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);

    if (creation >= 0 && (H5Pset_layout(creation, H5D_CONTIGUOUS) < 0 ||
                          H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) < 0 ||
                          (type != MS_TYPE_STRING && H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0))) {
        (void)H5Pclose(creation);
        return H5I_INVALID_HID;
    }
    return creation;
}

/* The attributes by which CF readers name the values of a flag variable. */
static bool describe_flags(enum ms_variable variable, hid_t dataset)
{
    const struct ms_flags *flags = ms_flags_of(variable);

    return flags == NULL || (ms_attribute_write_u8s(dataset, flags->attribute, flags->count, flags->values) &&
                             ms_attribute_write_text(dataset, "flag_meanings", flags->meanings));
}

static bool create_variable(struct ms_file *file, struct ms_scales *scales, enum ms_variable variable)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    hsize_t extent[MS_MAX_RANK] = {0};
    int rank = ms_schema_rank(variable);
    hid_t creation = variable_creation(schema->type);
    hid_t text = ms_attribute_text_type();
    hid_t type = schema->type == MS_TYPE_STRING ? text : ms_file_type(&file->shape, variable);
    hid_t dataset = H5I_INVALID_HID;
    char path[64];

    for (int i = 0; i < rank; i++)
        extent[i] = (hsize_t)file->shape.size[schema->dimensions[i]];
    ms_schema_path(schema->group, schema->name, sizeof path, path);
    file->space[variable] = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extent, NULL);
    if (creation >= 0 && text >= 0 && file->space[variable] >= 0)
        dataset = H5Dcreate2(file->file, path, type, file->space[variable], H5P_DEFAULT, creation,
                             H5P_DEFAULT);
    file->dataset[variable] = dataset;
    ms_hdf5_close(creation, H5Pclose);
    ms_hdf5_close(text, H5Tclose);
    return dataset >= 0 && ms_attribute_write_text(dataset, "long_name", schema->long_name) &&
           ms_attribute_write_text(dataset, "units", schema->units) && describe_flags(variable, dataset) &&
           ms_scales_attach(file->file, scales, variable, dataset);
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* Fills values[elements] with the initial NaN or -1 of a variable's type. */
static void fill_initial(enum ms_type type, enum ms_initial initial, int64_t elements, void *values)
{
    for (int64_t i = 0; i < elements; i++) {
        if (initial == MS_INITIAL_NAN)
            ((double *)values)[i] = ms_canonical((double)NAN);
        else if (type == MS_TYPE_I32)
            ((int32_t *)values)[i] = -1;
        else
            ((int64_t *)values)[i] = -1;
    }
}

static enum ms_code write_initial(const struct ms_file *file, enum ms_variable variable, void *room,
                                  struct ms_error *err)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    int64_t rows = ms_schema_rows(&file->shape, variable);
    int64_t at_once = INITIAL_BYTES / (int64_t)ms_schema_row_bytes(&file->shape, variable);
    enum ms_code code = MS_OK;

    if (schema->initial != MS_INITIAL_NAN && schema->initial != MS_INITIAL_MINUS_ONE)
        return MS_OK;
    if (at_once > rows)
        at_once = rows;
    fill_initial(schema->type, schema->initial, at_once, room);
    for (int64_t first = 0; code == MS_OK && first < rows; first += at_once)
        code = ms_file_write(file, variable, first, rows - first < at_once ? rows - first : at_once, room,
                             err);
    return code;
}

/* Writes count strings. */
static enum ms_code write_texts(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t count, const void *texts, struct ms_error *err)
{
    hsize_t start = (hsize_t)first, extent = (hsize_t)count;
    hid_t memory = H5Screate_simple(1, &extent, NULL);
    hid_t type = ms_attribute_text_type();
    enum ms_code code = MS_OK;

    if (memory < 0 || type < 0 ||
        H5Sselect_hyperslab(file->space[variable], H5S_SELECT_SET, &start, NULL, &extent, NULL) < 0 ||
        H5Dwrite(file->dataset[variable], type, memory, file->space[variable], H5P_DEFAULT, texts) < 0)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing %s failed", file->path, ms_schema[variable].name);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(memory, H5Sclose);
    return code;
}

/* Writes a run of the values that the job gives. */
static enum ms_code write_given(void *context, const struct ms_given *given, struct ms_error *err)
{
    const struct ms_file *file = context;

    if (ms_schema[given->variable].type == MS_TYPE_STRING)
        return write_texts(file, given->variable, given->first, given->rows, given->values, err);
    return ms_file_write(file, given->variable, given->first, given->rows, given->values, err);
}

static enum ms_code write_values(struct ms_file *file, const struct ms_store_spec *spec, struct ms_error *err)
{
    void *room = malloc(INITIAL_BYTES);
    enum ms_code code = MS_OK;

    if (room == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", file->path);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = write_initial(file, (enum ms_variable)v, room, err);
    free(room);
    return code == MS_OK ? ms_given_each(&file->shape, spec, write_given, file, err) : code;
}

/* ---- root attributes -------------------------------------------------------------------------------- */

/* Writes one of those that follow from the job. */
static enum ms_code write_root(void *context, const struct ms_root_attribute *attribute, struct ms_error *err)
{
    const struct ms_file *file = context;
    const char *name = attribute->name;
    bool is_written = false;

    switch (attribute->kind) {
    case MS_ROOT_I32:
        is_written = ms_attribute_write_i32(file->file, name, attribute->number);
        break;
    case MS_ROOT_TEXT:
        is_written = ms_attribute_write_text(file->file, name, attribute->texts[0]);
        break;
    case MS_ROOT_TEXTS:
        is_written = ms_attribute_write_texts(file->file, name, attribute->count, attribute->texts);
        break;
    }
    return is_written
               ? MS_OK
               : ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing the attribute %s failed", file->path, name);
}

/* What made the file: libraries, program, moment. */
static bool write_origin(hid_t file)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING], hdf5[48], created[32];
    unsigned major, minor, release;
    time_t now = time(NULL);
    struct tm utc;
    int length;

    if (H5get_libversion(&major, &minor, &release) < 0 ||
        MPI_Get_library_version(mpi, &length) != MPI_SUCCESS || gmtime_r(&now, &utc) == NULL)
        return false;
    mpi[strcspn(mpi, "\r\n")] = '\0';
    (void)snprintf(hdf5, sizeof hdf5, "%u.%u.%u", major, minor, release);
    (void)strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return ms_attribute_write_text(file, "program_version", ms_version) &&
           ms_attribute_write_text(file, "git_commit", ms_git_commit) &&
           ms_attribute_write_text(file, "created", created) &&
           ms_attribute_write_text(file, "hdf5_version", hdf5) &&
           ms_attribute_write_text(file, "mpi_version", mpi);
}

static enum ms_code write_attributes(struct ms_file *file, const struct ms_store_spec *spec,
                                     struct ms_error *err)
{
    enum ms_code code = ms_root_attributes_each(spec, write_root, file, err);

    if (code == MS_OK &&
        (!ms_attribute_write_i32(file->file, "numerics", MS_NUMERICS) ||
         !ms_attribute_write_text(file->file, "command", spec->command) || !write_origin(file->file)))
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing the attributes failed", file->path);
    return code;
}

/* ---- the file --------------------------------------------------------------------------------------- */

/* The oldest format: a newer superblock carries an "open for writing" flag that a killed run leaves behind.
 * Names are listed in the order of the schema where readers ask for it. */
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

static enum ms_code create_variables(struct ms_file *file, struct ms_scales *scales, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    if (!ms_scales_create(file->file, &file->shape, scales))
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the dimensions failed", file->path);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++) {
        if (!create_variable(file, scales, (enum ms_variable)v))
            code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the variable %s failed", file->path,
                                ms_schema[v].name);
    }
    if (!ms_scales_finish(scales) && code == MS_OK)
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the dimensions failed", file->path);
    return code;
}

enum ms_code ms_layout_write(const char *path, const struct ms_store_spec *spec, struct ms_error *err)
{
    struct ms_file file;
    struct ms_error ignored;
    struct ms_scales *scales = malloc(sizeof *scales);
    enum ms_code code = MS_OK;

    ms_hdf5_quiet();
    ms_file_clear(&file);
    file.path = strdup(path);
    if (scales == NULL || file.path == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", path);
        goto cleanup;
    }
    ms_schema_shape(spec, &file.shape);
    file.file = create_file(path);
    if (file.file < 0) {
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s cannot be created", path);
        goto cleanup;
    }
    code = ms_reserve_ahead(path, ms_store_size(spec), err);
    if (code == MS_OK)
        code = write_attributes(&file, spec, err);
    if (code == MS_OK && !create_groups(file.file))
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: making the groups failed", path);
    if (code == MS_OK)
        code = create_variables(&file, scales, err);
    if (code == MS_OK)
        code = write_values(&file, spec, err);
    if (code == MS_OK && H5Fflush(file.file, H5F_SCOPE_GLOBAL) < 0)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: flushing the file failed", path);
    if (code == MS_OK)
        code = ms_file_close(&file, err);
cleanup:
    free(scales);
    (void)ms_file_close(&file, &ignored);
    return code;
}
