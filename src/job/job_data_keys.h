/* The keys of data, of which some exclude others; and what the samples of files contribute to the meaning of a job. */
#ifndef MOONSWEEP_JOB_JOB_DATA_KEYS_H
#define MOONSWEEP_JOB_JOB_DATA_KEYS_H

#include <stdbool.h>
#include <stdio.h>

#include "keys.h"
#include "moonsweep/job.h"

struct ms_job_data_fault {
    enum ms_key_id key; /* the key that is wrong or missing; MS_KEY_DATA: there are no samples */
    const char *sentence;
};

/* Whether the given keys go together; sets fault if they do not. */
bool ms_job_data_keys_are_right(const bool given[MS_KEY_COUNT], struct ms_job_data_fault *fault);

/* Whether key is one of this job: those of moons are not if the samples are from a file, and those of the split are not
 * if the dev set is. */
bool ms_job_data_has_key(const struct ms_job *job, const struct ms_key *key);

/* Prints the line of a meaning for data.file or data.dev_file: the hash of the samples in place of the name. */
void ms_job_data_print(FILE *out, const struct ms_job *job, const struct ms_key *key);

/* Whether the samples of two jobs are of different kinds, or from files with different contents. */
bool ms_job_data_differ(const struct ms_job *stored, const struct ms_job *job);

/* Prints how the samples differ. */
void ms_job_data_print_change(FILE *out, const struct ms_job *stored, const struct ms_job *job);

#endif
