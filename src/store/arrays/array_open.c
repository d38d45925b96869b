/* Opens a dataset in the order in which it can be wrong: the links of its name, its type, its shape, and how
 * its values are stored (array_storage.c). If there is no such dataset, the message lists others.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array_storage.h"
#include "hdf5_call.h"
#include "moonsweep/plural.h"

/* ---- the names in a file --------------------------------------------------------------------------------- */

/* The datasets that a message names. */
struct listing {
    char text[400];
    size_t used;
    bool is_cut;
};

static herr_t list(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    struct listing *listing = context;
    const hid_t object = info->type == H5L_TYPE_HARD ? H5Oopen(group, name, H5P_DEFAULT) : H5I_INVALID_HID;
    const bool is_set = object >= 0 && H5Iget_type(object) == H5I_DATASET;

    ms_hdf5_close(object, H5Oclose);
    if (!is_set)
        return 0;
    if (listing->used + strlen(name) + sizeof ", '' ..." > sizeof listing->text) {
        listing->is_cut = true;
        return 1;
    }
    listing->used += (size_t)snprintf(listing->text + listing->used, sizeof listing->text - listing->used,
                                      "%s'%s'", listing->used > 0 ? ", " : "", name);
    return 0;
}

static enum ms_code fail_missing(const char *path, hid_t file, const char *name, struct ms_error *err)
{
    struct listing listing = {.used = 0};

    (void)H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, list, &listing);
    if (listing.used == 0)
        return ms_fail(err, MS_BAD_INPUT, "%s: there is no dataset '%s', and no other dataset", path, name);
    return ms_fail(err, MS_BAD_INPUT, "%s: there is no dataset '%s'; the file has %s%s", path, name,
                   listing.text, listing.is_cut ? " and others" : "");
}

htri_t ms_array_open_exists(hid_t file, const char *name)
{
    char *part = strdup(name);
    htri_t exists = part != NULL ? 1 : -1;

    for (char *slash = part; exists > 0 && slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        if (part[0] != '\0' && strcmp(part, "/") != 0)
            exists = H5Lexists(file, part, H5P_DEFAULT);
        if (slash != NULL)
            *slash = '/';
    }
    free(part);
    return exists;
}

/* ---- types and shapes ------------------------------------------------------------------------------------ */

static const char *class_name(H5T_class_t class)
{
    static const char *const names[] = {[H5T_INTEGER] = "integers",
                                        [H5T_FLOAT] = "reals",
                                        [H5T_TIME] = "times",
                                        [H5T_STRING] = "texts",
                                        [H5T_BITFIELD] = "bit fields",
                                        [H5T_OPAQUE] = "opaque values",
                                        [H5T_COMPOUND] = "a compound type (several fields)",
                                        [H5T_REFERENCE] = "references",
                                        [H5T_ENUM] = "enumerated values",
                                        [H5T_VLEN] = "sequences of varying length",
                                        [H5T_ARRAY] = "arrays"};

    return class >= 0 && (size_t) class < sizeof names / sizeof names[0] ? names[class] : "an unknown type";
}

/* Sets the class, that of its integers for an enumeration: h5py stores booleans as one. */
static enum ms_code look_at_type(struct ms_array *array, struct ms_error *err)
{
    H5T_class_t class;

    array->type = H5Dget_type(array->set);
    class = array->type < 0 ? H5T_NO_CLASS : H5Tget_class(array->type);
    array->class = class == H5T_ENUM ? H5T_INTEGER : class;
    if (array->class == H5T_INTEGER || array->class == H5T_FLOAT || array->class == H5T_STRING)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s: '%s' contains %s; it must contain plain numbers%s", array->path,
                   array->name, class_name(class), class == H5T_VLEN ? " or texts" : "");
}

/* Sets rank, rows and columns. */
static enum ms_code look_at_shape(struct ms_array *array, hid_t space, struct ms_error *err)
{
    hsize_t sizes[H5S_MAX_RANK] = {0};

    array->rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, sizes, NULL);
    if (array->rank < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the shape of '%s' cannot be read", array->path,
                            array->name);
    if (array->rank != 1 && array->rank != 2)
        return ms_fail(err, MS_BAD_INPUT, "%s: '%s' has %d dimensions; it must have one or two", array->path,
                       array->name, array->rank);
    if (array->rank == 1)
        sizes[1] = 1;
    if (sizes[0] == 0 || sizes[1] == 0)
        return ms_fail(err, MS_BAD_INPUT, "%s: '%s' is empty", array->path, array->name);
    if (sizes[0] > INT32_MAX || sizes[1] > INT32_MAX || sizes[0] * sizes[1] > INT64_MAX / sizeof(double))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: '%s' has %llu x %llu values; it may have at most %d rows and columns, and fewer "
                       "than 2^60 values",
                       array->path, array->name, (unsigned long long)sizes[0], (unsigned long long)sizes[1],
                       INT32_MAX);
    array->rows = (int64_t)sizes[0];
    array->columns = (int64_t)sizes[1];
    return MS_OK;
}

/* ---- opening and reading --------------------------------------------------------------------------------- */

static enum ms_code fail_open(const char *path, hid_t file, const char *name, struct ms_error *err)
{
    const hid_t object = H5Oopen(file, name, H5P_DEFAULT);
    const bool is_other = object >= 0 && H5Iget_type(object) != H5I_DATASET;

    if (is_other) {
        (void)H5Oclose(object);
        return ms_fail(err, MS_BAD_INPUT, "%s: '%s' is a group or a type; it must be a dataset", path, name);
    }
    (void)H5Eclear2(H5E_DEFAULT);
    ms_hdf5_close(object, H5Oclose);
    ms_hdf5_close(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
    return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the dataset '%s' cannot be opened", path, name);
}

enum ms_code ms_array_open(const char *path, hid_t file, const char *name, struct ms_array *array,
                           struct ms_error *err)
{
    htri_t exists;
    hid_t space;
    enum ms_code code;

    *array = (struct ms_array){.path = path, .name = name, .set = H5I_INVALID_HID, .type = H5I_INVALID_HID};
    exists = ms_array_open_exists(file, name);
    if (exists < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the dataset '%s' cannot be found", path, name);
    if (exists == 0)
        return fail_missing(path, file, name, err);
    array->set = H5Dopen2(file, name, H5P_DEFAULT);
    if (array->set < 0)
        return fail_open(path, file, name, err);
    space = H5Dget_space(array->set);
    code = look_at_type(array, err);
    if (code == MS_OK)
        code = look_at_shape(array, space, err);
    ms_hdf5_close(space, H5Sclose);
    return code == MS_OK ? ms_array_storage_check(file, array, err) : code;
}

enum ms_code ms_array_open_read(const struct ms_array *array, int64_t first, int64_t rows, hid_t type,
                                void *values, struct ms_error *err)
{
    const hsize_t start[2] = {(hsize_t)first, 0}, count[2] = {(hsize_t)rows, (hsize_t)array->columns};
    const hid_t there = H5Dget_space(array->set), here = H5Screate_simple(array->rank, count, NULL);
    const bool is_read = there >= 0 && here >= 0 &&
                         H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                         H5Dread(array->set, type, here, there, H5P_DEFAULT, values) >= 0;
    enum ms_code code = MS_OK;

    if (!is_read)
        code = ms_array_storage_fail(array, err);
    ms_hdf5_close(here, H5Sclose);
    ms_hdf5_close(there, H5Sclose);
    return code;
}
