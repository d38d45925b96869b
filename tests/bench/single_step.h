/* Counts the instructions that a call executes, by single-stepping through it.
 *
 *     if (single_step_call(work, context, &err) == MS_OK)
 *         for (int i = 0; i < single_step_addresses(&counts); i++)
 *             ... counts[i].address was executed counts[i].executed times ...
 *
 * The processor traps after every instruction (the trap flag of x86-64), which takes about a microsecond each. This
 * needs no permission to trace, so it works in containers. Only one call at a time in a process, since the signal
 * handler counts in static memory.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_SINGLE_STEP_H
#define MOONSWEEP_BENCH_SINGLE_STEP_H

#include <stdint.h>

#include "moonsweep/error.h"

struct single_step_count {
    const void *address;
    int64_t executed;
};

/* Calls work(context) and counts. Errors: MS_INTERNAL if the processor does not support it, or if work has more
 * instructions than the table can hold. */
enum ms_code single_step_call(void (*work)(void *context), void *context, struct ms_error *err);

/* Sets *counts to the addresses that the last call executed, in any order, and returns their number. Entries with
 * executed = 0 are unused. *counts is valid until the next call. */
int single_step_addresses(const struct single_step_count **counts);

#endif
