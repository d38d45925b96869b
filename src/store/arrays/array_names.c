/* Looks for the names in two places, which are read alike: HDF5 gives an attribute and a dataset a type and a
 * space (struct place). The attribute feature_names is meant for this, so anything but one text for each
 * column is an error; a dimension scale may be something else, and then the columns have no names.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_names.h"

#include <stdlib.h>
#include <string.h>

#include "array_texts.h"
#include "hdf5_call.h"

/* Where names may be: an attribute or a dataset. */
struct place {
    hid_t id, type, space;
    bool is_attribute;
};

static void place_open(struct place *place)
{
    place->type = place->id < 0         ? H5I_INVALID_HID
                  : place->is_attribute ? H5Aget_type(place->id)
                                        : H5Dget_type(place->id);
    place->space = place->id < 0         ? H5I_INVALID_HID
                   : place->is_attribute ? H5Aget_space(place->id)
                                         : H5Dget_space(place->id);
}

static void place_close(const struct place *place)
{
    ms_hdf5_close(place->space, H5Sclose);
    ms_hdf5_close(place->type, H5Tclose);
    ms_hdf5_close(place->id, place->is_attribute ? H5Aclose : H5Dclose);
}

/* Whether there are count texts in one dimension. */
static bool has_texts(const struct place *place, int64_t count)
{
    hsize_t size = 0;

    return place->type >= 0 && place->space >= 0 && H5Tget_class(place->type) == H5T_STRING &&
           H5Sget_simple_extent_ndims(place->space) == 1 &&
           H5Sget_simple_extent_dims(place->space, &size, NULL) == 1 && size == (hsize_t)count;
}

/* Copies the texts one after another, each with a NUL. */
static enum ms_code join(const char *path, const struct ms_array_texts *texts, char **names, size_t *bytes,
                         struct ms_error *err)
{
    size_t total = 0, length;
    char *at;

    for (size_t i = 0; i < texts->count; i++) {
        (void)ms_array_texts_get(texts, i, &length);
        total += length + 1;
    }
    *names = at = malloc(total);
    if (at == NULL)
        return ms_fail_memory(err, path, "for the names of its features");
    for (size_t i = 0; i < texts->count; i++) {
        const char *text = ms_array_texts_get(texts, i, &length);

        memcpy(at, text, length);
        at[length] = '\0';
        at += length + 1;
    }
    *bytes = total;
    return MS_OK;
}

static enum ms_code read_place(const struct ms_array *array, const struct place *place, char **names,
                               size_t *bytes, struct ms_error *err)
{
    struct ms_array_texts texts;
    enum ms_code code = ms_array_texts_make(array->path, place->type, (size_t)array->columns, &texts, err);
    herr_t result = -1;

    if (code == MS_OK)
        result = place->is_attribute
                     ? H5Aread(place->id, texts.type, texts.values)
                     : H5Dread(place->id, texts.type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.values);
    if (code == MS_OK && result < 0)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the names of the features of '%s' cannot be read",
                            array->path, array->name);
    if (code == MS_OK)
        code = join(array->path, &texts, names, bytes, err);
    ms_array_texts_free(&texts);
    return code;
}

/* Opens the first dimension scale of the columns; negative if there is none. The attribute DIMENSION_LIST has a list of
 * references for each dimension. */
static hid_t open_scale(const struct ms_array *array)
{
    const hid_t list = H5Aexists(array->set, "DIMENSION_LIST") > 0
                           ? H5Aopen(array->set, "DIMENSION_LIST", H5P_DEFAULT)
                           : H5I_INVALID_HID;
    const hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ),
                space = list < 0 ? H5I_INVALID_HID : H5Aget_space(list);
    hvl_t scales[2] = {{0, NULL}, {0, NULL}};
    hid_t scale = H5I_INVALID_HID;

    if (type >= 0 && space >= 0 && H5Sget_simple_extent_npoints(space) == 2 &&
        H5Aread(list, type, scales) >= 0) {
        if (scales[1].len > 0)
            scale = H5Rdereference2(array->set, H5P_DEFAULT, H5R_OBJECT, scales[1].p);
        (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, scales);
    }
    if (scale >= 0 && H5Iget_type(scale) != H5I_DATASET) {
        (void)H5Oclose(scale);
        scale = H5I_INVALID_HID;
    }
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(list, H5Aclose);
    (void)H5Eclear2(H5E_DEFAULT);
    return scale;
}

/* A scale without texts, such as the numbers 0, 1, 2, ..., has no names. */
static enum ms_code read_scale(const struct ms_array *array, char **names, size_t *bytes,
                               struct ms_error *err)
{
    struct place place = {.id = open_scale(array)};
    enum ms_code code = MS_OK;

    place_open(&place);
    if (has_texts(&place, array->columns))
        code = read_place(array, &place, names, bytes, err);
    place_close(&place);
    return code;
}

enum ms_code ms_array_names_read(const struct ms_array *array, char **names, size_t *bytes,
                                 struct ms_error *err)
{
    struct place place = {.is_attribute = true};
    enum ms_code code;

    *names = NULL;
    *bytes = 0;
    if (H5Aexists(array->set, "feature_names") <= 0)
        return read_scale(array, names, bytes, err);
    place.id = H5Aopen(array->set, "feature_names", H5P_DEFAULT);
    place_open(&place);
    if (has_texts(&place, array->columns))
        code = read_place(array, &place, names, bytes, err);
    else
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: the attribute feature_names of '%s' must be a list of texts, one for each of the "
                       "%lld columns",
                       array->path, array->name, (long long)array->columns);
    place_close(&place);
    return code;
}
