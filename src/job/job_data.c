/* The data that a job asks for. */
#include <inttypes.h>

#include "job_data_file.h"
#include "moonsweep/job.h"
#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "moonsweep/standardize.h"

/* With one class there is nothing to distinguish: every network would reach 100% at once. */
static enum ms_code check_classes(const struct ms_job *job, const struct ms_data *train, struct ms_error *err)
{
    int64_t positives = ms_data_positives(train);

    if (positives > 0 && positives < train->rows)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: data: all rows of the training set (%" PRId64
                   ") are of class %d; choose another split_seed, more "
                   "samples or a smaller dev_fraction",
                   job->path, train->rows, positives > 0);
}

static enum ms_code make_moons(const struct ms_job *job, const struct ms_stop_request *stop,
                               struct ms_dataset *dataset, struct ms_error *err)
{
    struct ms_dataset made = {
        .noise = job->moons.noise, .data_seed = job->moons.seed, .split_seed = job->split_seed, .fold = -1};
    struct ms_data all = {0};
    struct ms_error cause;
    enum ms_code code = ms_moons_make(job->moons.samples, job->moons.noise, job->moons.seed, stop, &all,
                                      &cause);

    if (code == MS_OK)
        code = ms_split(&all, job->dev_fraction, job->split_seed, stop, &made.train, &made.dev, &cause);
    ms_data_free(&all);
    if (code != MS_OK)
        return ms_fail(err, code, "%s: data: %s", job->path, cause.text);
    *dataset = made;
    return MS_OK;
}

static enum ms_code standardize(const struct ms_job *job, struct ms_dataset *dataset, struct ms_error *err)
{
    struct ms_error cause;
    enum ms_code code = ms_standardize(dataset, job->precision, &cause);

    return code == MS_OK ? code : ms_fail(err, code, "%s: data: %s", job->path, cause.text);
}

enum ms_code ms_job_data(const struct ms_job *job, const struct ms_stop_request *stop,
                         struct ms_dataset *dataset, struct ms_error *err)
{
    struct ms_dataset made = {0};
    enum ms_code code = job->data_file != NULL ? ms_job_data_file(job, stop, &made, err)
                                               : make_moons(job, stop, &made, err);

    if (code == MS_OK)
        code = check_classes(job, &made.train, err);
    if (code == MS_OK && job->standardize)
        code = standardize(job, &made, err);
    if (code == MS_OK)
        *dataset = made;
    else
        ms_dataset_free(&made);
    return code;
}
