/* The samples of a job that are from files. */
#ifndef MOONSWEEP_JOB_JOB_DATA_FILE_H
#define MOONSWEEP_JOB_JOB_DATA_FILE_H

#include "moonsweep/job.h"

/* Reads the files of the job, splits the samples if there is no file for the dev set, and sets names. The caller frees
 * dataset. Errors: those of ms_job_data. */
enum ms_code ms_job_data_file(const struct ms_job *job, const struct ms_stop_request *stop,
                              struct ms_dataset *dataset, struct ms_error *err);

#endif
