/* Conditions without which the harness cannot work: memory, or a file that it must read.
 *
 *     demand(array != NULL, "no memory for %zu values", n);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_DEMAND_H
#define MOONSWEEP_TESTS_DEMAND_H

#include <stdbool.h>
#include <stddef.h>

/* Unless the condition is met, prints the message to standard error and exits with status 70, which says nothing
 * about any kernel. */
void demand(bool met, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* realloc that exits instead of returning NULL. */
void *demand_memory(void *old, size_t bytes);

#endif
