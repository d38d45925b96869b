/* A list of patches, in the order in which they were added. ms_file_patch_bytes relies on ascending places:
 * ms_pages_check visits the pieces in that order, and the callers add nothing of `pages` itself, which it
 * visits in between.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "patches.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct ms_patches *patches)
{
    const size_t capacity = patches->capacity == 0 ? 16 : 2 * patches->capacity;
    struct ms_file_patch *grown = realloc(patches->list, capacity * sizeof *grown);

    if (grown == NULL)
        return false;
    patches->list = grown;
    patches->capacity = capacity;
    return true;
}

bool ms_patches_add(struct ms_patches *patches, const struct ms_pages_damage *damage)
{
    unsigned char *bytes = malloc(damage->count);

    if (bytes == NULL || (patches->count == patches->capacity && !grow(patches))) {
        free(bytes);
        return false;
    }
    memcpy(bytes, damage->expected, damage->count);
    patches->list[patches->count++] = (struct ms_file_patch){
        .offset = damage->offset, .count = damage->count, .bytes = bytes};
    return true;
}

void ms_patches_free(struct ms_patches *patches)
{
    for (size_t i = 0; i < patches->count; i++)
        free(patches->list[i].bytes);
    free(patches->list);
    *patches = (struct ms_patches){.list = NULL};
}
