/* The pages of a result that never change: its structure, the scales and what the job gives. They are known by their
 * hashes and kept a second time in `integrity/pages`, the last dataset of the file, which is found by plain reads: so
 * damage is found, and repaired, before HDF5 follows it.
 *
 *     ms_pages_write(&file, scale_place, err)                      // the last step of making a file
 *     ms_pages_check(path, descriptor, visit, context, &state, err) // before HDF5 opens it
 *
 * What runs write lies between them: a page is hashed without the bytes of those variables. The bytes of `pages`:
 *
 *     copy      every byte that never changes, in the order of the file
 *     hashes    u64, XXH3-64 of each piece: the bytes that never change from one multiple of 4096 to the next, or up to
 *               a variable that runs write
 *     places    {u64 start, u64 bytes, u64 id} of every variable and scale, by ascending start; id is the number of the
 *               variable in the schema, or for scales their number plus the number of variables
 *     hashes and places a second time; zeros
 *     footer    64 bytes, twice: the last bytes of the file */
#ifndef MOONSWEEP_STORE_PAGES_H
#define MOONSWEEP_STORE_PAGES_H

#include "file.h"

enum { MS_PAGE_BYTES = 4096, MS_PAGES_STRUCTURE = -1 };

/* Bytes that `pages` needs where so many never change. */
int64_t ms_pages_room(int64_t final);

/* Fills `pages` of a file that holds everything else. scale_place: where the values of each scale are; 0: it has none.
 * Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_INTERNAL (`pages` is not the last dataset). */
enum ms_code ms_pages_write(const struct ms_file *file, const uint64_t scale_place[MS_DIM_COUNT],
                            struct ms_error *err);

/* Consecutive bytes of one variable, or of the structure, that are not what they were. */
struct ms_pages_damage {
    int id;          /* the variable; MS_VARIABLE_COUNT plus the dimension of a scale; MS_PAGES_STRUCTURE */
    uint64_t offset; /* in the file */
    uint64_t start;  /* where the variable or scale begins */
    size_t count;
    const unsigned char *stored, *due; /* [count]; due NULL: nobody knows, the copy is damaged too */
};
typedef void ms_pages_visit(void *context, const struct ms_pages_damage *damage);

enum ms_pages_state {
    MS_PAGES_OK,
    MS_PAGES_REPAIRABLE, /* damaged, and it is known what everything was */
    MS_PAGES_DAMAGED,    /* damaged where that is not known */
    MS_PAGES_NONE /* the file has no such pages: it is no result, is cut off, or another program has rewritten it */
};

/* Visits all damage. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_pages_check(const char *path, int descriptor, ms_pages_visit *visit, void *context,
                            enum ms_pages_state *state, struct ms_error *err);

/* Whether the file ends as one with such pages does. */
bool ms_pages_are_there(int descriptor);

/* The format version that such an end says, of this program or another one; 0: there is no such end. */
uint32_t ms_pages_version(int descriptor);

#endif
