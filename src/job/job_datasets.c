/* Finds how a data set is made from its number, by dividing the positions on the axes out of it, beginning
 * with the one that changes fastest; and bounds the number of data sets and of their samples, without
 * products that could overflow.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_datasets.h"

#include <inttypes.h>

/* A result is made on rank 0 with all samples in memory. */
static const int64_t most_samples = INT32_MAX;

/* Returns the position on an axis of this length, and divides it out of index. An axis that the job does not have is 0
 * long, and has the only position 0. */
static int32_t take_position(int32_t *index, int32_t length)
{
    const int32_t position = length > 0 ? *index % length : 0;

    *index /= length > 0 ? length : 1;
    return position;
}

struct ms_job_dataset ms_job_dataset(const struct ms_job *job, int32_t dataset)
{
    const struct ms_data_axes *axes = &job->axes;
    const int32_t fold = take_position(&dataset, job->folds);
    const int32_t split_seed = take_position(&dataset, axes->n_split_seed);
    const int32_t seed = take_position(&dataset, axes->n_seed);
    const int32_t noise = take_position(&dataset, axes->n_noise);
    struct ms_job_dataset found = {.fold = job->folds > 0 ? fold : -1};

    if (axes->n_split_seed > 0)
        found.split_seed = axes->split_seed[split_seed];
    if (job->data_file == NULL)
        found.moons = (struct ms_moons){
            .samples = axes->samples[dataset], .noise = axes->noise[noise], .seed = axes->seed[seed]};
    return found;
}

static enum ms_code fail_samples(int64_t samples, int32_t datasets, struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT,
                   "the %" PRId32 " data sets have %" PRId64
                   " samples together; they may have at most %" PRId64,
                   datasets, samples, most_samples);
}

enum ms_code ms_job_datasets_check_samples(const struct ms_job *job, int64_t n, struct ms_error *err)
{
    const int32_t datasets = job->grid.n_datasets;

    return datasets == 1 || n <= most_samples / datasets ? MS_OK : fail_samples(n * datasets, datasets, err);
}

/* The number of samples in all data sets of moons together. Each data set has at most 2^31, so that the sum of 10000
 * does not overflow. */
static int64_t sum_samples(const struct ms_job *job)
{
    int64_t samples = 0;

    for (int32_t i = 0; i < job->axes.n_samples; i++)
        samples += job->axes.samples[i] * (job->grid.n_datasets / job->axes.n_samples);
    return samples;
}

/* Returns the number of data sets, or -1 if there are too many. */
static int32_t count_datasets(const struct ms_job *job)
{
    const struct ms_data_axes *axes = &job->axes;
    const int32_t lengths[] = {axes->n_samples, axes->n_noise, axes->n_seed, axes->n_split_seed, job->folds};
    int32_t datasets = 1;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (lengths[i] > MS_JOB_LARGEST_DATASETS / datasets)
            return -1;
        datasets *= lengths[i] > 0 ? lengths[i] : 1;
    }
    return datasets;
}

enum ms_code ms_job_datasets_count(struct ms_job *job, enum ms_key_id *key, struct ms_error *err)
{
    const int32_t datasets = count_datasets(job);

    *key = MS_KEY_DATA;
    if (datasets < 0)
        return ms_fail(err, MS_BAD_INPUT,
                       "there are more than %d data sets (one for each combination of the values of samples, "
                       "noise, seed, split_seed and each of the folds); shorten these lists",
                       MS_JOB_LARGEST_DATASETS);
    job->grid.n_datasets = datasets;
    if (sum_samples(job) > most_samples)
        return fail_samples(sum_samples(job), datasets, err);
    *key = MS_KEY_FOLDS;
    for (int32_t i = 0; i < job->axes.n_samples; i++)
        if (job->axes.samples[i] < job->folds)
            return ms_fail(err, MS_BAD_INPUT,
                           "%" PRId32 " folds of %" PRId64
                           " samples are too many; each needs at least one sample",
                           job->folds, job->axes.samples[i]);
    return MS_OK;
}
