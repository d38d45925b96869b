/* A result file in memory, and changes to the values in it, written as text:
 *
 *     # why                                a comment
 *     status 3 9                           status[3] = 9
 *     runs/id -1 18446744073709551615      elements are counted through all dimensions of a variable; negative: from its end
 *     word -32 5                           eight bytes of integrity/pages: word -32 begins 32 bytes before its end
 *     rehash 3                               both checksums of configuration 3 become right again
 *     rehash-slot 1                          so does that of a checkpoint, rehash-run that of a run, rehash-lease that of a lease
 *     pages 0                              integrity/pages becomes right for what the file holds
 *     footer 0                             its two footers and tables become alike, with right hashes, whatever they say
 *
 * What cannot be done (an unknown name, an index beyond the end) is left undone. */
#ifndef MOONSWEEP_TESTS_RESULT_PATCH_H
#define MOONSWEEP_TESTS_RESULT_PATCH_H

#include <stddef.h>

#include "store/format/schema.h"

/* The bytes of a result file and where in them each variable is. */
struct result_image {
    unsigned char *bytes; /* [count] owned */
    size_t count;
    size_t offset[MS_VARIABLE_COUNT];
    size_t elements[MS_VARIABLE_COUNT];
    size_t width[MS_VARIABLE_COUNT];    /* bytes of an element */
    uint64_t scale_place[MS_DIM_COUNT]; /* of the values of a scale; 0: it has none */
};

/* Takes in the result file at path. */
void result_image_read(const char *path, struct result_image *image);

/* Writes the bytes to path, an existing file, as all that it has. */
void result_image_write(const char *path, const unsigned char *bytes, size_t count);

/* Changes the bytes of image by text[count]. path: an existing file that may be overwritten meanwhile. */
void result_patch(struct result_image *image, const char *path, const char *text, size_t count);

#endif
