/* The pages of a result that never change: its structure, the scales and the job inputs.
 * `integrity/pages`, the last dataset of the file, contains their hashes and a second copy of them. It is
 * found by plain reads, so corruption is detected and repaired before HDF5 reads the structure.
 *
 *     ms_pages_write(&file, scale_place, stop, err)                  // the last step of creating a file
 *     ms_pages_check(path, descriptor, visit, context, &state, err) // before HDF5 opens the file
 *
 * The variables that runs write are between these pages; a page is hashed without the bytes of those
 * variables. The bytes of `pages`:
 *
 *     copy      every byte that never changes, in the order of the file
 *     hashes    u64, XXH3-64 of each piece: the bytes that never change from one multiple of 4096 to the next, or up to
 *               a variable that runs write
 *     places    {u64 start, u64 bytes, u64 id} of every variable and scale, by ascending start; id is the number of the
 *               variable in the schema, or for scales their number plus the number of variables
 *     hashes and places a second time; zeros
 *     footer    64 bytes, twice: the last bytes of the file
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_PAGES_H
#define MOONSWEEP_STORE_PAGES_H

#include "file.h"

enum {
    MS_PAGE_BYTES = 4096,
    MS_PAGES_STRUCTURE = -1,
    MS_PAGES_IDS = MS_VARIABLE_COUNT + MS_DIM_COUNT /* of the variables, and then of the scales */
};

/* Returns the size that `pages` needs if `final` bytes of the file never change. */
int64_t ms_pages_room(int64_t final);

/* Fills `pages` of a file in which everything else has been written. scale_place has the place of the
 * values of each scale; 0 if it has none. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_INTERNAL (`pages` is not
 * the last dataset), MS_WORK_LEFT if stop (may be NULL) asked for an early end. */
enum ms_code ms_pages_write(const struct ms_file *file, const uint64_t scale_place[MS_DIM_COUNT],
                            const struct ms_stop_request *stop, struct ms_error *err);

/* Consecutive corrupt bytes of one variable, or of the structure. */
struct ms_pages_damage {
    int id; /* the variable, MS_VARIABLE_COUNT plus the dimension of a scale, or MS_PAGES_STRUCTURE */
    uint64_t offset; /* in the file */
    uint64_t start;  /* where the variable or scale begins */
    size_t count;
    const unsigned char *stored,
        *expected; /* [count]; expected is NULL if unknown, since the copy is corrupt too */
};
typedef void ms_pages_visit(void *context, const struct ms_pages_damage *damage);

enum ms_pages_state {
    MS_PAGES_OK,
    MS_PAGES_REPAIRABLE, /* corrupt, but all original bytes are known */
    MS_PAGES_DAMAGED,    /* corrupt, and some original bytes are unknown */
    MS_PAGES_NONE        /* no such pages: not a result, truncated, or rewritten by another program */
};

/* Visits all corrupt bytes. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_pages_check(const char *path, int descriptor, ms_pages_visit *visit, void *context,
                            enum ms_pages_state *state, struct ms_error *err);

/* Where a variable or a scale is in the file. id is as in struct ms_pages_damage, and never MS_PAGES_STRUCTURE. */
struct ms_pages_place {
    uint64_t start, bytes, id;
};

/* Reads the table of places, by ascending place, with `pages` itself as the last one. *count is 0 if there is none. The
 * caller frees *places. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_pages_places(const struct ms_file *file, struct ms_pages_place **places, size_t *count,
                             struct ms_error *err);

/* Returns whether the file ends with the footers of such pages. */
bool ms_pages_are_there(int descriptor);

/* Returns the format version in those footers, which may be one that this program does not know; 0 if
 * there are no footers. */
uint32_t ms_pages_version(int descriptor);

#endif
