/* Parts of one block of memory: what is used together is allocated at once.
 *
 *     struct ms_arena arena = {.memory = NULL};     // counts the bytes of all parts
 *     place(&arena, &parts);
 *     arena = (struct ms_arena){.memory = ms_reals_alloc_bytes(arena.used)};
 *     place(&arena, &parts);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_ARENA_H
#define MOONSWEEP_TRAIN_ARENA_H

#include <stddef.h>

struct ms_arena {
    char *memory; /* borrowed, aligned to MS_ARENA_ALIGNMENT; NULL: parts are only counted */
    size_t used;  /* bytes of the parts taken so far */
};

enum { MS_ARENA_ALIGNMENT = 64 }; /* bytes of a virtual vector, in either precision */

/* Returns the next part, aligned to MS_ARENA_ALIGNMENT, with undefined contents; NULL if parts are only counted. */
static inline void *ms_arena_take(struct ms_arena *arena, size_t bytes)
{
    char *part = arena->memory == NULL ? NULL : arena->memory + arena->used;

    arena->used += (bytes + MS_ARENA_ALIGNMENT - 1) / MS_ARENA_ALIGNMENT * MS_ARENA_ALIGNMENT;
    return part;
}

#endif
