/* The right bytes of what is corrupt in a file, as ms_pages_check visits it.
 *
 *     static void visit(void *context, const struct ms_pages_damage *damage) ... ms_patches_add(patches, damage) ...
 *     file.patches = patches.list, file.n_patches = patches.count;
 *     ms_patches_free(&patches);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_PATCHES_H
#define MOONSWEEP_STORE_PATCHES_H

#include "pages.h"

struct ms_patches {
    struct ms_file_patch *list; /* [count] owned, by ascending offset */
    size_t count, capacity;
};

/* Adds the expected bytes of damage, which are known; false without memory. */
bool ms_patches_add(struct ms_patches *patches, const struct ms_pages_damage *damage);

void ms_patches_free(struct ms_patches *patches);

#endif
