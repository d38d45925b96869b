/* The meaning of a job as text, and the comparison of two jobs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "job_data_keys.h"
#include "job_weight.h"
#include "keys.h"
#include "moonsweep/job.h"
#include "value.h"

/* The largest number of values of an axis that a message shows completely. */
enum { LONGEST_LIST = 8 };

/* ---- values of a key in a job ------------------------------------------------------------------------- */

/* Whether key is one of halving in a job that has none. */
static bool lacks_halving(const struct ms_job *job, const struct ms_key *key)
{
    return job->halving.keep == 0 && ms_keys_is_in(key, ms_keys[MS_KEY_HALVING].path);
}

/* init_scale only gives grid.init_scale a value. The axes have no values in a grid that is a list. Names of files and
 * columns do not matter: the samples do. */
static bool has_meaning(const struct ms_job *job, const struct ms_key *key)
{
    return key->kind != MS_KIND_SECTION && key->kind != MS_KIND_TITLE && key->kind != MS_KIND_TEXT &&
           !key->is_local && key != &ms_keys[MS_KEY_INIT_SCALE] &&
           !(key->is_axis && job->grid.list != NULL) && ms_job_data_has_key(job, key);
}

static int32_t count_values(const struct ms_job *job, const struct ms_key *key)
{
    return key->is_list ? *(const int32_t *)((const char *)job + key->length) : 1;
}

static double get_value(const struct ms_job *job, const struct ms_key *key, int32_t index)
{
    const char *field = (const char *)job + key->field;
    const char *values = key->is_list ? *(char *const *)field : field;

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

/* ---- configurations of a grid that is a list ------------------------------------------------------------ */

/* Space for a configuration as text. */
enum { CONFIG_BYTES = 200 };

static void write_config(const struct ms_config *config, char text[CONFIG_BYTES])
{
    char rate[MS_VALUE_CHARS], scale[MS_VALUE_CHARS];

    ms_value_write(MS_KIND_REAL, config->learning_rate, rate);
    ms_value_write(MS_KIND_REAL, config->init_scale, scale);
    (void)snprintf(
        text, CONFIG_BYTES,
        "n_h %d, activation %s, learning_rate %s, init_scale %s, seed %" PRIu32 ", iterations %" PRId64,
        config->n_h, ms_activation_name(config->activation), rate, scale, config->seed, config->iterations);
}

/* The number of configurations that each data set has. */
static int64_t count_configs(const struct ms_grid *grid)
{
    return ms_grid_configs(grid) / grid->n_datasets;
}

/* Prints the number of configurations, and the hash of all of them. */
static void print_list(FILE *out, const struct ms_grid *grid)
{
    const int64_t configs = count_configs(grid);
    uint64_t hash = 0;
    char text[CONFIG_BYTES];

    for (int64_t i = 0; i < configs; i++) {
        const struct ms_config config = ms_grid_config(grid, i);

        write_config(&config, text);
        hash = XXH3_64bits_withSeed(text, strlen(text), hash);
    }
    (void)fprintf(out, "grid = %" PRId64 " configurations with hash %016" PRIx64 "\n", configs, hash);
}

static bool is_same_config(const struct ms_config *a, const struct ms_config *b)
{
    return a->n_h == b->n_h && a->activation == b->activation && a->learning_rate == b->learning_rate &&
           a->init_scale == b->init_scale && a->seed == b->seed && a->iterations == b->iterations;
}

/* Prints the first configuration in which two grids differ, of which at least one is a list, after separator. Returns
 * whether there is one. */
static bool print_config_change(FILE *out, const char *separator, const struct ms_grid *stored,
                                const struct ms_grid *grid)
{
    const int64_t before = count_configs(stored), now = count_configs(grid);
    char texts[2][CONFIG_BYTES];

    for (int64_t i = 0; i < before && i < now; i++) {
        const struct ms_config configs[2] = {ms_grid_config(stored, i), ms_grid_config(grid, i)};

        if (is_same_config(&configs[0], &configs[1]))
            continue;
        write_config(&configs[0], texts[0]);
        write_config(&configs[1], texts[1]);
        (void)fprintf(out, "%sconfiguration %" PRId64 " was (%s), is now (%s)", separator, i, texts[0],
                      texts[1]);
        return true;
    }
    if (before != now)
        (void)fprintf(out, "%sthe grid had %" PRId64 " configurations, has now %" PRId64, separator, before,
                      now);
    return before != now;
}

/* ---- meaning ------------------------------------------------------------------------------------------ */

/* A list that is not an axis of the grid is written like a single value if it has one only, so that both mean the same. */
static void print_values(FILE *out, const struct ms_job *job, const struct ms_key *key)
{
    int32_t count = count_values(job, key);
    const bool is_bracketed = key->is_axis || count > 1;
    char text[MS_VALUE_CHARS];

    if (lacks_halving(job, key)) {
        (void)fputs("not given", out);
        return;
    }
    if (is_bracketed)
        (void)fputc('[', out);
    for (int32_t i = 0; i < count; i++) {
        ms_value_write(key->kind, get_value(job, key, i), text);
        (void)fputs(i > 0 ? ", " : "", out);
        (void)fputs(text, out);
    }
    if (is_bracketed)
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
        ms_job_data_print(out, job, key);
        if (!has_meaning(job, key) || is_fallback(job, key) || lacks_halving(job, key))
            continue;
        (void)fprintf(out, "%s = ", key->path);
        print_values(out, job, key);
        (void)fputc('\n', out);
    }
    ms_job_weight_print(out, job);
    if (job->grid.list != NULL)
        print_list(out, &job->grid);
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
    const bool are_products = stored->grid.list == NULL && job->grid.list == NULL;
    int differing = 0;
    bool are_data_explained = false;
    FILE *out = open_memstream(&changes, &bytes);
    bool is_whole;

    if (out == NULL)
        return ms_fail_memory(err, path, "to compare two jobs");
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++) {
        if (!has_meaning(job, key) || !ms_job_data_has_key(stored, key) || (key->is_axis && !are_products) ||
            first_difference(stored, job, key) < 0 ||
            (key == &ms_keys[MS_KEY_HALVING_BY] && (lacks_halving(stored, key) || lacks_halving(job, key))))
            continue;
        (void)fputs(differing++ > 0 ? "; " : "", out);
        print_change(out, stored, job, key);
        are_data_explained = are_data_explained || strncmp(key->path, "data.", strlen("data.")) == 0;
    }
    for (enum ms_job_data_change change = 0; change < MS_JOB_DATA_CHANGE_COUNT; change++) {
        if (!ms_job_data_differ(change, stored, job) ||
            (change == MS_JOB_DATA_CONTENTS && are_data_explained))
            continue;
        (void)fputs(differing++ > 0 ? "; " : "", out);
        ms_job_data_print_change(out, change, stored, job);
        are_data_explained = true;
    }
    if (ms_job_weight_differs(stored, job)) {
        (void)fputs(differing++ > 0 ? "; " : "", out);
        ms_job_weight_print_change(out, stored, job);
    }
    if (!are_products)
        differing += print_config_change(out, differing > 0 ? "; " : "", &stored->grid, &job->grid);
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
