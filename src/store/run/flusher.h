/* Makes a file durable in a separate thread. A disk may take a third of a second to flush; meanwhile the
 * rank trains, and rank 0 hands out work.
 *
 *     struct ms_flusher *flusher;
 *     ms_flusher_open(descriptor, &flusher)
 *     ticket = ms_flusher_ask(flusher);                 // flushes everything written so far
 *     ... cause = ms_flusher_state(flusher, ticket, &is_done) ...
 *     cause = ms_flusher_wait(flusher, ticket);
 *     ms_flusher_close(flusher);
 *
 * Once a flush has failed, every later one fails too: the system treats the data that it could not write
 * as written, so the next fdatasync would succeed and statuses would become durable whose rows are lost.
 * If no thread can be created, ms_flusher_ask flushes by itself.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_FLUSHER_H
#define MOONSWEEP_STORE_FLUSHER_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/writer.h"

struct ms_flusher;

/* Opens a flusher; false without memory. */
bool ms_flusher_open(int descriptor, struct ms_flusher **flusher);

/* Closes a flusher after any current flush has finished. flusher may be NULL. */
void ms_flusher_close(struct ms_flusher *flusher);

/* Lets another process flush from now on (moonsweep/writer.h); with NULL this process does again. */
void ms_flusher_use_proxy(struct ms_flusher *flusher, const struct ms_writer_proxy *proxy);

/* Sets a function that is called every millisecond while ms_flusher_wait waits. */
void ms_flusher_while_waiting(struct ms_flusher *flusher, void (*serve)(void *context), void *context);

/* Requests a flush of everything written so far. Returns a ticket, larger than all earlier ones. */
uint64_t ms_flusher_ask(struct ms_flusher *flusher);

/* Sets *is_done to whether the flush with that ticket has finished. Returns 0, or the errno of the first
 * flush that failed. */
int ms_flusher_state(struct ms_flusher *flusher, uint64_t ticket, bool *is_done);

/* Waits until the flush with that ticket has finished. Returns the same. */
int ms_flusher_wait(struct ms_flusher *flusher, uint64_t ticket);

#endif
