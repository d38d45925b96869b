/* Reads a job in steps: text, document (document.h), settings (settings.h), struct (job_fill.h). The
 * floating-point environment of moonsweep is set for the last two, because the rounding of numbers depends on
 * it. The text is copied unchanged, since the result stores it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/job.h"

#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "job_fill.h"
#include "keys.h"
#include "moonsweep/float_environment.h"
#include "textfile.h"

/* Returns a NUL-terminated copy. */
static char *copy_text(const char *text, size_t bytes)
{
    char *copy = malloc(bytes + 1);

    if (copy != NULL) {
        memcpy(copy, text, bytes);
        copy[bytes] = '\0';
    }
    return copy;
}

/* Applies the settings to the document of the job and fills job. */
static enum ms_code fill(const char *path, yaml_document_t *document, const char *set, struct ms_job *job,
                         struct ms_error *err)
{
    struct ms_settings settings;
    enum ms_code code = ms_settings_apply(path, set, document, &settings, err);

    if (code == MS_OK)
        code = ms_job_fill(path, document, &settings, job, err);
    ms_settings_free(&settings);
    return code;
}

enum ms_code ms_job_parse_set(const char *path, const char *text, size_t bytes, const char *set,
                              struct ms_job *job, struct ms_error *err)
{
    struct ms_job made = {.text_bytes = bytes};
    yaml_document_t document;
    struct ms_float_environment found;
    enum ms_code code;

    if (bytes > MS_JOB_LONGEST_TEXT)
        return ms_fail(err, MS_BAD_INPUT, "%s: the text of the job has %zu bytes; it may have at most %d",
                       path, bytes, MS_JOB_LONGEST_TEXT);
    code = ms_document_load(path, text, bytes, &document, err);
    if (code != MS_OK)
        return code;
    found = ms_float_environment_enter();
    code = fill(path, &document, set, &made, err);
    ms_float_environment_leave(&found);
    yaml_document_delete(&document);
    if (code == MS_OK) {
        made.path = copy_text(path, strlen(path));
        made.text = copy_text(text, bytes);
        made.set = set != NULL && *set != '\0' ? strdup(set) : NULL;
        if (made.path == NULL || made.text == NULL || (made.set == NULL && set != NULL && *set != '\0'))
            code = ms_fail_memory(err, path, "to copy its text");
    }
    if (code == MS_OK)
        *job = made;
    else
        ms_job_free(&made);
    return code;
}

enum ms_code ms_job_parse(const char *path, const char *text, size_t bytes, struct ms_job *job,
                          struct ms_error *err)
{
    return ms_job_parse_set(path, text, bytes, NULL, job, err);
}

enum ms_code ms_job_read(const char *path, struct ms_job *job, struct ms_error *err)
{
    return ms_job_read_set(path, NULL, job, err);
}

enum ms_code ms_job_read_set(const char *path, const char *set, struct ms_job *job, struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, MS_JOB_LONGEST_TEXT, NULL, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = ms_job_parse_set(path, text, bytes, set, job, err);
    free(text);
    return code;
}

bool ms_job_ends_early(const struct ms_job *job)
{
    return job->halving.keep > 0 || ms_end_rules_any(&job->stop);
}

void ms_job_free(struct ms_job *job)
{
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++)
        if (key->kind == MS_KIND_TITLE || key->kind == MS_KIND_TEXT)
            free(*(char **)((char *)job + key->field));
    free(job->path);
    free(job->text);
    free(job->set);
    free(job->axes.samples);
    free(job->axes.noise);
    free(job->axes.seed);
    free(job->axes.split_seed);
    free(job->idle_exclusion);
    ms_grid_free(&job->grid);
    *job = (struct ms_job){0};
}
