#include "variable.h"

#include <inttypes.h>
#include <stdlib.h>

#include "hdf5_call.h"

bool ms_variable_is_own(hid_t file, const char *name)
{
    H5L_info_t link;

    return H5Lget_info(file, name, &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
}

static enum ms_code open_dataset(struct ms_file *file, enum ms_variable variable, const char *path,
                                 struct ms_error *err)
{
    const char *group = ms_schema[variable].group;
    hid_t dataset = H5I_INVALID_HID;

    if ((group[0] == '\0' || ms_variable_is_own(file->file, group)) && ms_variable_is_own(file->file, path))
        dataset = H5Dopen2(file->file, path, H5P_DEFAULT);
    if (dataset < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the variable %s cannot be opened", file->path, path);
    file->dataset[variable] = dataset;
    file->space[variable] = H5Dget_space(dataset);
    return MS_OK;
}

static enum ms_code check_type(const struct ms_file *file, enum ms_variable variable, const char *path,
                               struct ms_error *err)
{
    hid_t type = H5Dget_type(file->dataset[variable]);
    bool is_right = ms_schema[variable].type == MS_TYPE_STRING
                        ? H5Tis_variable_str(type) > 0
                        : H5Tequal(type, ms_file_type(&file->shape, variable)) > 0;

    ms_hdf5_close(type, H5Tclose);
    if (is_right)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s has another type than format version %d says",
                   file->path, path, MS_FORMAT_VERSION);
}

static enum ms_code check_dimensions(struct ms_file *file, enum ms_variable variable, const char *path,
                                     struct ms_error *err)
{
    hsize_t extent[H5S_MAX_RANK] = {0};
    int rank = ms_schema_rank(variable);

    if (H5Sget_simple_extent_dims(file->space[variable], extent, NULL) != rank)
        return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s must have %d dimensions", file->path, path,
                       rank);
    for (int i = 0; i < rank; i++) {
        const struct ms_dimension_schema *dimension =
            &ms_schema_dimensions[ms_schema[variable].dimensions[i]];
        int64_t *size = &file->shape.size[ms_schema[variable].dimensions[i]];

        if (extent[i] < (hsize_t)dimension->least || extent[i] > (hsize_t)dimension->most)
            return ms_fail(
                err, MS_BAD_INPUT,
                "%s: dimension %s of the variable %s is %" PRIu64 "; it must be from %" PRId64 " to %" PRId64,
                file->path, dimension->name, path, (uint64_t)extent[i], dimension->least, dimension->most);
        if (*size == 0)
            *size = (int64_t)extent[i];
        if (*size != (int64_t)extent[i])
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: dimension %s of the variable %s is %" PRId64 ", elsewhere it is %" PRId64,
                           file->path, dimension->name, path, (int64_t)extent[i], *size);
    }
    return MS_OK;
}

bool ms_variable_is_contiguous(hid_t dataset)
{
    hid_t creation = H5Dget_create_plist(dataset);
    bool is = creation >= 0 && H5Pget_layout(creation) == H5D_CONTIGUOUS &&
              H5Pget_external_count(creation) == 0;

    ms_hdf5_close(creation, H5Pclose);
    return is;
}

static enum ms_code check_storage(const struct ms_file *file, enum ms_variable variable, const char *path,
                                  struct ms_error *err)
{
    hid_t dataset = file->dataset[variable];
    hssize_t elements = H5Sget_simple_extent_npoints(file->space[variable]);
    uint64_t element_bytes = ms_schema_element_bytes(&file->shape, variable),
             bytes = H5Dget_storage_size(dataset);
    haddr_t offset = H5Dget_offset(dataset);

    if (!ms_variable_is_contiguous(dataset) && H5Eget_num(H5E_DEFAULT) > 0) /* HDF5 cannot tell */
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: how the variable %s is stored cannot be read", file->path,
                            path);
    if (!ms_variable_is_contiguous(dataset))
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: the variable %s is not stored in one piece, as moonsweep does; was the file repacked?",
            file->path, path);
    if (elements < 0 || bytes / element_bytes != (uint64_t)elements || bytes % element_bytes != 0 ||
        offset == HADDR_UNDEF || offset > file->bytes || bytes > file->bytes - offset)
        return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s lies outside the file", file->path, path);
    return MS_OK;
}

enum ms_code ms_variable_open(struct ms_file *file, enum ms_variable variable, struct ms_error *err)
{
    char path[64];
    enum ms_code code;

    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof path, path);
    code = open_dataset(file, variable, path, err);
    if (code == MS_OK)
        code = check_type(file, variable, path, err);
    if (code == MS_OK)
        code = check_dimensions(file, variable, path, err);
    if (code == MS_OK)
        code = check_storage(file, variable, path, err);
    return code;
}

/* Where the data of a variable are in the file. */
struct place {
    uint64_t start, end;
    enum ms_variable variable;
};

static int by_start(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

enum ms_code ms_variable_check_places(const struct ms_file *file, struct ms_error *err)
{
    struct place places[MS_VARIABLE_COUNT];

    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        uint64_t start = H5Dget_offset(file->dataset[v]);

        places[v] = (struct place){.start = start,
                                   .end = start + H5Dget_storage_size(file->dataset[v]),
                                   .variable = (enum ms_variable)v};
    }
    qsort(places, MS_VARIABLE_COUNT, sizeof places[0], by_start);
    for (int i = 1; i < MS_VARIABLE_COUNT; i++)
        if (places[i].start < places[i - 1].end)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: the variables %s and %s share a place in the file: it is damaged", file->path,
                           ms_schema[places[i - 1].variable].name, ms_schema[places[i].variable].name);
    return MS_OK;
}
