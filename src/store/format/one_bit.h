/* One bit that flipped: a checksum that does not hold says only that something is wrong; if it holds with a single bit
 * turned back, that bit is what is wrong, and no half-written value looks like that. */
#ifndef MOONSWEEP_STORE_ONE_BIT_H
#define MOONSWEEP_STORE_ONE_BIT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether bytes, which context knows, hold their checksum as they are now. */
typedef bool ms_one_bit_is_ok(const void *context);

/* Turns each bit of bytes[count] over in turn, one at a time, until holds says so; the bit stays turned then, and *byte
 * is where it is. False, bytes as before: there is none, or looking for it would take longer than a second (the
 * checksum covers `covered` bytes). */
bool ms_one_bit_find(unsigned char *bytes, size_t count, size_t covered, ms_one_bit_is_ok *is_ok,
                     const void *context, size_t *byte);

#endif
