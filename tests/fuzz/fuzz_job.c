/* Any bytes are a job or refused with one sentence; what is read means what its meaning, written as a job file, means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "moonsweep/job.h"

static const char path[] = "job.yaml";

/* How many leading sections ("data.", "data.moons.") the two paths of keys have in common, in bytes. */
static size_t common_sections(const char *a, const char *b)
{
    size_t common = 0;

    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '.')
            common = i + 1;
    return common;
}

/* Writes the key's sections that the key before did not open, and its name and value, one line and level each. */
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

/* A job file that means meaning ("key = value" a line, keys in the order of their sections); the caller frees it. */
static char *write_job(char *meaning, size_t *count)
{
    char *text = NULL;
    const char *before = "";
    FILE *out = open_memstream(&text, count);

    fuzz_require(out != NULL, "there is memory");
    (void)fputs("name: again\n", out);
    for (char *line = meaning; *line != '\0';) {
        char *end = strchr(line, '\n'), *value = strstr(line, " = ");

        fuzz_require(end != NULL && value != NULL && value < end, "a meaning is lines of key = value");
        *end = *value = '\0';
        print_key(out, before, line, value + strlen(" = "));
        before = line;
        line = end + 1;
    }
    fuzz_require(fclose(out) == 0, "there is memory");
    return text;
}

static char *meaning_of(const struct ms_job *job)
{
    char *meaning = NULL;
    struct ms_error err;

    fuzz_require(ms_job_meaning(job, &meaning, &err) == MS_OK, "a job has a meaning");
    return meaning;
}

static void require_same(const struct ms_job *job)
{
    char *meaning = meaning_of(job), *kept = strdup(meaning), *meaning_again, *text;
    struct ms_job again;
    struct ms_error err;
    size_t count = 0;

    fuzz_require(kept != NULL, "there is memory");
    text = write_job(kept, &count);
    fuzz_require(ms_job_parse(path, text, count, &again, &err) == MS_OK, "a meaning can be written as a job");
    meaning_again = meaning_of(&again);
    fuzz_require(strcmp(meaning_again, meaning) == 0, "a job written from its meaning means the same");
    fuzz_require(ms_job_compare(path, job, &again, &err) == MS_OK, "jobs that mean the same compare equal");
    ms_job_free(&again);
    free(text);
    free(kept);
    free(meaning_again);
    free(meaning);
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    struct ms_job job = {.text_bytes = 42};
    enum ms_code code = ms_job_parse(path, (const char *)bytes, count, &job, err);

    if (code != MS_OK) {
        fuzz_require_sentence(code, path, err);
        fuzz_require(job.text_bytes == 42, "outputs are set on success only");
        return code;
    }
    fuzz_require(job.text_bytes == count && memcmp(job.text, bytes, count) == 0, "a job keeps its text");
    fuzz_require(strlen(job.text) == count, "a job's text holds no NUL");
    fuzz_require(ms_grid_check(&job.grid, err) == MS_OK, "a grid that was read is one that is allowed");
    require_same(&job);
    ms_job_free(&job);
    return MS_OK;
}
