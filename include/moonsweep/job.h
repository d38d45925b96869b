/* Job files: YAML in, a plain struct out. The language: docs/jobs.md.
 *
 *     struct ms_job job;
 *     if (ms_job_read("jobs/moons420.yaml", &job, err) != MS_OK) ...   // err: "path:line:column: key: ..."
 *     ... job.grid, job.axes ...
 *     ms_job_free(&job);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_H
#define MOONSWEEP_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "moonsweep/arrays.h"
#include "moonsweep/class_weight.h"
#include "moonsweep/data.h"
#include "moonsweep/end_rules.h"
#include "moonsweep/grid.h"
#include "moonsweep/halving.h"
#include "moonsweep/metadata.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The largest number of bytes of a job file, and of the text of a job in a result: libyaml needs about 170 bytes of memory
 * per byte of "[0,0,0". */
enum { MS_JOB_LONGEST_TEXT = 1024 * 1024 };

/* The arguments of make_moons. */
struct ms_moons {
    int64_t samples;
    double noise;
    uint32_t seed;
};

/* The axes of the data: every combination of one value from each, and of a fold, is a data set. */
struct ms_data_axes {
    int32_t n_samples, n_noise, n_seed; /* lengths; 0: the samples are from a file */
    int32_t n_split_seed;               /* 0: there is a dev_file */
    int64_t *samples; /* owned, like all four; samples, noise and seed are those of struct ms_moons */
    double *noise;
    uint32_t *seed, *split_seed;
};

/* The largest number of data sets of a job. */
#define MS_JOB_LARGEST_DATASETS 10000

/* Which costs of each trajectory are stored. */
enum ms_job_costs { MS_JOB_COSTS_ALL, MS_JOB_COSTS_NONE, MS_JOB_COSTS_COUNT };

struct ms_job {
    char *path; /* owned: the name of the file, as shown in messages */
    char *text; /* owned: the YAML as it was read, NUL-terminated (it contains no NUL) */
    size_t text_bytes;
    char *set;  /* owned: the settings that were applied to the text, a line each; NULL: none */
    char *name; /* owned; a title, not part of the job's meaning */
    struct ms_metadata metadata; /* neither is this */
    /* Owned, as written; NULL: not given. Without data_file there are moons */
    char *data_file, *label, *X, *y, *dev_file;
    /* Reads files of arrays; set by the caller. NULL: all files are CSV */
    const struct ms_array_reader *arrays;
    /* Of the samples, if they are from a file and ms_job_know_data was called; otherwise 0 */
    uint64_t data_hash;
    bool standardize;
    struct ms_data_axes axes;
    double dev_fraction; /* 0: there is a dev_file, or there are folds */
    int32_t folds;       /* 0: none */
    double init_scale;   /* grid.init_scale if the job does not give that axis */
    struct ms_grid grid; /* grid.n_datasets follows from axes and folds */
    /* Owned: the place of the first rule of `exclude` that excludes nothing; NULL: there is none */
    char *idle_exclusion;
    enum ms_precision precision;
    struct ms_class_weight class_weight;
    enum ms_job_costs costs;
    /* Of all costs, those at multiples of this number; grid.cost_stride follows from both */
    int64_t cost_every;
    struct ms_halving halving;
    struct ms_end_rules stop;
};

/* Whether the job has rules that can end trajectories early, or halving. */
bool ms_job_ends_early(const struct ms_job *job);

/* Reads and checks a job file. The caller frees job. Errors, with path:line:column if there is one: MS_NO_INPUT
 * (missing, a directory or a device), MS_BAD_INPUT (any mistake in the contents), MS_NO_PERMISSION, MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_job_read(const char *path, struct ms_job *job, struct ms_error *err);

/* The same for text in memory, which is copied; path is used only in messages. */
enum ms_code ms_job_parse(const char *path, const char *text, size_t bytes, struct ms_job *job,
                          struct ms_error *err);

/* The same with settings, which replace or add values of keys (moonsweep run --set): a text with one KEY=VALUE in each
 * line, or NULL. KEY is a path of keys with positions in lists (grid[1].n_h), VALUE is YAML. Errors about a setting name
 * it instead of a position in the file. */
enum ms_code ms_job_read_set(const char *path, const char *set, struct ms_job *job, struct ms_error *err);
enum ms_code ms_job_parse_set(const char *path, const char *text, size_t bytes, const char *set,
                              struct ms_job *job, struct ms_error *err);

/* Writes a job file to out: that of job, with its settings, but with these configurations [n] as its grid, which is
 * read back to the same bits, and without halving. data_file and dev_file replace the names of its files; NULL:
 * unchanged. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_job_write_configs(const struct ms_job *job, const struct ms_config *configs, int64_t n,
                                  const char *data_file, const char *dev_file, FILE *out,
                                  struct ms_error *err);

void ms_job_free(struct ms_job *job);

/* The meaning of the job as canonical text, one line "key = value" per key: equal for two jobs if and only if they mean
 * the same. Comments, the order of keys, the spelling of numbers, a byte order mark, line ends and the name do not
 * matter; the order of an axis does. Of a grid that is a list of configurations, it has their number and hash. The
 * caller frees *text. Errors: MS_NO_MEMORY. */
enum ms_code ms_job_meaning(const struct ms_job *job, char **text, struct ms_error *err);

/* XXH3-64 of ms_job_meaning. Errors: MS_NO_MEMORY. */
enum ms_code ms_job_hash(const struct ms_job *job, uint64_t *hash, struct ms_error *err);

/* MS_OK if both jobs mean the same. Otherwise MS_OTHER_JOB, with one sentence in err that begins with path (the result
 * file) and lists every key that differs, with its old (stored) and its new value. Errors: MS_NO_MEMORY. */
enum ms_code ms_job_compare(const char *path, const struct ms_job *stored, const struct ms_job *job,
                            struct ms_error *err);

/* MS_OK if the networks of both jobs are trained in the same way, so that a configuration with the same settings and
 * the same samples has the same result: everything but data and grid is equal. The older one may have halving and rules
 * that end trajectories early: its done configurations are trained as without them. Otherwise, and if a rule decides
 * which configurations of the other job are trained, MS_OTHER_JOB, with one sentence in err that begins with path (the
 * result of `older`). Errors: MS_NO_MEMORY. */
enum ms_code ms_job_compare_training(const char *path, const struct ms_job *older, const struct ms_job *job,
                                     struct ms_error *err);

/* Makes the job.grid.n_datasets data sets of the job: moons, or the samples of its file, each divided into two sets. The
 * name of a file is relative to the folder of the job. The caller frees *datasets with ms_datasets_free. Errors:
 * MS_BAD_INPUT (a set is empty, a training set has one class only, or a file has wrong contents), MS_NO_MEMORY,
 * MS_WORK_LEFT if stop (may be NULL) asked for an early end; for files also those of ms_csv_learn. */
enum ms_code ms_job_data(const struct ms_job *job, const struct ms_stop_request *stop,
                         struct ms_dataset **datasets, struct ms_error *err);

/* Sets *path to the whole path of a file that the job names, data.file or data.dev_file. The caller frees it. Errors:
 * MS_NO_MEMORY; then it is NULL. */
enum ms_code ms_job_data_path(const struct ms_job *job, const char *name, char **path, struct ms_error *err);

/* The position of the data set with the most training samples, the first of several. */
int32_t ms_job_largest_dataset(const struct ms_job *job, const struct ms_dataset *datasets);

/* Sets job->data_hash to the XXH3-64 of the samples of all data sets, their standardization and their names, if they are
 * from a file. It is part of the job's meaning. */
void ms_job_know_data(struct ms_job *job, const struct ms_dataset *datasets);

/* Whether both jobs name the same files, the same column of labels and the same arrays, as texts. */
bool ms_job_names_same_data(const struct ms_job *a, const struct ms_job *b);

/* Reads weights as ms_class_weight_write writes them, from the attribute class_weight of the result at path. Errors:
 * MS_BAD_INPUT. */
enum ms_code ms_job_class_weight(const char *path, const char *text, struct ms_class_weight *class_weight,
                                 struct ms_error *err);

/* The arrays in a file of arrays that are the samples of the job. */
struct ms_arrays_wanted ms_job_arrays(const struct ms_job *job);

/* Parses "samples,noise,seed", the argument of `moonsweep predict --moons`. Errors: MS_BAD_USAGE. */
enum ms_code ms_job_parse_moons(const char *text, struct ms_moons *moons, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
