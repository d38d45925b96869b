/* The job inputs: the values of a result file that follow from the job and never change. They are the
 * parameters of each configuration, the places of the costs, and the data. ms_job_inputs_each visits all
 * of them, several consecutive rows at a time.
 *
 *     static enum ms_code write(void *context, const struct ms_job_input *input, struct ms_error *err) ...
 *     ms_job_inputs_each(&shape, spec, write, &file, err);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_JOB_INPUTS_H
#define MOONSWEEP_STORE_JOB_INPUTS_H

#include <stdint.h>

#include "moonsweep/row.h"
#include "moonsweep/writer.h"
#include "schema.h"

struct ms_job_input {
    enum ms_variable variable;
    int64_t first, rows;
    const void *values; /* [rows][row bytes], as in the file */
};

/* Receives some consecutive rows. An error ends the pass. */
typedef enum ms_code ms_job_input_visit(void *context, const struct ms_job_input *input,
                                        struct ms_error *err);

/* Visits all values of the job inputs. Errors: MS_NO_MEMORY, and those of visit. */
enum ms_code ms_job_inputs_each(const struct ms_shape *shape, const struct ms_writer_spec *spec,
                                ms_job_input_visit *visit, void *context, struct ms_error *err);

/* Sets the job inputs of configuration number index in row, and everything else in it to 0. */
void ms_job_input_row(const struct ms_grid *grid, int64_t index, struct ms_row *row);

#endif
