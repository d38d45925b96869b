/* The checks of the output file, in the order in which a run makes them: its link is followed; its kind and
 * folder are examined without opening it; and when it is locked, it is compared with the job, or found to be
 * replaceable. None of them changes anything.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */

#include "target.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"
#include "moonsweep/reader.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"
#include "output.h"
#include "stored_job.h"

enum ms_code target_resolve(const char *path, char **resolved, struct ms_error *err)
{
    struct stat status;

    if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode)) {
        *resolved = strdup(path);
        return *resolved ? MS_OK : ms_fail_memory(err, path, "to resolve its name");
    }
    *resolved = realpath(path, NULL);
    if (*resolved)
        return MS_OK;
    if (errno == ENOMEM)
        return ms_fail_memory(err, path, "to resolve its name");
    return ms_fail(err, MS_NO_INPUT, "%s: is a symbolic link that cannot be followed: %s", path,
                   strerror(errno));
}

/* Checks that a new file can be created at path: its folder exists and is writable. */
static enum ms_code look_at_folder(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    enum ms_code code = MS_OK;
    struct stat status;
    const char *folder;

    if (!copy)
        return ms_fail_memory(err, path, "to check its folder");
    folder = dirname(copy);
    if (stat(folder, &status) != 0)
        code = ms_fail(err, errno == EACCES ? MS_NO_PERMISSION : MS_CANNOT_CREATE, "%s: the folder %s: %s",
                       path, folder, strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        code = ms_fail(err, MS_CANNOT_CREATE, "%s: %s is not a folder", path, folder);
    else if (access(folder, W_OK | X_OK) != 0)
        code = ms_fail(err, MS_NO_PERMISSION, "%s: the folder %s cannot be written: %s", path, folder,
                       strerror(errno));
    free(copy);
    return code;
}

/* Checks that the result in reader is of job, with the numerics of this program. */
static enum ms_code compare_result(const char *path, struct ms_reader *reader, const struct ms_job *job,
                                   struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(reader);
    enum ms_code code = stored_job_compare(path, reader, job, err);

    if (code == MS_OK && info->numerics != MS_NUMERICS)
        code = ms_fail(
            err, MS_OTHER_JOB,
            "%s: was computed with numerics %ld, but this program has %d and could give other results; "
            "write to another file, or start over with --force",
            path, (long)info->numerics, MS_NUMERICS);
    return code;
}

enum ms_code target_look(const char *path, const struct ms_job *job, bool force, enum target_state *state,
                         struct ms_error *err)
{
    struct stat status;
    enum ms_code code = ms_writer_check_name(path, err);

    if (code != MS_OK)
        return code;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT)
            return ms_fail(err, errno == EACCES ? MS_NO_PERMISSION : MS_CANNOT_CREATE, "%s: %s", path,
                           strerror(errno));
        if (path[0] == '\0' || path[strlen(path) - 1] == '/')
            return ms_fail(err, MS_CANNOT_CREATE, "%s: a file's name is needed, not a folder's", path);
        *state = TARGET_NEW;
        return look_at_folder(path, err);
    }
    code = inputs_check_output("run", job, path, err);
    if (code != MS_OK)
        return code;
    if (S_ISDIR(status.st_mode))
        return ms_fail(err, MS_CANNOT_CREATE, "%s: is a folder; a file's name is needed", path);
    if (!S_ISREG(status.st_mode))
        return ms_fail(err, MS_CANNOT_CREATE, "%s: is not a regular file; a result cannot be written to it",
                       path);
    *state = force ? TARGET_REPLACE : TARGET_RESUME;
    return MS_OK;
}

/* Opens the result at path. If the file is not a result, the message ends with the consequence. */
static enum ms_code open_result(const char *path, const char *consequence, struct ms_reader **reader,
                                struct ms_error *err)
{
    struct ms_error reason;
    enum ms_code code = ms_reader_open(path, reader, &reason);

    if (code == MS_BAD_INPUT)
        return ms_fail(err, code, "%s; %s", reason.text, consequence);
    if (code != MS_OK)
        *err = reason;
    return code;
}

enum ms_code target_compare(const char *path, const struct ms_job *job, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    enum ms_code code = open_result(path, "file not changed", &reader, err);

    if (code == MS_OK)
        code = compare_result(path, reader, job, err);
    if (code == MS_OK)
        code = output_check_protection(path, err);
    ms_reader_close(reader);
    return code;
}

enum ms_code target_check_replaceable(const char *path, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    enum ms_code code = MS_OK;

    if (!ms_writer_is_result(path))
        code = open_result(path, "--force replaces only result files of moonsweep", &reader, err);
    ms_reader_close(reader);
    return code == MS_OK ? output_check_protection(path, err) : code;
}
