/* The tuples: what each configuration is asked for. They follow from the grid, are written when the file is made, and
 * are put back when it is carried on: a result is committed beside its tuple. */
#ifndef MOONSWEEP_STORE_TUPLE_H
#define MOONSWEEP_STORE_TUPLE_H

#include <stdbool.h>

#include "moonsweep/grid.h"
#include "schema.h"

/* Whether variable, which has the dimension config, is part of the tuple. */
bool ms_tuple_has(enum ms_variable variable);

/* Fills values[count] with that variable of configs[count]: in the type of the file, texts as pointers. */
void ms_tuple_fill(enum ms_variable variable, int64_t count, const struct ms_config *configs, void *values);

#endif
