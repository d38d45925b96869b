/* Buffers that nobody can leave unseen: pages without access in front and behind, a canary in between.
 *
 *     struct guarded sums;
 *     guarded_open(&sums, "sums", bytes, GUARDED_HIGH);
 *     if (!guarded_call(call, context, &touched))
 *         guarded_say_touched(&sums, 1, touched, text, sizeof text);      // "the 8 bytes behind sums"
 *     else if (guarded_spoiled(&sums))
 *         ... something was written beside sums
 *     guarded_close(&sums);
 *
 * A buffer ends where its pages end, or begins where they begin: what is done one byte behind, or in front, is
 * a fault of the processor's. The rest of the pages holds the canary, whose reals are NaN in either precision, as is
 * what a buffer holds at first: whoever reads there computes with NaN. */
#ifndef MOONSWEEP_TESTS_GUARDED_H
#define MOONSWEEP_TESTS_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

/* Which end of the buffer is the end of its pages. */
enum guarded_end { GUARDED_LOW, GUARDED_HIGH, GUARDED_END_COUNT };

struct guarded {
    const char *name;
    void *begin; /* of the buffer; GUARDED_HIGH: aligned as its size is */
    size_t bytes;
    char *pages; /* those around it that may be touched */
    size_t pages_bytes;
};

/* Room of so many bytes, a multiple of 4 above 0. name is borrowed. */
void guarded_open(struct guarded *guarded, const char *name, size_t bytes, enum guarded_end end);

/* From now on the buffer may only be read. */
void guarded_freeze(const struct guarded *guarded);

/* Whether the canary was written to. */
bool guarded_spoiled(const struct guarded *guarded);

void guarded_close(struct guarded *guarded);

/* Calls call(context). false where that touched what it may not: *touched is the address, as far as the processor
 * says. One call at a time. */
bool guarded_call(void (*call)(void *context), void *context, const void **touched);

/* Says in words where an address is, seen from buffers [count]. */
void guarded_say_touched(const struct guarded *buffers, int count, const void *touched, char *text,
                         size_t size);

#endif
