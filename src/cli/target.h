/* What `moonsweep run` may do to the file it was told to write: decided before anything is created. */
#ifndef MOONSWEEP_CLI_TARGET_H
#define MOONSWEEP_CLI_TARGET_H

#include <stdbool.h>

#include "moonsweep/job.h"

enum target_state {
    TARGET_NEW,      /* there is nothing yet */
    TARGET_CARRY_ON, /* it holds this job, perhaps not all of it */
    TARGET_REPLACE   /* --force: a result file of ours, to be started over */
};

/* The file that path leads to: a link is followed, so that one result has one lock. The caller frees
 * *resolved. Errors: MS_NO_INPUT (a link to nothing), MS_NO_MEMORY. */
enum ms_code target_resolve(const char *path, char **resolved, struct ms_error *err);

/* Looks at path, the resolved output of a run whose job was read from job_path. Nothing is written. Errors: MS_BAD_USAGE
 * (it is the job file), MS_CANNOT_CREATE (a folder, a device, not in a folder that exists, a name that is too long),
 * MS_NO_PERMISSION. */
enum ms_code target_look(const char *path, const char *job_path, bool force, enum target_state *state,
                         struct ms_error *err);

/* Whether the file at path, whose structure is sound, is a result of this job that may be written. Errors: MS_BAD_INPUT (a
 * file that is not ours), MS_OTHER_JOB (another job's, or other numerics), MS_NO_PERMISSION (it is write-protected, even
 * from root), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code target_compare(const char *path, const struct ms_job *job, struct ms_error *err);

/* Whether the file at path is a result of ours, of whatever job and damage, that may be replaced. Errors: likewise. */
enum ms_code target_check_replaceable(const char *path, struct ms_error *err);

#endif
