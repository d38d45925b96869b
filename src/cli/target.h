/* Decides what `moonsweep run` may do to its output file, before anything is created.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_TARGET_H
#define MOONSWEEP_CLI_TARGET_H

#include <stdbool.h>

#include "moonsweep/job.h"

enum target_state {
    TARGET_NEW,    /* it does not exist yet */
    TARGET_RESUME, /* it exists; it should be a result of this job */
    TARGET_REPLACE /* it exists and is to be replaced (--force) */
};

/* Follows the link at path, so that one result has one lock. The caller frees *resolved. Errors: MS_NO_INPUT (a
 * dangling link), MS_NO_MEMORY. */
enum ms_code target_resolve(const char *path, char **resolved, struct ms_error *err);

/* Checks path, the resolved output of a run of this job. Nothing is written. Errors: MS_BAD_USAGE (it is the job file, or a
 * file with its samples), MS_CANNOT_CREATE (a folder, a device, not in a folder that exists, a name that is too long),
 * MS_NO_PERMISSION. */
enum ms_code target_look(const char *path, const struct ms_job *job, bool force, enum target_state *state,
                         struct ms_error *err);

/* Checks that the file at path, whose structure is sound, is a result of this job that may be written. Errors:
 * MS_BAD_INPUT (not a moonsweep result), MS_OTHER_JOB (another job, or other numerics), MS_NO_PERMISSION (it is
 * write-protected, which also applies to root), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code target_compare(const char *path, const struct ms_job *job, struct ms_error *err);

/* Checks that the file at path is a moonsweep result that may be replaced, of any job and with any damage. Errors:
 * likewise. */
enum ms_code target_check_replaceable(const char *path, struct ms_error *err);

#endif
