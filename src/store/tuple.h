/* The tuples: what each configuration is asked for. They follow from the grid, are written when the file is made, and
 * must be the same whenever it is carried on: a result is committed beside its tuple. */
#ifndef MOONSWEEP_STORE_TUPLE_H
#define MOONSWEEP_STORE_TUPLE_H

#include "file.h"
#include "moonsweep/grid.h"

/* Whether variable, which has the dimension config, is part of the tuple. */
bool ms_tuple_has(enum ms_variable variable);

/* Fills values[count] with that variable of configs[count]: in the type of the file, texts as pointers. */
void ms_tuple_fill(enum ms_variable variable, int64_t count, const struct ms_config *configs, void *values);

/* Compares the tuples in file with those of the grid. Errors: MS_BAD_INPUT (the first that differs), MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_tuple_check(const struct ms_file *file, const struct ms_grid *grid, struct ms_error *err);

#endif
