/* The reader of job files and of settings: any bytes are either a job or refused with one sentence. The meaning of a job,
 * written as a job file, is a job with the same meaning.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "moonsweep/job.h"

static const char path[] = "job.yaml";

/* Returns the length in bytes of the leading sections ("data.", "data.moons.") that two key paths have in common. */
static size_t common_sections(const char *a, const char *b)
{
    size_t common = 0;

    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '.')
            common = i + 1;
    return common;
}

/* Writes the sections of a key that the previous key did not open, and its name and value, each on a separate line. */
static void print_key(FILE *out, const char *before, const char *key, const char *value)
{
    size_t start = common_sections(before, key);
    int depth = 0;

    for (size_t i = 0; i < start; i++)
        depth += key[i] == '.';
    for (const char *name = key + start; *name != '\0'; depth++) {
        int length = (int)strcspn(name, ".");

        (void)fprintf(out, "%*s%.*s: %s\n", 2 * depth, "", length, name, name[length] == '.' ? "" : value);
        name += length + (name[length] == '.');
    }
}

/* Returns the text of a job file with a meaning (lines of "key = value", ordered by section). The caller frees it. */
static char *write_job(char *meaning, size_t *count)
{
    char *text = NULL;
    const char *before = "";
    FILE *out = open_memstream(&text, count);

    fuzz_require(out != NULL, "memory is available");
    (void)fputs("name: again\n", out);
    for (char *line = meaning; *line != '\0';) {
        char *end = strchr(line, '\n'), *value = strstr(line, " = ");

        fuzz_require(end != NULL && value != NULL && value < end,
                     "a meaning consists of lines of key = value");
        *end = *value = '\0';
        print_key(out, before, line, value + strlen(" = "));
        before = line;
        line = end + 1;
    }
    fuzz_require(fclose(out) == 0, "memory is available");
    return text;
}

static char *meaning_of(const struct ms_job *job)
{
    char *meaning = NULL;
    struct ms_error err;

    fuzz_require(ms_job_meaning(job, &meaning, &err) == MS_OK, "a job has a meaning");
    return meaning;
}

/* Returns the text of a job with the same meaning, which is written from the meaning; NULL: the meaning has only the hash
 * of a grid that is a list, or the values of a range are more than a job file has room for. The caller frees it. */
static char *write_again(const struct ms_job *job, const char *meaning, size_t *count)
{
    char *kept, *text;

    if (job->grid.list != NULL)
        return NULL;
    kept = strdup(meaning);
    fuzz_require(kept != NULL, "memory is available");
    text = write_job(kept, count);
    free(kept);
    if (*count <= MS_JOB_LONGEST_TEXT)
        return text;
    free(text);
    return NULL;
}

/* Reads a job with the same meaning: one written from the meaning if possible, or else the same text and settings. */
static enum ms_code read_again(const struct ms_job *job, const char *meaning, struct ms_job *again)
{
    size_t count = 0;
    char *text = write_again(job, meaning, &count);
    struct ms_error err;
    enum ms_code code = text != NULL
                            ? ms_job_parse(path, text, count, again, &err)
                            : ms_job_parse_set(path, job->text, job->text_bytes, job->set, again, &err);

    free(text);
    return code;
}

static void require_same(const struct ms_job *job)
{
    char *meaning = meaning_of(job), *meaning_again;
    struct ms_job again;
    struct ms_error err;

    fuzz_require(read_again(job, meaning, &again) == MS_OK, "a job can be read again");
    meaning_again = meaning_of(&again);
    fuzz_require(strcmp(meaning_again, meaning) == 0, "a job written from its meaning has the same meaning");
    fuzz_require(ms_job_compare(path, job, &again, &err) == MS_OK,
                 "jobs with the same meaning compare equal");
    ms_job_free(&again);
    free(meaning_again);
    free(meaning);
}

/* A case may contain settings after this line. */
static const char mark[] = "\n--set\n";

/* Returns the settings of a case and shortens *count to its job file; NULL: there are none. The caller frees them. */
static char *settings_of(const unsigned char *bytes, size_t *count)
{
    const unsigned char *found = memmem(bytes, *count, mark, strlen(mark));
    const size_t length = found != NULL ? (size_t)(bytes + *count - found) - strlen(mark) : 0;
    char *settings;

    if (found == NULL)
        return NULL;
    settings = strndup((const char *)found + strlen(mark), length);
    fuzz_require(settings != NULL, "memory is available");
    *count = (size_t)(found - bytes);
    return settings;
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    char *settings = settings_of(bytes, &count);
    struct ms_job job = {.text_bytes = 42};
    enum ms_code code = ms_job_parse_set(path, (const char *)bytes, count, settings, &job, err);

    free(settings);
    if (code != MS_OK) {
        fuzz_require_sentence(code, strncmp(err->text, "--set ", 6) == 0 ? "--set" : path, err);
        fuzz_require(job.text_bytes == 42, "outputs are set on success only");
        return code;
    }
    fuzz_require(job.text_bytes == count && memcmp(job.text, bytes, count) == 0, "a job keeps its text");
    fuzz_require(strlen(job.text) == count, "a job's text contains no NUL");
    fuzz_require(ms_grid_check(&job.grid, err) == MS_OK, "a grid that was read is valid");
    require_same(&job);
    ms_job_free(&job);
    return MS_OK;
}
