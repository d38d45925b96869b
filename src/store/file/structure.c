/* Checks everything that HDF5 finds before it is used, from the whole to the parts: that HDF5 has opened the
 * file of our descriptor, that addresses are places in it, and its format version; then the link, type,
 * dimensions and storage of each variable; and last that no two variables overlap. In a file that another
 * program has rewritten, `layouts` checks the storage instead. The first variable along a dimension sets its
 * size, which all others must have.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "structure.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attributes.h"
#include "hdf5_call.h"

hid_t ms_structure_type(const struct ms_shape *shape, enum ms_variable variable)
{
    switch (ms_schema[variable].type) {
    case MS_TYPE_U8:
        return H5T_STD_U8LE;
    case MS_TYPE_I32:
        return H5T_STD_I32LE;
    case MS_TYPE_I64:
        return H5T_STD_I64LE;
    case MS_TYPE_U64:
        return H5T_STD_U64LE;
    case MS_TYPE_F64:
        return H5T_IEEE_F64LE;
    case MS_TYPE_REAL:
        return shape->precision == MS_FLOAT32 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    case MS_TYPE_CHAR:
        return H5T_C_S1;
    case MS_TYPE_COUNT:
        break;
    }
    return H5I_INVALID_HID;
}

/* ---- one variable ----------------------------------------------------------------------------------- */

/* Returns whether name is stored in the file itself. Following a link would open another file, even a pipe
 * or a device. */
static bool is_hard_link(hid_t file, const char *name)
{
    H5L_info_t link;

    return H5Lget_info(file, name, &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
}

static enum ms_code open_dataset(struct ms_structure_variable *one, hid_t hdf5, struct ms_error *err)
{
    const char *group = ms_schema[one->variable].group;

    if ((group[0] == '\0' || is_hard_link(hdf5, group)) && is_hard_link(hdf5, one->path))
        one->dataset = H5Dopen2(hdf5, one->path, H5P_DEFAULT);
    if (one->dataset < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the variable %s cannot be opened", one->file->path,
                            one->path);
    one->space = H5Dget_space(one->dataset);
    return MS_OK;
}

/* Whether the type is that of one character, padded in any way. */
static bool is_character(hid_t type)
{
    return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 && H5Tget_size(type) == 1;
}

/* is_loose: characters may be padded in another way, as h5py writes them. */
static enum ms_code check_type(const struct ms_structure_variable *one, bool is_loose, struct ms_error *err)
{
    hid_t type = H5Dget_type(one->dataset);
    bool is_right = H5Tequal(type, ms_structure_type(&one->file->shape, one->variable)) > 0;

    if (is_loose && ms_schema[one->variable].type == MS_TYPE_CHAR)
        is_right = is_character(type);
    ms_hdf5_close(type, H5Tclose);
    if (is_right)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s does not have the type of format version %d",
                   one->file->path, one->path, MS_FORMAT_VERSION);
}

static enum ms_code check_dimensions(const struct ms_structure_variable *one, struct ms_error *err)
{
    hsize_t extent[H5S_MAX_RANK] = {0};
    int rank = ms_schema_rank(one->variable);

    if (H5Sget_simple_extent_dims(one->space, extent, NULL) != rank)
        return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s must have %d dimensions", one->file->path,
                       one->path, rank);
    for (int i = 0; i < rank; i++) {
        const struct ms_dimension_schema *dimension =
            &ms_schema_dimensions[ms_schema[one->variable].dimensions[i]];
        int64_t *size = &one->file->shape.size[ms_schema[one->variable].dimensions[i]];

        if (extent[i] < (hsize_t)dimension->least || extent[i] > (hsize_t)dimension->most)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: dimension %s of the variable %s is %" PRIu64 "; it must be from %" PRId64
                           " to %" PRId64,
                           one->file->path, dimension->name, one->path, (uint64_t)extent[i], dimension->least,
                           dimension->most);
        if (*size == 0)
            *size = (int64_t)extent[i];
        if (*size != (int64_t)extent[i])
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: dimension %s of the variable %s is %" PRId64 ", but %" PRId64 " elsewhere",
                           one->file->path, dimension->name, one->path, (int64_t)extent[i], *size);
    }
    return MS_OK;
}

static bool is_contiguous(hid_t dataset)
{
    hid_t creation = H5Dget_create_plist(dataset);
    bool is = creation >= 0 && H5Pget_layout(creation) == H5D_CONTIGUOUS &&
              H5Pget_external_count(creation) == 0;

    ms_hdf5_close(creation, H5Pclose);
    return is;
}

/* Checks how and where the variable is stored, and sets its offset. */
static enum ms_code check_storage(const struct ms_structure_variable *one, struct ms_error *err)
{
    struct ms_file *file = one->file;
    hssize_t elements = H5Sget_simple_extent_npoints(one->space);
    uint64_t element_bytes = ms_schema_element_bytes(&file->shape, one->variable),
             bytes = H5Dget_storage_size(one->dataset);
    haddr_t offset = H5Dget_offset(one->dataset);

    if (!is_contiguous(one->dataset) && H5Eget_num(H5E_DEFAULT) > 0) /* HDF5 failed to read it */
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the layout of the variable %s cannot be read", file->path,
                            one->path);
    if (!is_contiguous(one->dataset))
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: the variable %s is not contiguous, as moonsweep stores it; was the file repacked?",
            file->path, one->path);
    if (elements < 0 || bytes / element_bytes != (uint64_t)elements || bytes % element_bytes != 0 ||
        offset == HADDR_UNDEF || offset > file->bytes || bytes > file->bytes - offset)
        return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s lies outside the file", file->path, one->path);
    file->offset[one->variable] = offset;
    return MS_OK;
}

/* Gives dimensions that no variable has set so far their least sizes. */
static void assume_dimensions(struct ms_shape *shape, enum ms_variable variable)
{
    for (int i = 0; i < ms_schema_rank(variable); i++) {
        const enum ms_dimension dimension = ms_schema[variable].dimensions[i];

        if (shape->size[dimension] == 0)
            shape->size[dimension] = ms_schema_dimensions[dimension].least;
    }
}

bool ms_structure_has_group(hid_t hdf5, enum ms_variable variable)
{
    const char *group = ms_schema[variable].group;

    return group[0] == '\0' || H5Lexists(hdf5, group, H5P_DEFAULT) != 0;
}

static enum ms_code inspect(struct ms_file *file, hid_t hdf5, enum ms_variable variable,
                            const struct ms_structure_layouts *layouts, struct ms_error *err)
{
    struct ms_structure_variable one = {
        .file = file, .variable = variable, .dataset = H5I_INVALID_HID, .space = H5I_INVALID_HID};
    enum ms_code code;

    if (layouts != NULL && !ms_structure_has_group(hdf5, variable)) {
        assume_dimensions(&file->shape, variable);
        return MS_OK;
    }
    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof one.path, one.path);
    code = open_dataset(&one, hdf5, err);
    if (code == MS_OK)
        code = check_type(&one, layouts != NULL, err);
    if (code == MS_OK)
        code = check_dimensions(&one, err);
    if (code == MS_OK)
        code = layouts == NULL ? check_storage(&one, err) : layouts->check(layouts->context, &one, err);
    ms_hdf5_close(one.space, H5Sclose);
    ms_hdf5_close(one.dataset, H5Dclose);
    return code;
}

/* ---- all of them ------------------------------------------------------------------------------------ */

/* The range of a variable in the file. */
struct place {
    uint64_t start, end;
    enum ms_variable variable;
};

static int by_start(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

/* Checks that no two variables overlap, since writing to one would then destroy the other. */
static enum ms_code check_places(const struct ms_file *file, struct ms_error *err)
{
    struct place places[MS_VARIABLE_COUNT];

    for (int v = 0; v < MS_VARIABLE_COUNT; v++)
        places[v] = (struct place){.start = file->offset[v],
                                   .end = ms_file_place(file, (enum ms_variable)v,
                                                        ms_schema_rows(&file->shape, (enum ms_variable)v)),
                                   .variable = (enum ms_variable)v};
    qsort(places, MS_VARIABLE_COUNT, sizeof places[0], by_start);
    for (int i = 1; i < MS_VARIABLE_COUNT; i++)
        if (places[i].start < places[i - 1].end)
            return ms_fail(err, MS_BAD_INPUT, "%s: the variables %s and %s overlap: the file is corrupt",
                           file->path, ms_schema[places[i - 1].variable].name,
                           ms_schema[places[i].variable].name);
    return MS_OK;
}

/* ---- what kind of file it is ------------------------------------------------------------------------ */

/* Parses 16 hex digits; false if hash is NULL or anything else. */
static bool parse_hash(const char *hash, uint64_t *value)
{
    if (hash == NULL || strlen(hash) != 16 || strspn(hash, "0123456789abcdef") != 16)
        return false;
    *value = strtoull(hash, NULL, 16);
    return true;
}

static enum ms_code read_identity(struct ms_file *file, hid_t hdf5, struct ms_error *err)
{
    char *precision = NULL, *hash = NULL;
    int32_t version;
    enum ms_code code;

    if (!ms_attribute_read_i32(hdf5, "format_version", &version) ||
        !ms_attribute_read_i32(hdf5, "numerics", &file->numerics))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s is an HDF5 file, but not a moonsweep result: it has no format_version",
                       file->path);
    if (version != MS_FORMAT_VERSION)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s has format version %" PRId32 "; this program reads and writes version %d",
                       file->path, version, MS_FORMAT_VERSION);
    code = ms_attribute_read_text(file->path, hdf5, "precision", &precision, err);
    if (code == MS_OK)
        code = ms_attribute_read_text(file->path, hdf5, "job_hash", &hash, err);
    if (code == MS_OK && (precision == NULL || !ms_precision_find(precision, &file->shape.precision)))
        code = ms_fail(err, MS_BAD_INPUT, "%s: the attribute precision must be float64 or float32",
                       file->path);
    else if (code == MS_OK && !parse_hash(hash, &file->job_hash))
        code = ms_fail(err, MS_BAD_INPUT, "%s: the attribute job_hash must be 16 hex digits", file->path);
    free(precision);
    free(hash);
    return code;
}

/* Checks that the file has no user block, so that an address is a place in the file. */
static enum ms_code check_addresses(const struct ms_file *file, hid_t hdf5, struct ms_error *err)
{
    hid_t creation = H5Fget_create_plist(hdf5);
    hsize_t user_block = 0;
    bool is_right = creation >= 0 && H5Pget_userblock(creation, &user_block) >= 0 && user_block == 0;

    ms_hdf5_close(creation, H5Pclose);
    return is_right
               ? MS_OK
               : ms_fail(err, MS_BAD_INPUT, "%s has a user block, which format version %d does not allow",
                         file->path, MS_FORMAT_VERSION);
}

/* Checks that HDF5, which opens a file by its name, has opened the file of our descriptor. In a folder of another user
 * the name may lead elsewhere by now; then the places that HDF5 finds are not those of the file that is written. */
static enum ms_code check_identity(const struct ms_file *file, hid_t hdf5, struct ms_error *err)
{
    struct stat ours, opened;

    if (fstat(file->descriptor, &ours) == 0 && fstat(ms_hdf5_descriptor(hdf5), &opened) == 0 &&
        ours.st_dev == opened.st_dev && ours.st_ino == opened.st_ino)
        return MS_OK;
    return ms_fail(err, MS_IO_ERROR, "%s was replaced by another file while it was opened", file->path);
}

enum ms_code ms_structure_open_as(struct ms_file *file, hid_t access,
                                  const struct ms_structure_layouts *layouts, hid_t *hdf5,
                                  struct ms_error *err)
{
    enum ms_code code = MS_OK;

    ms_hdf5_quiet();
    *hdf5 = H5Fopen(file->path, H5F_ACC_RDONLY, access);
    if (*hdf5 < 0)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s cannot be opened as an HDF5 file", file->path);
    ms_hdf5_close(access, H5Pclose);
    if (code == MS_OK)
        code = check_identity(file, *hdf5, err);
    if (code == MS_OK)
        code = check_addresses(file, *hdf5, err);
    if (code == MS_OK)
        code = read_identity(file, *hdf5, err);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = inspect(file, *hdf5, (enum ms_variable)v, layouts, err);
    if (code != MS_OK)
        return code;
    return layouts == NULL ? check_places(file, err) : layouts->read(layouts->context, *hdf5, file, err);
}

enum ms_code ms_structure_open(struct ms_file *file, hid_t access, hid_t *hdf5, struct ms_error *err)
{
    return ms_structure_open_as(file, access, NULL, hdf5, err);
}
