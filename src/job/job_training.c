/* Whether the networks of two jobs are trained in the same way. Their meanings are compared line by line. A line that is
 * not known here may decide which configurations are trained, so that nothing is taken over from or into such a job.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/job.h"

/* Whether a line of a meaning is of one of these sections or keys, which end with NULL. */
static bool is_of(const char *line, const char *const *sections)
{
    bool is = false;

    for (; !is && *sections != NULL; sections++) {
        const size_t length = strlen(*sections);

        is = strncmp(line, *sections, length) == 0 && (line[length] == '.' || line[length] == ' ');
    }
    return is;
}

/* Leaves only the lines of a meaning that are not of these sections, separated by "; ". */
static void leave_out(char *meaning, const char *const *sections)
{
    char *to = meaning;

    for (const char *from = meaning; *from != '\0';) {
        const size_t length = strcspn(from, "\n");

        if (!is_of(from, sections)) {
            if (to > meaning) {
                *to++ = ';';
                *to++ = ' ';
            }
            memmove(to, from, length);
            to += length;
        }
        from += length + (from[length] != '\0');
    }
    *to = '\0';
}

/* Sets *text to the lines of the meaning of a job that are not of these sections. The caller frees it. */
static enum ms_code lines_of(const struct ms_job *job, const char *const *sections, char **text,
                             struct ms_error *err)
{
    enum ms_code code = ms_job_meaning(job, text, err);

    if (code == MS_OK)
        leave_out(*text, sections);
    return code;
}

/* Compares the lines of both jobs that say how a network is trained. */
static enum ms_code compare(const char *path, const struct ms_job *older, const struct ms_job *job,
                            struct ms_error *err)
{
    static const char *const defaults = "the defaults";
    static const char *const others[] = {"data", "grid", "halving", "stop", NULL};
    char *was = NULL, *is = NULL;
    enum ms_code code = lines_of(older, others, &was, err);

    if (code == MS_OK)
        code = lines_of(job, others, &is, err);
    if (code == MS_OK && strcmp(was, is) != 0)
        code = ms_fail(err, MS_OTHER_JOB, "%s was trained in another way: with %s, but this job has %s", path,
                       was[0] != '\0' ? was : defaults, is[0] != '\0' ? is : defaults);
    free(was);
    free(is);
    return code;
}

/* Checks that the rule about costs is the same, unless the older result has all costs, from which follows where another one
 * ends each trajectory. */
static enum ms_code compare_patience(const char *path, const struct ms_job *older, const struct ms_job *job,
                                     struct ms_error *err)
{
    const struct ms_end_rules *was = &older->stop, *is = &job->stop;

    if (job->grid.cost_stride == 1 || is->patience == 0 ||
        (was->patience == is->patience && was->min_delta == is->min_delta))
        return MS_OK;
    return ms_fail(err, MS_OTHER_JOB,
                   "%s does not have all costs, by which stop.patience would decide; stop.patience and "
                   "stop.min_delta must be those of its job, or stop.patience 0",
                   path);
}

enum ms_code ms_job_compare_training(const char *path, const struct ms_job *older, const struct ms_job *job,
                                     struct ms_error *err)
{
    static const char *const known[] = {"data",    "grid", "precision", "class_weight", "cost_every", "costs",
                                        "halving", "stop", NULL};
    char *unknown = NULL;
    enum ms_code code = compare(path, older, job, err);

    if (code == MS_OK)
        code = compare_patience(path, older, job, err);
    if (code == MS_OK)
        code = lines_of(job, known, &unknown, err);
    if (code == MS_OK && unknown[0] != '\0')
        code = ms_fail(err, MS_OTHER_JOB,
                       "%s: nothing can be taken over into a job with %s, which decides what is trained",
                       path, unknown);
    free(unknown);
    return code;
}
