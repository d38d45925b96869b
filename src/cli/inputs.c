/* Compares files, not names: a link or another path may lead to the same file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "inputs.h"

#include <stdlib.h>

#include "output.h"

/* Refuses an output that is the file `name` of the job, the value of this key; NULL: the job has no such file. */
static enum ms_code check_data(const char *command, const struct ms_job *job, const char *key,
                               const char *name, const char *output, struct ms_error *err)
{
    char *path = NULL;
    enum ms_code code = name != NULL ? ms_job_data_path(job, name, &path, err) : MS_OK;

    if (path != NULL && output_is_same_file(path, output))
        code = ms_fail(err, MS_BAD_USAGE,
                       "%s: the output %s is %s of the job, which it would replace; name another file",
                       command, output, key);
    free(path);
    return code;
}

enum ms_code inputs_check_output(const char *command, const struct ms_job *job, const char *output,
                                 struct ms_error *err)
{
    enum ms_code code;

    if (output_is_same_file(job->path, output))
        return ms_fail(err, MS_BAD_USAGE, "%s: the output %s is the job file itself; name another file",
                       command, output);
    code = check_data(command, job, "data.file", job->data_file, output, err);
    return code == MS_OK ? check_data(command, job, "data.dev_file", job->dev_file, output, err) : code;
}
