/* Writes attributes, reads single values and lists, and finally checks that all attributes of an object can
 * be read. An attribute of another kind counts as missing; only lack of memory is an error. Texts that HDF5
 * has allocated are copied, so that callers free them by free.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "attributes.h"

#include <stdlib.h>
#include <string.h>

#include "hdf5_call.h"

/* Writes an attribute of count elements (0 for a scalar) of file_type from memory of memory_type. */
static bool write_attribute(hid_t object, const char *name, size_t count, hid_t file_type, hid_t memory_type,
                            const void *values)
{
    hsize_t size = count;
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
    hid_t attribute = H5I_INVALID_HID;
    bool ok = false;

    if (space < 0)
        goto cleanup;
    attribute = H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    ok = attribute >= 0 && H5Awrite(attribute, memory_type, values) >= 0;
cleanup:
    ms_hdf5_close(attribute, H5Aclose);
    ms_hdf5_close(space, H5Sclose);
    return ok;
}

/* Returns the type of variable-length UTF-8 text, negative on failure; the caller closes it. */
static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        (void)H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}

bool ms_attribute_write_texts(hid_t object, const char *name, size_t count, const char *const *texts)
{
    hid_t type = text_type();
    bool ok = type >= 0 && write_attribute(object, name, count, type, type, texts);

    ms_hdf5_close(type, H5Tclose);
    return ok;
}

bool ms_attribute_write_text(hid_t object, const char *name, const char *text)
{
    return ms_attribute_write_texts(object, name, 0, &text);
}

bool ms_attribute_write_i32(hid_t object, const char *name, int32_t value)
{
    return write_attribute(object, name, 0, H5T_STD_I32LE, H5T_NATIVE_INT32, &value);
}

bool ms_attribute_write_u8s(hid_t object, const char *name, size_t count, const uint8_t *values)
{
    return write_attribute(object, name, count, H5T_STD_U8LE, H5T_NATIVE_UINT8, values);
}

bool ms_attribute_write_mark(hid_t object, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    bool ok = type >= 0 && H5Tset_size(type, strlen(text) + 1) >= 0 &&
              write_attribute(object, name, 0, type, type, text);

    ms_hdf5_close(type, H5Tclose);
    return ok;
}

/* Opens the scalar attribute name if it has the class; negative otherwise. */
static hid_t open_scalar(hid_t object, const char *name, H5T_class_t class)
{
    hid_t attribute = H5I_INVALID_HID, type = H5I_INVALID_HID, space = H5I_INVALID_HID;
    bool ok = false;

    if (H5Aexists(object, name) <= 0)
        return H5I_INVALID_HID;
    attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return H5I_INVALID_HID;
    type = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    ok = type >= 0 && space >= 0 && H5Tget_class(type) == class && H5Sget_simple_extent_npoints(space) == 1;
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(space, H5Sclose);
    if (!ok) {
        (void)H5Aclose(attribute);
        return H5I_INVALID_HID;
    }
    return attribute;
}

/* Returns the text of an attribute whose texts have a fixed length, as netCDF writes them; NULL if it is not one, or
 * cannot be read. */
static char *read_fixed_text(hid_t attribute)
{
    const hid_t type = H5Aget_type(attribute);
    const size_t bytes = type < 0 || H5Tis_variable_str(type) != 0 ? 0 : H5Tget_size(type);
    char *text = bytes > 0 ? calloc(1, bytes + 1) : NULL;

    if (text != NULL && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
    ms_hdf5_close(type, H5Tclose);
    return text;
}

enum ms_code ms_attribute_read_text(const char *path, hid_t object, const char *name, char **text,
                                    struct ms_error *err)
{
    hid_t attribute = open_scalar(object, name, H5T_STRING);
    hid_t type = text_type();
    char *stored = NULL, *copy = attribute >= 0 ? read_fixed_text(attribute) : NULL;
    enum ms_code code = MS_OK;

    /* If HDF5 fails for a reason other than memory, the attribute is a text of another kind. */
    if (attribute >= 0 && copy == NULL && (type < 0 || H5Aread(attribute, type, &stored) < 0) &&
        ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the attribute %s cannot be read", path, name) == MS_NO_MEMORY)
        code = MS_NO_MEMORY;
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(attribute, H5Aclose);
    if (code != MS_OK)
        return code;
    /* HDF5 must free the text that it allocated; the copy can be freed with free. */
    if (stored != NULL) {
        copy = strdup(stored);
        (void)H5free_memory(stored);
        if (copy == NULL)
            return ms_fail_memory(err, path, "for the attribute %s", name);
    }
    *text = copy;
    return MS_OK;
}

bool ms_attribute_read_i32(hid_t object, const char *name, int32_t *value)
{
    hid_t attribute = open_scalar(object, name, H5T_INTEGER);
    bool ok = attribute >= 0 && H5Aread(attribute, H5T_NATIVE_INT32, value) >= 0;

    ms_hdf5_close(attribute, H5Aclose);
    return ok;
}

/* ---- lists ------------------------------------------------------------------------------------------ */

/* Opens the attribute name if it has count elements (0 for a scalar) of exactly that type; negative
 * otherwise. */
static hid_t open_exact(hid_t object, const char *name, size_t count, hid_t type)
{
    hid_t attribute = H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : H5I_INVALID_HID;
    hid_t found = H5I_INVALID_HID, space = H5I_INVALID_HID;
    hsize_t extent = 0;
    bool ok = false;

    if (attribute < 0 || type < 0)
        goto cleanup;
    found = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    if (found < 0 || space < 0 || H5Tequal(found, type) <= 0)
        goto cleanup;
    ok = count == 0 ? H5Sget_simple_extent_type(space) == H5S_SCALAR
                    : H5Sget_simple_extent_ndims(space) == 1 &&
                          H5Sget_simple_extent_dims(space, &extent, NULL) == 1 && extent == count;
cleanup:
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(found, H5Tclose);
    if (ok)
        return attribute;
    ms_hdf5_close(attribute, H5Aclose);
    return H5I_INVALID_HID;
}

/* Reads all of an attribute that open_exact returned, even if negative. *is is false if HDF5 cannot read
 * it, for lack of memory or for any other reason. */
static enum ms_code read_exact(hid_t attribute, const char *name, hid_t type, void *values, bool *is,
                               struct ms_error *err)
{
    *is = false;
    if (values == NULL)
        return ms_fail_memory(err, NULL, "for the attribute %s", name);
    if (attribute < 0)
        return MS_OK;
    *is = H5Aread(attribute, type, values) >= 0;
    return !*is && ms_hdf5_fail(err, MS_BAD_INPUT, "the attribute %s cannot be read", name) == MS_NO_MEMORY
               ? MS_NO_MEMORY
               : MS_OK;
}

/* Returns one allocation with pointers to copies of texts[count], followed by the copies; NULL without
 * memory. */
static const char **copy_texts(size_t count, char *const *texts)
{
    size_t bytes = count * sizeof(char *);
    const char **copies;
    char *at;

    for (size_t i = 0; i < count; i++)
        bytes += strlen(texts[i]) + 1;
    copies = malloc(bytes);
    if (copies == NULL)
        return NULL;
    at = (char *)(copies + count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]) + 1;

        memcpy(at, texts[i], length);
        copies[i] = at;
        at += length;
    }
    return copies;
}

enum ms_code ms_attribute_read_texts(hid_t object, const char *name, size_t count, const char ***texts,
                                     struct ms_error *err)
{
    hid_t type = text_type();
    hid_t attribute = open_exact(object, name, count, type);
    char **stored = calloc(count, sizeof *stored);
    const char **copies = NULL;
    bool is;
    enum ms_code code = read_exact(attribute, name, type, stored, &is, err);

    for (size_t i = 0; is && i < count; i++)
        is = stored[i] != NULL;
    if (is) {
        copies = copy_texts(count, stored);
        if (copies == NULL)
            code = ms_fail_memory(err, NULL, "for the attribute %s", name);
    }
    for (size_t i = 0; stored != NULL && i < count; i++)
        (void)H5free_memory(stored[i]);
    free(stored);
    ms_hdf5_close(attribute, H5Aclose);
    ms_hdf5_close(type, H5Tclose);
    if (code == MS_OK)
        *texts = copies;
    return code;
}

/* ---- all of them ------------------------------------------------------------------------------------ */

/* Reads the values of an attribute, and discards them. */
static bool read_values(hid_t attribute, hid_t type, hid_t space, uint64_t most)
{
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    const size_t width = H5Tget_size(type);
    void *values;
    bool is;

    if (count < 0 || (uint64_t)count > most || width == 0)
        return false;
    values = calloc((size_t)count + 1, width); /* an attribute may have no value */
    is = values != NULL && H5Aread(attribute, type, values) >= 0;
    if (is)
        (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, values);
    free(values);
    return is;
}

static herr_t read_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    const uint64_t *most = context;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t stored = attribute < 0 ? H5I_INVALID_HID : H5Aget_type(attribute);
    const hid_t type = stored < 0 ? H5I_INVALID_HID : H5Tget_native_type(stored, H5T_DIR_ASCEND);
    const hid_t space = attribute < 0 ? H5I_INVALID_HID : H5Aget_space(attribute);
    const bool is = type >= 0 && space >= 0 && read_values(attribute, type, space, *most);

    (void)info;
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(stored, H5Tclose);
    ms_hdf5_close(attribute, H5Aclose);
    return is ? 0 : -1;
}

bool ms_attributes_are_readable(hid_t object, uint64_t most)
{
    return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, read_attribute, &most) >= 0;
}
