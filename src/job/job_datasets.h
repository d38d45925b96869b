/* The data sets of a job: every combination of a value of each data axis, in the order samples, noise, seed, split_seed
 * and fold, of which the fold changes fastest.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_JOB_DATASETS_H
#define MOONSWEEP_JOB_JOB_DATASETS_H

#include "keys.h"
#include "moonsweep/job.h"

/* How a data set is made. */
struct ms_job_dataset {
    struct ms_moons moons; /* if the samples are not from a file */
    uint32_t split_seed;   /* unless there is a dev_file */
    int32_t fold;          /* -1: there are no folds */
};

/* Data set number `dataset` of the job. */
struct ms_job_dataset ms_job_dataset(const struct ms_job *job, int32_t dataset);

/* Sets job->grid.n_datasets. Errors: MS_BAD_INPUT, with the key whose value is wrong: there are too many data sets, or
 * too few samples for the folds; moons also if they have too many samples together. */
enum ms_code ms_job_datasets_count(struct ms_job *job, enum ms_key_id *key, struct ms_error *err);

/* Checks that n samples in each of the job's data sets are not too many together. Errors: MS_BAD_INPUT. */
enum ms_code ms_job_datasets_check_samples(const struct ms_job *job, int64_t n, struct ms_error *err);

#endif
