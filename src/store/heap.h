/* The texts of a variable-length variable: from the references that its elements are, through HDF5's global heap, to
 * the characters.
 *
 *     char texts[100][16];
 *     ms_heap_texts(descriptor, file_bytes, offset, 100, 16, texts[0])
 *
 * HDF5 (1.10) follows a reference without a look at it: one flipped bit ends the program, or makes it ask for 4 GB.
 * These references are data, which a disk may damage, so they are followed here, within bounds. (Those of attributes
 * are metadata: HDF5 alone knows where they are.) */
#ifndef MOONSWEEP_STORE_HEAP_H
#define MOONSWEEP_STORE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MS_HEAP_REFERENCE = 16 }; /* bytes of an element */

/* Reads the count elements at offset of the file, which has file_bytes, into texts[count][size]; what leads to no text
 * that fits becomes an empty one. False, with errno, where reading fails or no memory is left. */
bool ms_heap_texts(int file, uint64_t file_bytes, uint64_t offset, size_t count, size_t size, char *texts);

/* Mends the element at offset where one flipped bit keeps it from being text: a bit of the text itself, or of the
 * reference. The file is open for reading and writing. False (errno 0 where it is more than a bit): nothing was changed.
 * ms_heap_can_mend: whether it would; the file need not be open for writing. */
bool ms_heap_can_mend(int file, uint64_t file_bytes, uint64_t offset, const char *text);
bool ms_heap_mend(int file, uint64_t file_bytes, uint64_t offset, const char *text);

#endif
