/* Parses the stored text of a job, and trusts it if its hash is the stored one. Samples from a file are part
 * of the hash, so they are read from the result before it is computed. Other functions compare a result with
 * the job of a run in the same way, and take settings and samples from it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "stored_job.h"

#include <string.h>

#include "set_option.h"

/* Reads the data sets of a result whose samples are from a file. */
static enum ms_code read_datasets(const char *path, struct ms_reader *reader, struct stored_job *stored,
                                  struct ms_error *err)
{
    const int32_t count = stored->job.grid.n_datasets;
    enum ms_code code;

    if (ms_reader_info(reader)->datasets != count)
        return ms_fail(err, MS_BAD_INPUT, "%s: it has %ld data sets, but its job has %ld", path,
                       (long)ms_reader_info(reader)->datasets, (long)count);
    code = ms_datasets_alloc(&stored->datasets, count, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = ms_reader_dataset(reader, d, &stored->datasets[d], err);
    stored->are_samples_damaged = code == MS_BAD_INPUT;
    return code;
}

/* Parses the stored text and computes its hash. Samples from a file are part of it; they are read into datasets. The
 * caller frees job and datasets, also after an error. */
static enum ms_code parse(const char *path, struct ms_reader *reader, struct stored_job *stored,
                          uint64_t *hash, struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(reader);
    enum ms_code code = ms_job_parse_set(path, info->job_text, strlen(info->job_text), info->job_set,
                                         &stored->job, err);

    if (code == MS_OK && stored->job.data_file != NULL) {
        code = read_datasets(path, reader, stored, err);
        if (code == MS_OK)
            ms_job_know_data(&stored->job, stored->datasets);
    }
    return code == MS_OK ? ms_job_hash(&stored->job, hash, err) : code;
}

enum ms_code stored_job_parse(const char *path, struct ms_reader *reader, struct stored_job *stored,
                              struct ms_error *err)
{
    uint64_t hash = 0;
    enum ms_code code;

    *stored = (struct stored_job){.known = false};
    code = parse(path, reader, stored, &hash, err);
    if (code == MS_OK && hash != ms_reader_info(reader)->job_hash)
        code = ms_fail(err, MS_BAD_INPUT, "%s: the stored job does not match its job_hash", path);
    return code;
}

/* Parses the text and makes its data, if the text matches the stored hash. */
static enum ms_code make(const char *path, struct ms_reader *reader, struct stored_job *stored,
                         struct ms_error *err)
{
    enum ms_code code = stored_job_parse(path, reader, stored, err);

    if (code == MS_OK && stored->job.data_file == NULL)
        code = ms_job_data(&stored->job, NULL, &stored->datasets, err);
    return code;
}

enum ms_code stored_job_read(const char *path, struct ms_reader *reader, struct stored_job *stored,
                             struct ms_error *err)
{
    struct ms_error reason = {0};
    enum ms_code code;

    code = make(path, reader, stored, &reason);
    stored->reason = reason;
    stored->known = code == MS_OK;
    if (code != MS_NO_MEMORY)
        return MS_OK;
    *err = stored->reason;
    stored_job_free(stored);
    return code;
}

void stored_job_free(struct stored_job *stored)
{
    ms_datasets_free(stored->datasets, stored->job.grid.n_datasets);
    ms_job_free(&stored->job);
}

/* ---- another job ----------------------------------------------------------------------------------------- */

/* Compares the stored hash with that of job, for a result whose job text is corrupt. */
static enum ms_code compare_hash(const char *path, const struct ms_reader_info *info,
                                 const struct ms_job *job, struct ms_error *err)
{
    uint64_t hash;
    enum ms_code code = ms_job_hash(job, &hash, err);

    if (code == MS_OK && hash != info->job_hash)
        code = ms_fail(
            err, MS_BAD_INPUT,
            "%s: stored job text is corrupt and its hash does not match this job; file not changed", path);
    return code;
}

/* Compares the stored job with job. The checksums of rows depend on the stored hash, so it must be right too. */
static enum ms_code compare_text(const char *path, struct ms_reader *reader, const struct ms_job *job,
                                 struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(reader);
    struct stored_job stored = {0};
    uint64_t hash = 0;
    enum ms_code code = parse(path, reader, &stored, &hash, err);

    if (code == MS_OK)
        code = ms_job_compare(path, &stored.job, job, err);
    if (code == MS_OK && hash != info->job_hash)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: job_hash is corrupt: it is %016llx, but the hash of the stored job is %016llx; "
                       "start over with --force",
                       path, (unsigned long long)info->job_hash, (unsigned long long)hash);
    stored_job_free(&stored);
    return code;
}

enum ms_code stored_job_compare(const char *path, struct ms_reader *reader, const struct ms_job *job,
                                struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(reader);

    return info->job_text_ok ? compare_text(path, reader, job, err) : compare_hash(path, info, job, err);
}

/* ---- settings -------------------------------------------------------------------------------------------- */

enum ms_code stored_job_settings(const char *path, char **set, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    enum ms_code code = ms_reader_open(path, &reader, err);

    if (code == MS_OK)
        code = set_option_join(ms_reader_info(reader)->job_set, NULL, set, err);
    ms_reader_close(reader);
    return code;
}

/* ---- samples --------------------------------------------------------------------------------------------- */

enum ms_code stored_job_samples(const char *path, const struct ms_job *job, struct ms_dataset **datasets,
                                struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct stored_job stored = {0};
    uint64_t hash = 0;
    enum ms_code code = ms_reader_open(path, &reader, err);

    if (code == MS_OK)
        code = parse(path, reader, &stored, &hash, err);
    if (code == MS_OK && !ms_job_names_same_data(&stored.job, job))
        code = ms_fail(err, MS_NO_INPUT, "%s: is the result of a job with samples of another name", path);
    if (code == MS_OK && stored.job.grid.n_datasets != job->grid.n_datasets)
        code = ms_fail(err, MS_NO_INPUT, "%s: is the result of a job with another number of data sets", path);
    if (code == MS_OK) {
        *datasets = stored.datasets;
        stored.datasets = NULL;
    }
    stored_job_free(&stored);
    ms_reader_close(reader);
    return code;
}
