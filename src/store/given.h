/* The values that a job gives to its result file: tuples, where histories are, the data. One pass over all of
 * them, a contiguous run of rows at a time: creating a file writes each, carrying one on compares.
 *
 *     static enum ms_code write(void *context, const struct ms_given *given, struct ms_error *err) ...
 *     ms_given_each(&shape, spec, write, &file, err); */
#ifndef MOONSWEEP_STORE_GIVEN_H
#define MOONSWEEP_STORE_GIVEN_H

#include <stdint.h>

#include "moonsweep/store.h"
#include "schema.h"

struct ms_given {
    enum ms_variable variable;
    int64_t first, rows;
    const void *values; /* [rows][row bytes] as in the file; of a string variable: const char *[rows] */
};

/* What is done with one run of rows; its error ends the pass. */
typedef enum ms_code ms_given_visit(void *context, const struct ms_given *given, struct ms_error *err);

/* Visits every value of the variables whose initial value is MS_INITIAL_GIVEN; of spec only grid and data sets
 * matter. Errors: MS_NO_MEMORY, and those of visit. */
enum ms_code ms_given_each(const struct ms_shape *shape, const struct ms_store_spec *spec,
                           ms_given_visit *visit, void *context, struct ms_error *err);

#endif
