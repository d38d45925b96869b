/* Compares the table of places in `pages` with what HDF5 finds in the file twice: as it is, unless its
 * structure is corrupt, and with all values masked (masked.h). If these agree with the table, no byte that a
 * run writes has any influence on where a variable is. Then everything else of the structure is read with the
 * values masked, as a reader would need it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "hdf5_call.h"
#include "masked.h"
#include "pages.h"
#include "structure.h"

/* A check in progress. The places of the table are indexed by their ids; 0 bytes at 0 for what is not in it. */
struct check {
    const struct ms_file *file;
    struct ms_pages_place *table; /* [count] owned */
    size_t count;
    struct ms_pages_place expected[MS_PAGES_IDS];
    struct ms_masked masked;
    struct ms_file found; /* the file as it reads without its values */
    hid_t hdf5;           /* the same */
};

static enum ms_code fail_moved(const struct check *check, const char *kind, const char *group,
                               const char *name, struct ms_error *err)
{
    char path[64];

    ms_schema_path(group, name, sizeof path, path);
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s: the %s %s is not where the file was created with it; file not changed; start over with "
        "--force",
        check->file->path, kind, path);
}

/* ---- the table -------------------------------------------------------------------------------------- */

static enum ms_code fail_table(const struct check *check, struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: integrity/pages does not tell where the variables are; file not changed; start over "
                   "with --force",
                   check->file->path);
}

/* Reads the table, and adds `pages`, which is not in it. */
static enum ms_code read_table(struct check *check, struct ms_error *err)
{
    enum ms_code code = ms_pages_places(check->file, &check->table, &check->count, err);

    if (code != MS_OK)
        return code;
    if (check->count == 0)
        return fail_table(check, err);
    for (size_t i = 0; i < check->count; i++) {
        struct ms_pages_place *place = &check->expected[check->table[i].id];

        if (place->start != 0) /* it is listed twice */
            return fail_table(check, err);
        *place = check->table[i];
    }
    return MS_OK;
}

/* ---- the structure ---------------------------------------------------------------------------------- */

static enum ms_code fail_structure(const struct check *check, struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: a part of its structure is where a variable is, or is corrupt although its checksum "
                   "matches; file not changed; start over with --force",
                   check->file->path);
}

/* Opens the file as it reads without its values. */
static enum ms_code open_masked(struct check *check, struct ms_error *err)
{
    const struct ms_file *file = check->file;
    enum ms_code code;

    check->masked.file = file;
    check->masked.count = check->count;
    check->masked.places = check->table;
    check->found = (struct ms_file){.path = file->path, .descriptor = file->descriptor, .bytes = file->bytes};
    code = ms_structure_open(&check->found, ms_masked_access(&check->masked), &check->hdf5, err);
    return code == MS_BAD_INPUT ? fail_structure(check, err) : code;
}

/* Reads the attributes of an object in a group. Links to other files are not followed. */
static herr_t read_object(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    const struct check *check = context;
    hid_t object;
    bool is;

    if (link->type != H5L_TYPE_HARD)
        return 0;
    object = H5Oopen(group, name, H5P_DEFAULT);
    is = object >= 0 && ms_attributes_are_readable(object, check->file->bytes);
    ms_hdf5_close(object, H5Oclose);
    return is ? 0 : -1;
}

static bool is_group_readable(struct check *check, const char *name)
{
    const hid_t group = H5Gopen2(check->hdf5, name, H5P_DEFAULT);
    const bool is = group >= 0 && ms_attributes_are_readable(group, check->file->bytes) &&
                    H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, read_object, check) >= 0;

    ms_hdf5_close(group, H5Gclose);
    return is;
}

/* Reads what opening did not: the lists of the groups, and all attributes, so that every reader finds them. */
static enum ms_code read_rest(struct check *check, struct ms_error *err)
{
    bool is = is_group_readable(check, "/");

    for (int g = 0; is && g < MS_GROUP_COUNT; g++)
        is = is_group_readable(check, ms_schema_groups[g]);
    return is ? MS_OK : fail_structure(check, err);
}

/* ---- what is where ---------------------------------------------------------------------------------- */

/* file is where HDF5 has found the variables. */
static enum ms_code check_variables(const struct check *check, const struct ms_file *file,
                                    struct ms_error *err)
{
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        const enum ms_variable variable = (enum ms_variable)v;
        const struct ms_pages_place *place = &check->expected[v];

        if (place->start != file->offset[v] ||
            place->bytes != (uint64_t)ms_schema_rows(&file->shape, variable) *
                                ms_schema_row_bytes(&file->shape, variable))
            return fail_moved(check, "variable", ms_schema[v].group, ms_schema[v].name, err);
    }
    return MS_OK;
}

/* Returns whether the scale of a dimension has its values at its place. */
static bool is_scale_there(const struct check *check, int d)
{
    const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
    const struct ms_pages_place *place = &check->expected[MS_VARIABLE_COUNT + d];
    char path[64];
    hid_t scale;
    bool is;

    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    scale = H5Dopen2(check->hdf5, path, H5P_DEFAULT);
    is = scale >= 0 && H5Dget_offset(scale) == (place->start == 0 ? HADDR_UNDEF : place->start) &&
         H5Dget_storage_size(scale) == place->bytes;
    ms_hdf5_close(scale, H5Dclose);
    return is;
}

static enum ms_code check_scales(const struct check *check, struct ms_error *err)
{
    for (int d = 0; d < MS_DIM_COUNT; d++)
        if (!is_scale_there(check, d))
            return fail_moved(check, "scale", ms_schema_dimensions[d].group, ms_schema_dimensions[d].name,
                              err);
    return MS_OK;
}

/* is_open: HDF5 has opened the file. */
static enum ms_code check_file(const struct ms_file *file, bool is_open, struct ms_error *err)
{
    struct check check = {.file = file, .masked = {.driver = H5I_INVALID_HID}, .hdf5 = H5I_INVALID_HID};
    enum ms_code code = read_table(&check, err);

    errno = 0;
    if (code == MS_OK && is_open)
        code = check_variables(&check, file, err);
    if (code == MS_OK)
        code = open_masked(&check, err);
    if (code == MS_OK)
        code = check_variables(&check, &check.found, err);
    if (code == MS_OK)
        code = check_scales(&check, err);
    if (code == MS_OK)
        code = read_rest(&check, err);
    code = ms_hdf5_check_errno(file->path, code, err);
    ms_hdf5_close(check.hdf5, H5Fclose);
    ms_masked_end(&check.masked);
    free(check.table);
    return code;
}

enum ms_code ms_places_check(const struct ms_file *file, struct ms_error *err)
{
    return check_file(file, true, err);
}

enum ms_code ms_places_check_patched(const struct ms_file *file, struct ms_error *err)
{
    return check_file(file, false, err);
}
