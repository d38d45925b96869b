/* What readers see of the variables beside their values: names, units, flags, and the dimension scales that tie them
 * together (scales.c makes them). That each variable has its type, its dimensions and a place of its own was a
 * condition for opening the file (variable.c). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "finding.h"
#include "flags.h"
#include "hdf5_call.h"
#include "scales.h"

/* ---- texts ------------------------------------------------------------------------------------------ */

static enum ms_code compare_text(struct ms_examination *examination, hid_t object, const char *name,
                                 const char *path, const char *due, struct ms_error *err)
{
    char *stored = NULL;
    bool is;
    enum ms_code code = ms_attribute_is_texts(object, name, 0, &due, &is, err);

    if (code == MS_OK && !is)
        code = ms_attribute_read_text(examination->file->path, object, name, &stored, err);
    if (code == MS_OK && !is)
        ms_finding_attribute(examination, name, path, stored, due);
    free(stored);
    return code;
}

static enum ms_code compare_flags(struct ms_examination *examination, enum ms_variable variable,
                                  const char *path, struct ms_error *err)
{
    hid_t dataset = examination->file->dataset[variable];
    const struct ms_flags *flags = ms_flags_of(variable);
    bool is;
    enum ms_code code;

    if (flags == NULL)
        return MS_OK;
    code = ms_attribute_is_u8s(dataset, flags->attribute, flags->count, flags->values, &is, err);
    if (code == MS_OK && !is)
        ms_finding_attribute(examination, flags->attribute, path, "other numbers",
                             "those that flag_meanings names");
    return code == MS_OK ? compare_text(examination, dataset, "flag_meanings", path, flags->meanings, err)
                         : code;
}

static enum ms_code compare_mark(struct ms_examination *examination, hid_t scale, const char *name,
                                 const char *path, const char *due, struct ms_error *err)
{
    bool is;
    enum ms_code code = ms_attribute_is_mark(scale, name, due, &is, err);

    if (code == MS_OK && !is)
        ms_finding_attribute(examination, name, path, "another text", due);
    return code;
}

/* ---- scales ----------------------------------------------------------------------------------------- */

/* Whether the variable's dimensions are those of the schema. */
static bool is_attached(const struct ms_file *file, enum ms_variable variable,
                        const hobj_ref_t reference[MS_DIM_COUNT])
{
    hid_t dataset = file->dataset[variable];
    int rank = ms_schema_rank(variable);
    hvl_t list[MS_MAX_RANK] = {{0}};
    hid_t type = H5I_INVALID_HID, found = H5I_INVALID_HID, space = H5I_INVALID_HID,
          attribute = H5I_INVALID_HID;
    bool is = false;

    if (rank == 0 || H5Aexists(dataset, "DIMENSION_LIST") <= 0)
        return rank == 0;
    attribute = H5Aopen(dataset, "DIMENSION_LIST", H5P_DEFAULT);
    type = H5Tvlen_create(H5T_STD_REF_OBJ);
    if (attribute < 0 || type < 0)
        goto cleanup;
    found = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    if (found < 0 || space < 0 || H5Tequal(found, type) <= 0 || H5Sget_simple_extent_npoints(space) != rank ||
        H5Aread(attribute, type, list) < 0)
        goto cleanup;
    is = true;
    for (int i = 0; i < rank; i++)
        is = is && list[i].len == 1 &&
             memcmp(list[i].p, &reference[ms_schema[variable].dimensions[i]], sizeof(hobj_ref_t)) == 0;
    (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, list);
cleanup:
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(found, H5Tclose);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(attribute, H5Aclose);
    return is;
}

/* A scale whose values are compared. */
struct scale_look {
    struct ms_examination *examination;
    const char *path;
};

static void report_position(void *context, int64_t position, int64_t value)
{
    const struct scale_look *look = context;
    char place[MS_FINDING_TEXT], stored[24], due[24];

    (void)snprintf(place, sizeof place, "%s[%" PRId64 "]", look->path, position);
    (void)snprintf(stored, sizeof stored, "%" PRId64, value);
    (void)snprintf(due, sizeof due, "%" PRId64, position);
    ms_finding_report(look->examination, place, -1, stored, due);
}

static enum ms_code compare_scale(struct ms_examination *examination, hid_t scale, enum ms_dimension d,
                                  const char *path, const struct ms_scales *scales, struct ms_error *err)
{
    const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
    int64_t size = examination->file->shape.size[d];
    struct scale_look look = {.examination = examination, .path = path};
    const enum ms_finding_kind kind = examination->kind;
    char mark[MS_SCALE_MARK];
    bool is_read;
    enum ms_code code;

    ms_scales_mark(dimension, size, mark);
    code = compare_mark(examination, scale, "CLASS", path, "DIMENSION_SCALE", err);
    if (code == MS_OK)
        code = compare_mark(examination, scale, "NAME", path, mark, err);
    if (!ms_scales_is_used(scale, scales->uses[d], scales->use[d]))
        ms_finding_attribute(examination, "REFERENCE_LIST", path, "other references",
                             "the variables along it");
    if (code == MS_OK && !dimension->bare)
        code = compare_text(examination, scale, "long_name", path, dimension->long_name, err);
    if (code == MS_OK && !dimension->bare)
        code = compare_text(examination, scale, "units", path, "1", err);
    if (code != MS_OK || dimension->bare)
        return code;
    examination->kind = MS_FINDING_REPAIRABLE; /* values, unlike the attributes */
    is_read = ms_scales_each_wrong(scale, size, report_position, &look);
    examination->kind = kind;
    if (!is_read)
        return ms_hdf5_fail(err, MS_IO_ERROR, "%s: reading %s failed", examination->file->path, path);
    return MS_OK;
}

static enum ms_code examine_scales(struct ms_examination *examination, const struct ms_scales *scales,
                                   struct ms_error *err)
{
    const struct ms_file *file = examination->file;
    enum ms_code code = MS_OK;

    for (int d = 0; code == MS_OK && d < MS_DIM_COUNT; d++) {
        hid_t scale = ms_scales_open(file->file, &ms_schema_dimensions[d], file->shape.size[d]);
        char path[64];

        ms_schema_path(ms_schema_dimensions[d].group, ms_schema_dimensions[d].name, sizeof path, path);
        if (scale < 0) {
            ms_finding_report(examination, path, -1, "missing, or of another kind",
                              "the scale of its dimension");
            continue;
        }
        code = compare_scale(examination, scale, (enum ms_dimension)d, path, scales, err);
        ms_hdf5_close(scale, H5Dclose);
    }
    return code;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static enum ms_code examine_variable(struct ms_examination *examination, enum ms_variable variable,
                                     const struct ms_scales *scales, struct ms_error *err)
{
    hid_t dataset = examination->file->dataset[variable];
    char path[64];
    enum ms_code code;

    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof path, path);
    code = compare_text(examination, dataset, "long_name", path, ms_schema[variable].long_name, err);
    if (code == MS_OK)
        code = compare_text(examination, dataset, "units", path, ms_schema[variable].units, err);
    if (code == MS_OK)
        code = compare_flags(examination, variable, path, err);
    if (code == MS_OK && !is_attached(examination->file, variable, scales->reference))
        ms_finding_attribute(examination, "DIMENSION_LIST", path, "other references",
                             "the scales of its dimensions");
    return code;
}

enum ms_code ms_examine_variables(struct ms_examination *examination, struct ms_error *err)
{
    struct ms_scales *scales = malloc(sizeof *scales);
    enum ms_code code = MS_OK;

    if (scales == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its dimensions", examination->file->path);
    ms_scales_expect(examination->file->file, scales);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = examine_variable(examination, (enum ms_variable)v, scales, err);
    if (code == MS_OK)
        code = examine_scales(examination, scales, err);
    free(scales);
    return code;
}
