/* moonsweep best: writes the best configurations of a result as a new job file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "beside.h"
#include "command.h"
#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/plural.h"
#include "moonsweep/printable.h"
#include "output.h"
#include "sort_keys.h"
#include "stored_job.h"
#include "usage.h"

enum { KEY_TOP = 0x100, KEY_BY, KEY_JOB, KEY_FORCE, KEY_DATA_FOLDER };

struct arguments {
    const char *path, *job, *by, *data_folder;
    int64_t top; /* 0: not given */
    bool force;
    struct selection_spec selection;
    struct filter filter;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"top", KEY_TOP, "N", 0, "The number of configurations to choose", 0},
    {"by", KEY_BY, "KEYS", 0,
     "The order in which they are chosen, as for `show --sort`: smallest first; -KEY: largest first "
     "(-dev_accuracy)",
     0},
    {"where", 'w', "CONDITIONS", 0, "Only configurations that meet all CONDITIONS, as for `show`", 0},
    {"job", KEY_JOB, "NEW.yaml", 0, "The job file to write", 0},
    {"data-folder", KEY_DATA_FOLDER, "FOLDER", 0,
     "Where the samples of the job are: the folder of its job file. Without it they are looked for in the "
     "folders of OUT.h5 and NEW.yaml and in the current one",
     0},
    {"force", KEY_FORCE, NULL, 0, "Replace NEW.yaml if it exists", 0},
    {0},
};

static const char doc[] =
    "Write the best configurations of a sweep as a new job file, which is ready to run. Apart from its grid, "
    "it is the job of OUT.h5, with the settings that were given by --set."
    "\v"
    "Only configurations that are done or stopped are chosen. The grid of the new job is the list of "
    "them, in the order of KEYS, with every digit: edit it to try other values near the best ones, or "
    "more iterations.\n"
    "\n"
    "Examples:\n"
    "  moonsweep best OUT.h5 --top 5 --by -dev_accuracy,n_h --job NEW.yaml\n";

static error_t end(struct arguments *arguments)
{
    error_t failed = usage_required("best", "a result file: moonsweep best OUT.h5 --top N --job NEW.yaml",
                                    arguments->path, arguments->err);

    if (!failed)
        failed = usage_required("best", "--top N", arguments->top > 0 ? "" : NULL, arguments->err);
    if (!failed)
        failed = usage_required("best", "--job NEW.yaml", arguments->job, arguments->err);
    if (!failed && arguments->selection.n_keys == 0)
        failed = sort_keys_parse("--by", arguments->by, &arguments->selection, arguments->err);
    return failed;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case KEY_TOP:
        return usage_integer("--top", text, 1, INT32_MAX, &arguments->top, arguments->err);
    case KEY_BY:
        arguments->by = text;
        return sort_keys_parse("--by", text, &arguments->selection, arguments->err);
    case 'w':
        return filter_add(&arguments->filter, text, arguments->err) == MS_OK ? 0 : EINVAL;
    case KEY_JOB:
        return usage_file("--job", "the job file to write", text, &arguments->job, arguments->err);
    case KEY_DATA_FOLDER:
        return usage_file("--data-folder", "a folder", text, &arguments->data_folder, arguments->err);
    case KEY_FORCE:
        arguments->force = true;
        return 0;
    case ARGP_KEY_ARG:
        return usage_one_path("best", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return end(arguments);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options, .parser = parse, .args_doc = "OUT.h5 --top N --job NEW.yaml", .doc = doc};

/* ---- configurations that are equal ---------------------------------------------------------------------- */

static bool is_same(const struct ms_config *a, const struct ms_config *b)
{
    return a->n_h == b->n_h && a->activation == b->activation && a->learning_rate == b->learning_rate &&
           a->init_scale == b->init_scale && a->seed == b->seed && a->iterations == b->iterations;
}

static bool is_among(const struct ms_config *config, const struct ms_config *configs, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (is_same(config, &configs[i]))
            return true;
    return false;
}

/* ---- the choice ----------------------------------------------------------------------------------------- */

/* Sets chosen[] to the first configurations of the rows, at most *n, and *n to their number. The new job has the same
 * data sets, so that a configuration that was chosen on several of them is taken once. */
static void take(const struct arguments *arguments, const struct ms_grid *grid, const struct entries *entries,
                 const int64_t *rows, struct ms_config *chosen, int64_t *n)
{
    const int64_t selected = *n;

    *n = 0;
    for (int64_t i = 0; i < selected && *n < arguments->top; i++) {
        const struct ms_config config = ms_grid_config(grid, entries_at(entries, rows[i]).config);

        if (grid->n_datasets == 1 || !is_among(&config, chosen, *n))
            chosen[(*n)++] = config;
    }
}

/* Sets *chosen [*n] to the configurations, which the caller frees. */
static enum ms_code choose(struct arguments *arguments, const struct ms_grid *grid, struct ms_config **chosen,
                           int64_t *n, struct ms_error *err)
{
    struct entries entries = {0};
    int64_t *rows = NULL;
    enum ms_code code;

    arguments->selection.limit = grid->n_datasets > 1 ? INT64_MAX : arguments->top;
    code = entries_read(&entries, arguments->path, selection_requests(&arguments->selection), err);
    if (code == MS_OK)
        code = selection_make(&entries, &arguments->selection, &rows, n, err);
    if (code == MS_OK && *n == 0)
        code = ms_fail(err, MS_BAD_USAGE,
                       "%s: there is no configuration that is done or stopped and meets all conditions",
                       arguments->path);
    if (code == MS_OK) {
        *chosen = calloc((size_t)*n, sizeof **chosen);
        if (!*chosen)
            code = ms_fail_memory(err, arguments->path, "to choose from its configurations");
    }
    if (code == MS_OK)
        take(arguments, grid, &entries, rows, *chosen, n);
    free(rows);
    entries_free(&entries);
    return code;
}

/* ---- the new job ---------------------------------------------------------------------------------------- */

/* Reads the new job back and compares it with what was chosen. */
static enum ms_code check(const struct arguments *arguments, const struct ms_job *old, const char *text,
                          size_t bytes, const struct ms_config *chosen, int64_t n, struct ms_error *err)
{
    struct ms_job job = {0};
    struct ms_dataset *datasets = NULL;
    enum ms_code code = ms_job_parse(arguments->job, text, bytes, &job, err);
    bool is_right = code == MS_OK && ms_grid_configs(&job.grid) == n * job.grid.n_datasets;

    for (int64_t i = 0; is_right && i < n; i++) {
        const struct ms_config config = ms_grid_config(&job.grid, i);

        is_right = is_same(&config, &chosen[i]);
    }
    if (code == MS_OK && !is_right)
        code = ms_fail(err, MS_INTERNAL, "%s: the new job has other configurations than those chosen",
                       arguments->job);
    job.arrays = &ms_hdf5_arrays;
    if (code == MS_OK && old->data_file)
        code = ms_job_data(&job, NULL, &datasets, err);
    if (code == MS_OK && datasets)
        ms_job_know_data(&job, datasets);
    if (code == MS_OK && job.data_hash != old->data_hash)
        code = ms_fail(err, MS_BAD_INPUT, "%s: its samples are not those of %s; they may have changed",
                       job.data_file, arguments->path);
    ms_datasets_free(datasets, job.grid.n_datasets);
    ms_job_free(&job);
    return code;
}

static enum ms_code write_file(const struct arguments *arguments, const char *text, struct ms_error *err)
{
    struct output output = {0};
    struct stat status;
    enum ms_code code;

    if (!arguments->force && lstat(arguments->job, &status) == 0)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "%s already exists; choose another name, or replace it with --force", arguments->job);
    code = output_open(arguments->job, &output, err);
    if (code == MS_OK) {
        (void)fputs(text, output.file);
        code = output_commit(&output, err);
    }
    output_discard(&output);
    return code;
}

/* Writes the job with these configurations. */
static enum ms_code write_job(const struct arguments *arguments, const struct ms_job *job,
                              const struct ms_config *chosen, int64_t n, struct ms_error *err)
{
    const char *folders[] = {arguments->data_folder, arguments->path, arguments->job, "."};
    char *files[2] = {NULL, NULL}, *text = NULL;
    size_t bytes = 0;
    FILE *out;
    enum ms_code code = beside_find(folders, job->data_file, &files[0], err);

    if (code == MS_OK)
        code = beside_find(folders, job->dev_file, &files[1], err);
    out = code == MS_OK ? open_memstream(&text, &bytes) : NULL;
    if (code == MS_OK && !out)
        code = ms_fail_memory(err, arguments->job, "to write it");
    if (code == MS_OK) {
        (void)fprintf(out, "# The best %" PRId64 " %s of ", n,
                      ms_plural(n, "configuration", "configurations"));
        ms_printable_write(out, arguments->path);
        (void)fprintf(out, " by %s.\n", arguments->by);
        code = ms_job_write_configs(job, chosen, n, files[0], files[1], out, err);
        if (fclose(out) != 0 && code == MS_OK)
            code = ms_fail_memory(err, arguments->job, "to write it");
    }
    if (code == MS_OK)
        code = check(arguments, job, text, bytes, chosen, n, err);
    if (code == MS_OK)
        code = write_file(arguments, text, err);
    free(text);
    free(files[0]);
    free(files[1]);
    return code;
}

static enum ms_code write_best(struct arguments *arguments, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct stored_job stored = {0};
    struct ms_config *chosen = NULL;
    int64_t n = 0;
    enum ms_code code = filter_add(&arguments->filter, "status!=pending status!=diverged status!=dropped",
                                   err);

    if (code == MS_OK)
        code = ms_reader_open(arguments->path, &reader, err);
    if (code == MS_OK)
        code = stored_job_read(arguments->path, reader, &stored, err);
    if (code == MS_OK && !stored.known)
        code = ms_fail(err, stored.reason.code, "%s", stored.reason.text);
    if (code == MS_OK)
        code = choose(arguments, &stored.job.grid, &chosen, &n, err);
    if (code == MS_OK)
        code = write_job(arguments, &stored.job, chosen, n, err);
    if (code == MS_OK && n < arguments->top) {
        output_note(stderr, arguments->path);
        (void)fprintf(stderr, "only %" PRId64 " %s done or stopped and %s all conditions\n", n,
                      ms_plural(n, "configuration is", "configurations are"), ms_plural(n, "meets", "meet"));
    }
    free(chosen);
    stored_job_free(&stored);
    ms_reader_close(reader);
    return code;
}

enum ms_code command_best(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.by = "-dev_accuracy", .selection = selection_everything, .err = err};
    bool helped;
    enum ms_code code;

    arguments.selection.filter = &arguments.filter;
    code = usage_parse("best", &argp, argc, argv, &arguments, &helped, err);
    if (code == MS_OK && !helped)
        code = write_best(&arguments, err);
    filter_free(&arguments.filter);
    return code;
}
