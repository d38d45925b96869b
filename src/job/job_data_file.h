/* The samples of a job that are from files.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_JOB_DATA_FILE_H
#define MOONSWEEP_JOB_JOB_DATA_FILE_H

#include "moonsweep/job.h"

/* Reads the files of the job: sets train to the samples of data.file, dev to those of data.dev_file, if there is one, and
 * names. The caller frees *read. Errors: those of ms_job_data. */
enum ms_code ms_job_data_file(const struct ms_job *job, const struct ms_stop_request *stop,
                              struct ms_dataset *read, struct ms_error *err);

#endif
