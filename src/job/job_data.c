/* Makes the data sets that a job asks for: the samples once for each kind of moons, or from its files, and every division
 * of them into a training and a dev set.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "job_data_file.h"
#include "job_datasets.h"
#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "moonsweep/standardize.h"

/* What the data sets are made of. */
struct making {
    const struct ms_job *job;
    const struct ms_stop_request *stop;
    struct ms_dataset source; /* owned: train has all samples, unless dev has those of a dev_file */
    struct ms_moons moons;    /* of which source consists, unless it is from a file; samples is 0 at first */
    struct ms_error *err;
};

/* ---- messages ----------------------------------------------------------------------------------------- */

/* Fails with the reason that cause states for data set number `dataset`. */
static enum ms_code fail_at(const struct making *making, int32_t dataset, enum ms_code code,
                            const struct ms_error *cause)
{
    if (making->job->grid.n_datasets == 1)
        return ms_fail(making->err, code, "%s: data: %s", making->job->path, cause->text);
    return ms_fail(making->err, code, "%s: data set %" PRId32 ": %s", making->job->path, dataset,
                   cause->text);
}

/* With one class there is nothing to distinguish: every network would reach 100% at once. */
static enum ms_code check_classes(const struct ms_job *job, const struct ms_data *train, struct ms_error *err)
{
    int64_t positives = ms_data_positives(train);

    if (positives > 0 && positives < train->rows)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT,
                   "all rows of the training set (%" PRId64
                   ") are of class %d; choose another split_seed, more samples or %s",
                   train->rows, positives > 0, job->folds > 0 ? "more folds" : "a smaller dev_fraction");
}

/* ---- one data set --------------------------------------------------------------------------------------- */

/* Makes the moons of a data set, unless they are those of the one before. */
static enum ms_code make_moons(struct making *making, const struct ms_moons *moons, struct ms_error *err)
{
    struct ms_dataset *source = &making->source;

    if (making->moons.samples == moons->samples && making->moons.noise == moons->noise &&
        making->moons.seed == moons->seed)
        return MS_OK;
    ms_data_free(&source->train);
    making->moons = *moons;
    source->noise = moons->noise;
    source->data_seed = moons->seed;
    return ms_moons_make(moons->samples, moons->noise, moons->seed, making->stop, &source->train, err);
}

/* Divides the samples into the two sets of a data set. */
static enum ms_code divide(struct making *making, const struct ms_job_dataset *how,
                           struct ms_dataset *dataset, struct ms_error *err)
{
    const struct ms_job *job = making->job;
    struct ms_dataset *source = &making->source;
    const struct ms_split_folds folds = {.count = job->folds, .seed = how->split_seed};

    if (job->dev_file != NULL) { /* there is no other data set */
        dataset->train = source->train;
        dataset->dev = source->dev;
        source->train = source->dev = (struct ms_data){0};
        return MS_OK;
    }
    dataset->split_seed = how->split_seed;
    dataset->fold = how->fold;
    if (job->folds > 0)
        return ms_split_fold(&source->train, &folds, how->fold, making->stop, &dataset->train, &dataset->dev,
                             err);
    return ms_split(&source->train, job->dev_fraction, how->split_seed, making->stop, &dataset->train,
                    &dataset->dev, err);
}

/* Makes data set number `number`. */
static enum ms_code make(struct making *making, int32_t number, struct ms_dataset *dataset)
{
    const struct ms_job *job = making->job;
    const struct ms_job_dataset how = ms_job_dataset(job, number);
    const struct ms_names *names = &making->source.names;
    struct ms_error cause;
    enum ms_code code = job->data_file == NULL ? make_moons(making, &how.moons, &cause) : MS_OK;

    *dataset = (struct ms_dataset){
        .noise = making->source.noise, .data_seed = making->source.data_seed, .split_seed = -1, .fold = -1};
    if (code == MS_OK)
        code = divide(making, &how, dataset, &cause);
    if (code == MS_OK)
        code = check_classes(job, &dataset->train, &cause);
    if (code == MS_OK && job->standardize)
        code = ms_standardize(dataset, job->precision, &cause);
    if (code == MS_OK && names->texts != NULL)
        code = ms_names_copy(&dataset->names, names->texts, names->bytes, names->n_x, &cause);
    return code == MS_OK ? MS_OK : fail_at(making, number, code, &cause);
}

/* ---- all ------------------------------------------------------------------------------------------------ */

/* Reads the files of the job, if its samples are from files. */
static enum ms_code read_files(struct making *making)
{
    const struct ms_job *job = making->job;
    struct ms_error cause;
    enum ms_code code;

    if (job->data_file == NULL)
        return MS_OK;
    code = ms_job_data_file(job, making->stop, &making->source, making->err);
    if (code == MS_OK && ms_job_datasets_check_samples(job, making->source.train.rows, &cause) != MS_OK)
        code = ms_fail(making->err, MS_BAD_INPUT, "%s: data: %s", job->path, cause.text);
    return code;
}

enum ms_code ms_job_data(const struct ms_job *job, const struct ms_stop_request *stop,
                         struct ms_dataset **datasets, struct ms_error *err)
{
    const int32_t count = job->grid.n_datasets;
    struct making making = {.job = job, .stop = stop, .err = err};
    struct ms_dataset *made = NULL;
    enum ms_code code = read_files(&making);

    if (code == MS_OK)
        code = ms_datasets_alloc(&made, count, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = make(&making, d, &made[d]);
    ms_dataset_free(&making.source);
    if (code == MS_OK)
        *datasets = made;
    else
        ms_datasets_free(made, count);
    return code;
}

int32_t ms_job_largest_dataset(const struct ms_job *job, const struct ms_dataset *datasets)
{
    int32_t largest = 0;

    for (int32_t d = 1; d < job->grid.n_datasets; d++)
        if (datasets[d].train.rows > datasets[largest].train.rows)
            largest = d;
    return largest;
}
