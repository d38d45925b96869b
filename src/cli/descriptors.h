/* The standard descriptors 0, 1 and 2, one of which whoever starts a program may have closed (`2>&-`). */
#ifndef MOONSWEEP_CLI_DESCRIPTORS_H
#define MOONSWEEP_CLI_DESCRIPTORS_H

#include <stdbool.h>

/* Occupies those that are closed: the next file opened would get their number, a result even, and whatever is meant for
 * the user would be written into it. Reading from them or writing to them fails afterwards as it did before. False where
 * one cannot be occupied: then nothing may be opened. */
bool descriptors_occupy(void);

#endif
