/* The meaning of a job as text, and the comparison of two jobs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "keys.h"
#include "moonsweep/job.h"
#include "value.h"

/* The largest number of values of an axis that a message shows completely. */
enum { LONGEST_LIST = 8 };

/* ---- values of a key in a job ------------------------------------------------------------------------- */

/* init_scale only gives grid.init_scale a value. */
static bool has_meaning(const struct ms_key *key)
{
    return key->kind != MS_KIND_SECTION && key->kind != MS_KIND_TITLE && key != &ms_keys[MS_KEY_INIT_SCALE];
}

static int32_t count_values(const struct ms_job *job, const struct ms_key *key)
{
    return key->is_axis ? *(const int32_t *)((const char *)job + key->length) : 1;
}

static double get_value(const struct ms_job *job, const struct ms_key *key, int32_t index)
{
    const char *field = (const char *)job + key->field;
    const char *values = key->is_axis ? *(char *const *)field : field;

    return ms_value_load(key->kind, values + (size_t)index * ms_value_size(key->kind));
}

/* The first index at which the values of key differ in a and b; -1: they are equal. */
static int32_t first_difference(const struct ms_job *a, const struct ms_job *b, const struct ms_key *key)
{
    int32_t a_count = count_values(a, key), b_count = count_values(b, key), i = 0;

    while (i < a_count && i < b_count && get_value(a, key, i) == get_value(b, key, i))
        i++;
    return i == a_count && i == b_count ? -1 : i;
}

static bool is_fallback(const struct ms_job *job, const struct ms_key *key)
{
    double value;

    return key->fallback != NULL && count_values(job, key) == 1 &&
           ms_value_read(key, key->fallback, strlen(key->fallback), &value) == NULL &&
           value == get_value(job, key, 0);
}

/* ---- meaning ------------------------------------------------------------------------------------------ */

static void print_values(FILE *out, const struct ms_job *job, const struct ms_key *key)
{
    int32_t count = count_values(job, key);
    char text[MS_VALUE_CHARS];

    if (key->is_axis)
        (void)fputc('[', out);
    for (int32_t i = 0; i < count; i++) {
        ms_value_write(key->kind, get_value(job, key, i), text);
        (void)fprintf(out, "%s%s", i > 0 ? ", " : "", text);
    }
    if (key->is_axis)
        (void)fputc(']', out);
}

enum ms_code ms_job_meaning(const struct ms_job *job, char **text, struct ms_error *err)
{
    char *made = NULL;
    size_t bytes;
    FILE *out = open_memstream(&made, &bytes);
    bool is_whole;

    if (out == NULL)
        return ms_fail_memory(err, job->path, "for its meaning");
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++) {
        /* A key with its fallback value is left out, so that keys added by later versions do not change the hashes of
         * existing jobs. */
        if (!has_meaning(key) || is_fallback(job, key))
            continue;
        (void)fprintf(out, "%s = ", key->path);
        print_values(out, job, key);
        (void)fputc('\n', out);
    }
    is_whole = !ferror(out);
    /* fclose may allocate memory, and does not report a failure to do so. */
    if (fclose(out) != 0 || !is_whole || made == NULL) {
        free(made);
        return ms_fail_memory(err, job->path, "for its meaning");
    }
    *text = made;
    return MS_OK;
}

enum ms_code ms_job_hash(const struct ms_job *job, uint64_t *hash, struct ms_error *err)
{
    char *text;
    enum ms_code code = ms_job_meaning(job, &text, err);

    if (code != MS_OK)
        return code;
    *hash = XXH3_64bits(text, strlen(text));
    free(text);
    return MS_OK;
}

/* ---- comparison --------------------------------------------------------------------------------------- */

static void print_value(FILE *out, const struct ms_job *job, const struct ms_key *key, int32_t index)
{
    char text[MS_VALUE_CHARS] = "nothing";

    if (index < count_values(job, key))
        ms_value_write(key->kind, get_value(job, key, index), text);
    (void)fprintf(out, "%s (of %d)", text, count_values(job, key));
}

/* Prints how the values of key differ: short lists completely, long ones where they first differ. */
static void print_change(FILE *out, const struct ms_job *stored, const struct ms_job *job,
                         const struct ms_key *key)
{
    int32_t at = first_difference(stored, job, key);

    if (count_values(stored, key) <= LONGEST_LIST && count_values(job, key) <= LONGEST_LIST) {
        (void)fprintf(out, "%s was ", key->path);
        print_values(out, stored, key);
        (void)fputs(", is now ", out);
        print_values(out, job, key);
    } else {
        (void)fprintf(out, "%s[%d] was ", key->path, at);
        print_value(out, stored, key, at);
        (void)fputs(", is now ", out);
        print_value(out, job, key, at);
    }
}

enum ms_code ms_job_compare(const char *path, const struct ms_job *stored, const struct ms_job *job,
                            struct ms_error *err)
{
    char *changes = NULL;
    size_t bytes;
    int differing = 0;
    FILE *out = open_memstream(&changes, &bytes);
    bool is_whole;

    if (out == NULL)
        return ms_fail_memory(err, path, "to compare two jobs");
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++) {
        if (!has_meaning(key) || first_difference(stored, job, key) < 0)
            continue;
        (void)fputs(differing++ > 0 ? "; " : "", out);
        print_change(out, stored, job, key);
    }
    is_whole = !ferror(out);
    if (fclose(out) != 0 || !is_whole || changes == NULL) {
        free(changes);
        return ms_fail_memory(err, path, "to compare two jobs");
    }
    if (differing > 0)
        (void)ms_fail(err, MS_OTHER_JOB,
                      "%s is the result of another job: %s; choose another file, or start over with --force",
                      path, changes);
    free(changes);
    return differing > 0 ? MS_OTHER_JOB : MS_OK;
}
