/* Holds texts of both kinds in one array: those of fixed length themselves, with their padding, and pointers
 * to those of variable length, which HDF5 has allocated and has to free.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_texts.h"

#include <stdlib.h>
#include <string.h>

#include "hdf5_call.h"

enum ms_code ms_array_texts_make(const char *path, hid_t type, size_t count, struct ms_array_texts *texts,
                                 struct ms_error *err)
{
    *texts = (struct ms_array_texts){.type = H5Tcopy(type),
                                     .is_variable = H5Tis_variable_str(type) > 0,
                                     .padding = H5Tget_strpad(type),
                                     .count = count};
    texts->width = texts->is_variable ? sizeof(char *) : H5Tget_size(type);
    texts->values = calloc(count, texts->width);
    if (texts->type < 0 || texts->width == 0 || texts->values == NULL)
        return ms_fail_memory(err, path, "for its texts");
    return MS_OK;
}

const char *ms_array_texts_get(const struct ms_array_texts *texts, size_t i, size_t *length)
{
    const char *text = (const char *)texts->values + i * texts->width;

    if (texts->is_variable) {
        text = ((char *const *)texts->values)[i];
        *length = text != NULL ? strlen(text) : 0;
        return text != NULL ? text : "";
    }
    *length = strnlen(text, texts->width);
    while (texts->padding == H5T_STR_SPACEPAD && *length > 0 && text[*length - 1] == ' ')
        --*length;
    return text;
}

void ms_array_texts_free(struct ms_array_texts *texts)
{
    for (size_t i = 0; texts->is_variable && texts->values != NULL && i < texts->count; i++)
        (void)H5free_memory(((char **)texts->values)[i]);
    free(texts->values);
    ms_hdf5_close(texts->type, H5Tclose);
}
