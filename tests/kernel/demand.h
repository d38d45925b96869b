/* What the harness itself cannot do without: memory, a file that it was told to read.
 *
 *     demand(array != NULL, "no memory for %zu values", n);
 */
#ifndef MOONSWEEP_TESTS_DEMAND_H
#define MOONSWEEP_TESTS_DEMAND_H

#include <stdbool.h>
#include <stddef.h>

/* Unless it is met, prints the sentence to standard error and ends the program with 70: nothing was found out
 * about any kernel. */
void demand(bool met, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* realloc that is met. */
void *demand_memory(void *old, size_t bytes);

#endif
