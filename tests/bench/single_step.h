/* Counts the instructions that a call executes, by stepping through it one at a time.
 *
 *     if (single_step_call(work, context, &err) == MS_OK)
 *         for (int i = 0; i < single_step_addresses(&counts); i++)
 *             ... counts[i].address was executed counts[i].executed times ...
 *
 * The processor traps after every instruction (its trap flag), which costs about a microsecond each. It needs no
 * right to trace, so it works in containers; only x86-64 has the flag. One call at a time in a process: what a
 * signal handler counts has to be static. */
#ifndef MOONSWEEP_BENCH_SINGLE_STEP_H
#define MOONSWEEP_BENCH_SINGLE_STEP_H

#include <stdint.h>

#include "moonsweep/error.h"

struct single_step_count {
    const void *address;
    int64_t executed;
};

/* Calls work(context) and counts. Errors: MS_INTERNAL where the processor cannot, or when work has more
 * instructions than there is room for. */
enum ms_code single_step_call(void (*work)(void *context), void *context, struct ms_error *err);

/* The addresses that the last call executed, in no order; *counts is valid until the next one. Some have executed
 * 0. Returns how many. */
int single_step_addresses(const struct single_step_count **counts);

#endif
