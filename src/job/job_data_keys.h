/* The keys of data, of which some exclude others; and what the samples of files contribute to the meaning of a job.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
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
 * if the dev set is. There is either a dev_fraction or a number of folds. */
bool ms_job_data_has_key(const struct ms_job *job, const struct ms_key *key);

/* Prints the line of a meaning for data.file or data.dev_file: the hash of the samples in place of the name. */
void ms_job_data_print(FILE *out, const struct ms_job *job, const struct ms_key *key);

/* What may be different in the data of two jobs besides the values of keys: where the samples are from, how the dev set
 * is chosen, and the contents of files. Contents also differ if any of the others or a value of a key does. */
enum ms_job_data_change {
    MS_JOB_DATA_SOURCE,
    MS_JOB_DATA_DEV_SET,
    MS_JOB_DATA_CONTENTS,
    MS_JOB_DATA_CHANGE_COUNT
};

/* Whether the data of two jobs differ in this. */
bool ms_job_data_differ(enum ms_job_data_change change, const struct ms_job *stored,
                        const struct ms_job *job);

/* Prints how they differ in it. */
void ms_job_data_print_change(FILE *out, enum ms_job_data_change change, const struct ms_job *stored,
                              const struct ms_job *job);

#endif
