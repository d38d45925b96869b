/* Makes a file durable in a thread of its own: a disk may take a third of a second for it, in which its rank trains, and
 * rank 0 hands out work.
 *
 *     struct ms_flusher *flusher;
 *     ms_flusher_open(descriptor, &flusher)
 *     ticket = ms_flusher_ask(flusher);                 // everything written so far
 *     ... cause = ms_flusher_state(flusher, ticket, &is_done) ...
 *     cause = ms_flusher_wait(flusher, ticket);
 *     ms_flusher_close(flusher);
 *
 * Once a flush has failed every later one does: the system takes what it could not write for written, so that the next
 * call would make statuses durable whose rows are lost. Where there can be no thread, asking does the work. */
#ifndef MOONSWEEP_STORE_FLUSHER_H
#define MOONSWEEP_STORE_FLUSHER_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/writer.h"

struct ms_flusher;

/* False: no memory. */
bool ms_flusher_open(int descriptor, struct ms_flusher **flusher);

/* NULL is harmless. Waits for a flush that is under way. */
void ms_flusher_close(struct ms_flusher *flusher);

/* Another process that does it from here on (moonsweep/writer.h); NULL: none. */
void ms_flusher_use_proxy(struct ms_flusher *flusher, const struct ms_writer_proxy *proxy);

/* Something to be done every millisecond while ms_flusher_wait waits. */
void ms_flusher_while_waiting(struct ms_flusher *flusher, void (*serve)(void *context), void *context);

/* Asks for a flush of everything that was written before. The ticket is larger than all before it. */
uint64_t ms_flusher_ask(struct ms_flusher *flusher);

/* Sets *is_done to whether the flush of a ticket is over; returns 0, or the errno of the first one that failed. */
int ms_flusher_state(struct ms_flusher *flusher, uint64_t ticket, bool *is_done);

/* The same, when it is over. */
int ms_flusher_wait(struct ms_flusher *flusher, uint64_t ticket);

#endif
