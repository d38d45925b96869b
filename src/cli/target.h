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

/* What there is. */
struct target {
    enum target_state state;
    bool job_text_is_damaged; /* of a result to be carried on: it is of this job by its hash alone */
};

/* Looks at path, the resolved output of a run of job, which was read from job_path. Nothing is written.
 * Errors: MS_BAD_USAGE (it is the job file), MS_CANNOT_CREATE (a folder, a device, not in a folder that
 * exists, a name that is too long), MS_NO_PERMISSION (also a result that is write-protected, even from root),
 * MS_BAD_INPUT (a file that is not ours, whether forced or not), MS_OTHER_JOB
 * (another job's, or other numerics), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code target_look(const char *path, const char *job_path, const struct ms_job *job, bool force,
                         struct target *target, struct ms_error *err);

#endif
