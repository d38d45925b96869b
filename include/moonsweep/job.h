/* Job files: YAML in, a plain struct out. The language: docs/jobs.md.
 *
 *     struct ms_job job;
 *     if (ms_job_read("jobs/moons420.yaml", &job, err) != MS_OK) ...   // err: "path:line:column: key: ..."
 *     ... job.grid, job.moons ...
 *     ms_job_free(&job);
 */
#ifndef MOONSWEEP_JOB_H
#define MOONSWEEP_JOB_H

#include <stddef.h>

#include "moonsweep/data.h"
#include "moonsweep/grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What make_moons is asked for. */
struct ms_moons {
    int64_t samples;
    double noise;
    uint32_t seed;
};

struct ms_job {
    char *path; /* owned: the file's name as messages show it */
    char *text; /* owned: the YAML as it was read, NUL-terminated (it holds no NUL) */
    size_t text_bytes;
    char *name; /* owned; a title, no part of the job's meaning */
    struct ms_moons moons;
    double dev_fraction;
    uint32_t split_seed;
    struct ms_grid grid;
    enum ms_precision precision;
};

/* Reads and checks a job file. Errors, each with path:line:column where there is one: MS_NO_INPUT (missing,
 * a directory or a device), MS_BAD_INPUT (everything wrong inside), MS_NO_PERMISSION, MS_NO_MEMORY. */
enum ms_code ms_job_read(const char *path, struct ms_job *job, struct ms_error *err);

/* The same for text in memory; path only names it in messages. text is copied. */
enum ms_code ms_job_parse(const char *path, const char *text, size_t bytes, struct ms_job *job,
                          struct ms_error *err);

void ms_job_free(struct ms_job *job);

/* The job's meaning as canonical text, one "key = value" a line: equal for two jobs exactly if they mean the
 * same. Comments, order of keys, spelling of numbers, byte order mark, line ends and name do not matter; the
 * order of an axis does. The caller frees *text. Errors: MS_NO_MEMORY. */
enum ms_code ms_job_meaning(const struct ms_job *job, char **text, struct ms_error *err);

/* XXH3-64 of ms_job_meaning. Errors: MS_NO_MEMORY. */
enum ms_code ms_job_hash(const struct ms_job *job, uint64_t *hash, struct ms_error *err);

/* MS_OK if both mean the same; else MS_OTHER_JOB with every key that differs, its old (stored) and its new
 * value in err, as one sentence that starts with path (the result file). */
enum ms_code ms_job_compare(const char *path, const struct ms_job *stored, const struct ms_job *job,
                            struct ms_error *err);

/* Makes the job's data: moons, split. The caller frees dataset. Errors: MS_BAD_INPUT (a set without rows or
 * with one class only), MS_NO_MEMORY. */
enum ms_code ms_job_data(const struct ms_job *job, struct ms_dataset *dataset, struct ms_error *err);

/* "samples,noise,seed" as `moonsweep predict --moons` takes it. Errors: MS_BAD_USAGE. */
enum ms_code ms_job_parse_moons(const char *text, struct ms_moons *moons, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
