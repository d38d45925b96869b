/* What a job puts into its result file: what each configuration is asked for, where the costs are, the data. One pass over
 * all of it, a contiguous run of rows at a time.
 *
 *     static enum ms_code write(void *context, const struct ms_job_input *input, struct ms_error *err) ...
 *     ms_job_inputs_each(&shape, spec, write, &file, err); */
#ifndef MOONSWEEP_STORE_JOB_INPUTS_H
#define MOONSWEEP_STORE_JOB_INPUTS_H

#include <stdint.h>

#include "moonsweep/row.h"
#include "moonsweep/writer.h"
#include "schema.h"

struct ms_job_input {
    enum ms_variable variable;
    int64_t first, rows;
    const void *values; /* [rows][row bytes] as in the file */
};

/* What is done with one run of rows; its error ends the pass. */
typedef enum ms_code ms_job_input_visit(void *context, const struct ms_job_input *input,
                                        struct ms_error *err);

/* Visits every value of the variables that the job gives. Errors: MS_NO_MEMORY, and those of visit. */
enum ms_code ms_job_inputs_each(const struct ms_shape *shape, const struct ms_writer_spec *spec,
                                ms_job_input_visit *visit, void *context, struct ms_error *err);

/* What configuration index of the grid is asked for; all else of row is 0. */
void ms_job_input_row(const struct ms_grid *grid, int64_t index, struct ms_row *row);

#endif
