/* Reads data.file and data.dev_file, each of which is CSV or HDF5 by its contents, not by its name, and
 * hashes the samples. The dev set is read with the columns and labels of the training set. The hash is that
 * of the samples as networks are trained on them, divided and standardized, not that of the bytes of the
 * files.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "job_data_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "moonsweep/csv.h"

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

enum ms_code ms_job_data_path(const struct ms_job *job, const char *name, char **path, struct ms_error *err)
{
    *path = whole_path(job, name);
    return *path != NULL ? MS_OK : ms_fail_memory(err, job->path, "for the paths of its data");
}

/* Standardization makes large values small, so that they need not be finite in float32 before. */
static enum ms_precision precision_of(const struct ms_job *job)
{
    return job->standardize ? MS_FLOAT64 : job->precision;
}

/* ---- files of arrays ------------------------------------------------------------------------------------- */

static bool is_of_arrays(const struct ms_job *job, const char *path)
{
    return job->arrays != NULL && job->arrays->is_one(path);
}

struct ms_arrays_wanted ms_job_arrays(const struct ms_job *job)
{
    return (struct ms_arrays_wanted){.X = job->X != NULL ? job->X : "X", .y = job->y != NULL ? job->y : "y"};
}

/* Refuses keys for a file of another kind, which can be told only if it can be read. are_arrays: whether data.file and
 * data.dev_file are files of arrays. */
static enum ms_code check_keys(const struct ms_job *job, const char *path, const bool are_arrays[2],
                               struct ms_error *err)
{
    if (are_arrays[0] && job->label != NULL)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: data.label is the name of a column of a CSV file, but %s is an HDF5 file; give "
                       "data.y, the path of the dataset of labels, instead",
                       job->path, path);
    if (access(path, R_OK) == 0 && !are_arrays[0] && !are_arrays[1] && (job->X != NULL || job->y != NULL))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: data.%s is the path of a dataset of an HDF5 file, but %s is not an HDF5 file; %s",
                       job->path, job->X != NULL ? "X" : "y", path,
                       job->X != NULL ? "remove this key" : "give data.label, the name of a column, instead");
    return MS_OK;
}

static enum ms_code learn_arrays(const struct ms_job *job, const char *path,
                                 const struct ms_stop_request *stop, struct ms_csv_samples *samples,
                                 struct ms_error *err)
{
    const struct ms_arrays_wanted wanted = ms_job_arrays(job);
    struct ms_arrays arrays = {.names = NULL};
    enum ms_code code = job->arrays->read(path, &wanted, stop, &arrays, err);

    if (code == MS_OK)
        code = ms_arrays_learn(path, &wanted, precision_of(job), &arrays, samples, err);
    ms_arrays_free(&arrays);
    return code;
}

static enum ms_code match_arrays(const struct ms_job *job, const char *path,
                                 const struct ms_csv_wanted *columns, const struct ms_stop_request *stop,
                                 struct ms_data *dev, struct ms_error *err)
{
    struct ms_arrays_wanted wanted = ms_job_arrays(job);
    struct ms_arrays arrays = {.names = NULL};
    enum ms_code code;

    ms_labels_fix(&wanted.labels, columns->label_values);
    code = job->arrays->read(path, &wanted, stop, &arrays, err);
    if (code == MS_OK)
        code = ms_arrays_match(path, &wanted, columns, &arrays, dev, err);
    ms_arrays_free(&arrays);
    return code;
}

/* ---- files of either kind -------------------------------------------------------------------------------- */

/* Refuses more features than a result can name, before anything is created. */
static enum ms_code check_features(const char *path, int32_t n_x, struct ms_error *err)
{
    if (n_x <= MS_NAMES_MOST)
        return MS_OK;
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s: there are %ld features; there may be at most %d, because a result stores their names in one "
        "attribute",
        path, (long)n_x, MS_NAMES_MOST);
}

/* Reads data.file, whose path is paths[0]; that of data.dev_file is paths[1], or NULL. */
static enum ms_code learn(const struct ms_job *job, char *const paths[2], const struct ms_stop_request *stop,
                          struct ms_csv_samples *samples, struct ms_error *err)
{
    const bool are_arrays[2] = {is_of_arrays(job, paths[0]), paths[1] != NULL && is_of_arrays(job, paths[1])};
    enum ms_code code = check_keys(job, paths[0], are_arrays, err);

    if (code != MS_OK)
        return code;
    return are_arrays[0] ? learn_arrays(job, paths[0], stop, samples, err)
                         : ms_csv_learn(paths[0], job->label, precision_of(job), stop, samples, err);
}

/* Reads the dev set from path, with the columns and labels of the training set. */
static enum ms_code read_dev_set(const struct ms_job *job, const char *path,
                                 const struct ms_csv_samples *samples, const struct ms_stop_request *stop,
                                 struct ms_data *dev, struct ms_error *err)
{
    const struct ms_csv_wanted wanted = {.n_x = samples->names.n_x,
                                         .features = samples->names.features,
                                         .precision = precision_of(job),
                                         .label = samples->names.label,
                                         .label_values = samples->names.label_values,
                                         .may_lack_header = !samples->has_header,
                                         .stop = stop};
    bool labelled = false;
    enum ms_code code;

    if (is_of_arrays(job, path))
        return match_arrays(job, path, &wanted, stop, dev, err);
    code = ms_csv_read(path, &wanted, dev, &labelled, err);
    if (code == MS_OK && !labelled) {
        ms_data_free(dev);
        code = ms_fail(err, MS_BAD_INPUT, "%s: there is no column '%s' for the labels, as in data.file", path,
                       samples->names.label);
    }
    return code;
}

/* Sets *read from the samples of data.file, which it takes over, and from the file of the dev set. */
static enum ms_code take(const struct ms_job *job, const char *dev_path, const struct ms_stop_request *stop,
                         struct ms_csv_samples *samples, struct ms_dataset *read, struct ms_error *err)
{
    struct ms_dataset made = {.noise = (double)NAN, .data_seed = -1, .split_seed = -1, .fold = -1};

    if (dev_path != NULL) {
        enum ms_code code = read_dev_set(job, dev_path, samples, stop, &made.dev, err);

        if (code != MS_OK)
            return code;
    }
    made.train = samples->data;
    samples->data = (struct ms_data){0};
    made.names = samples->names;
    samples->names = (struct ms_names){0};
    *read = made;
    return MS_OK;
}

enum ms_code ms_job_data_file(const struct ms_job *job, const struct ms_stop_request *stop,
                              struct ms_dataset *read, struct ms_error *err)
{
    struct ms_csv_samples samples = {0};
    char *paths[2] = {NULL, NULL};
    enum ms_code code = ms_job_data_path(job, job->data_file, &paths[0], err);

    if (code == MS_OK && job->dev_file != NULL)
        code = ms_job_data_path(job, job->dev_file, &paths[1], err);
    if (code == MS_OK)
        code = learn(job, paths, stop, &samples, err);
    if (code == MS_OK)
        code = check_features(paths[0], samples.names.n_x, err);
    if (code == MS_OK)
        code = take(job, paths[1], stop, &samples, read, err);
    free(paths[0]);
    free(paths[1]);
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

void ms_job_know_data(struct ms_job *job, const struct ms_dataset *datasets)
{
    XXH64_hash_t hash = 0;

    if (job->data_file == NULL)
        return;
    for (int32_t d = 0; d < job->grid.n_datasets; d++) {
        hash = add_data(add_data(hash, &datasets[d].train), &datasets[d].dev);
        hash = add_standardization(hash, &datasets[d]);
    }
    job->data_hash = add(hash, datasets[0].names.texts, datasets[0].names.bytes);
}
