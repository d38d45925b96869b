#define _XOPEN_SOURCE 700 /* realpath */
#include "job_data_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "moonsweep/csv.h"
#include "moonsweep/split.h"

/* Returns the whole path of a file that the job names: relative to the folder of the job, which is where a user looks.
 * The caller frees it; NULL: no memory. */
static char *whole_path(const struct ms_job *job, const char *name)
{
    const char *slash = strrchr(job->path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(job->path, (size_t)(slash - job->path) + 1);
    char *resolved = folder != NULL ? realpath(folder, NULL) : NULL;
    char *path = NULL;
    size_t bytes;

    if (name[0] == '/') {
        path = strdup(name);
    } else if (folder != NULL) {
        const char *start = resolved != NULL ? resolved : folder;

        bytes = strlen(start) + strlen(name) + 2;
        path = malloc(bytes);
        if (path != NULL)
            (void)snprintf(path, bytes, "%s/%s", strcmp(start, "/") == 0 ? "" : start, name);
    }
    free(resolved);
    free(folder);
    return path;
}

/* Standardization makes large values small, so that they need not be finite in float32 before. */
static enum ms_precision precision_of(const struct ms_job *job)
{
    return job->standardize ? MS_FLOAT64 : job->precision;
}

static enum ms_code learn(const struct ms_job *job, struct ms_csv_samples *samples, struct ms_error *err)
{
    char *path = whole_path(job, job->data_file);
    enum ms_code code;

    if (path == NULL)
        return ms_fail_memory(err, job->path, "for the path of data.file");
    code = ms_csv_learn(path, job->label, precision_of(job), samples, err);
    free(path);
    return code;
}

/* Reads the dev set, with the columns and labels of the training set. */
static enum ms_code read_dev_set(const struct ms_job *job, const struct ms_csv_samples *samples,
                                 struct ms_data *dev, struct ms_error *err)
{
    const struct ms_csv_wanted wanted = {.n_x = samples->names.n_x,
                                         .features = samples->names.features,
                                         .precision = precision_of(job),
                                         .label = samples->names.label,
                                         .label_values = samples->names.label_values,
                                         .may_lack_header = !samples->has_header};
    char *path = whole_path(job, job->dev_file);
    bool labelled = false;
    enum ms_code code;

    if (path == NULL)
        return ms_fail_memory(err, job->path, "for the path of data.dev_file");
    code = ms_csv_read(path, &wanted, dev, &labelled, err);
    if (code == MS_OK && !labelled) {
        ms_data_free(dev);
        code = ms_fail(err, MS_BAD_INPUT, "%s: there is no column '%s' for the labels, as in data.file", path,
                       samples->names.label);
    }
    free(path);
    return code;
}

static enum ms_code split(const struct ms_job *job, const struct ms_data *all,
                          const struct ms_stop_request *stop, struct ms_dataset *dataset,
                          struct ms_error *err)
{
    struct ms_error cause;
    enum ms_code code = ms_split(all, job->dev_fraction, job->split_seed, stop, &dataset->train,
                                 &dataset->dev, &cause);

    return code == MS_OK ? code : ms_fail(err, code, "%s: data: %s", job->path, cause.text);
}

enum ms_code ms_job_data_file(const struct ms_job *job, const struct ms_stop_request *stop,
                              struct ms_dataset *dataset, struct ms_error *err)
{
    struct ms_csv_samples samples = {0};
    struct ms_dataset made = {.noise = (double)NAN,
                              .data_seed = -1,
                              .split_seed = job->dev_file == NULL ? (int64_t)job->split_seed : -1,
                              .fold = -1};
    enum ms_code code = learn(job, &samples, err);

    if (code != MS_OK)
        return code;
    if (job->dev_file == NULL) {
        code = split(job, &samples.data, stop, &made, err);
    } else {
        code = read_dev_set(job, &samples, &made.dev, err);
        if (code == MS_OK) {
            made.train = samples.data;
            samples.data = (struct ms_data){0};
        }
    }
    if (code == MS_OK) {
        made.names = samples.names;
        samples.names = (struct ms_names){0};
        *dataset = made;
    }
    ms_csv_samples_free(&samples);
    return code;
}

/* ---- the hash of samples -------------------------------------------------------------------------------- */

static XXH64_hash_t add(XXH64_hash_t hash, const void *bytes, size_t count)
{
    return XXH3_64bits_withSeed(bytes, count, hash);
}

static XXH64_hash_t add_data(XXH64_hash_t hash, const struct ms_data *data)
{
    const size_t rows = (size_t)data->rows;

    hash = add(hash, data->X, rows * (size_t)data->n_x * sizeof *data->X);
    return add(hash, data->y, rows);
}

/* Only features that are changed count, because a result does not tell those with mean 0 and scale 1 from others. */
static XXH64_hash_t add_standardization(XXH64_hash_t hash, const struct ms_dataset *dataset)
{
    for (int32_t i = 0; dataset->feature_mean != NULL && i < dataset->train.n_x; i++) {
        const double values[] = {i, dataset->feature_mean[i], dataset->feature_scale[i]};

        if (values[1] != 0 || values[2] != 1)
            hash = add(hash, values, sizeof values);
    }
    return hash;
}

void ms_job_know_data(struct ms_job *job, const struct ms_dataset *dataset)
{
    XXH64_hash_t hash = 0;

    if (job->data_file == NULL)
        return;
    hash = add_data(add_data(hash, &dataset->train), &dataset->dev);
    hash = add_standardization(hash, dataset);
    job->data_hash = add(hash, dataset->names.texts, dataset->names.bytes);
}
