/* The weights of the classes in a job: the key class_weight.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_JOB_WEIGHT_H
#define MOONSWEEP_JOB_JOB_WEIGHT_H

#include <stdio.h>

#include "moonsweep/class_weight.h"
#include "moonsweep/job.h"
#include "node.h"

/* Reads "none", "balanced", or a list of two numbers that are above 0 in the precision of the job. Errors:
 * MS_BAD_INPUT. */
enum ms_code ms_job_weight_read(const struct ms_nodes *nodes, const yaml_node_t *node,
                                struct ms_class_weight *class_weight);

/* Prints the line of a meaning. A job without weights has none. */
void ms_job_weight_print(FILE *out, const struct ms_job *job);

bool ms_job_weight_differs(const struct ms_job *stored, const struct ms_job *job);

/* Prints how the weights differ. */
void ms_job_weight_print_change(FILE *out, const struct ms_job *stored, const struct ms_job *job);

#endif
