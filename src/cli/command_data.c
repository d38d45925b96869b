/* moonsweep data: writes a data set of a job as the sweep uses it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "classes.h"
#include "command.h"
#include "csv_text.h"
#include "data_notes.h"
#include "inputs.h"
#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/job.h"
#include "moonsweep/shortest.h"
#include "output.h"
#include "set_option.h"
#include "usage.h"

struct arguments {
    const char *job, *output;
    char *set;       /* owned */
    int64_t dataset; /* -1: not given */
    struct ms_error *err;
};

enum { KEY_SET = 0x100 };

static const struct argp_option options[] = {
    {"output", 'o', "DATA.csv", 0, "The file to write; - is standard output", 0},
    {"dataset", 'd', "N", 0, "The data set to write, of a job that has several; they are numbered from 0", 0},
    {"set", KEY_SET, "KEY=VALUE", 0, SET_OPTION_HELP, 0},
    {0},
};

static const char doc[] =
    "Write a data set of a job as the sweep uses it: CSV with the columns x1, x2, label and set (train or "
    "dev), or with those of the job's own file, the training set first, in the order in which it is trained, "
    "with every digit. Features are not standardized: `moonsweep predict` does that."
    "\v"
    "A job with lists of values in data, or with folds, has several data sets; `moonsweep show` lists which "
    "configurations have which one.\n"
    "\n"
    "An existing CSV file is replaced once the new one is complete, unless it is write-protected.\n"
    "\n"
    "Examples:\n"
    "  moonsweep data JOB.yaml -o DATA.csv\n"
    "  moonsweep data JOB.yaml -o - | head\n"
    "  moonsweep data FOLDS.yaml --dataset 2 -o FOLD.csv\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    error_t failed;

    switch (key) {
    case 'o':
        return usage_file("--output", "a file, or - for standard output", text, &arguments->output,
                          arguments->err);
    case 'd':
        return usage_integer("--dataset", text, 0, INT32_MAX, &arguments->dataset, arguments->err);
    case KEY_SET:
        return set_option_add(text, &arguments->set, arguments->err);
    case ARGP_KEY_ARG:
        return usage_one_path("data", "job file", text, &arguments->job, arguments->err);
    case ARGP_KEY_END:
        failed = usage_required("data", "a job file: moonsweep data JOB.yaml -o DATA.csv", arguments->job,
                                arguments->err);
        return failed ? failed
                      : usage_required("data", "-o DATA.csv (or -o - for standard output)", arguments->output,
                                       arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options, .parser = parse, .args_doc = "JOB.yaml -o DATA.csv", .doc = doc};

static void write_header(FILE *file, const struct ms_dataset *dataset)
{
    const struct ms_names *names = &dataset->names;

    for (int32_t feature = 0; feature < dataset->train.n_x; feature++) {
        if (names->texts)
            csv_text_write(file, names->features[feature]);
        else
            (void)fprintf(file, "x%ld", (long)feature + 1);
        (void)fputc(',', file);
    }
    csv_text_write(file, names->texts ? names->label : "label");
    (void)fputs(",set\n", file);
}

static void write_set(FILE *file, const struct ms_data *data, const struct ms_names *names, const char *set)
{
    static const char *const zero_and_one[] = {"0", "1"};
    const char *const *labels = names->texts ? names->label_values : zero_and_one;
    char text[MS_SHORTEST_CHARS];

    for (int64_t row = 0; row < data->rows; row++) {
        for (int32_t feature = 0; feature < data->n_x; feature++)
            (void)fprintf(file, "%s,", ms_shortest(data->X[row * data->n_x + feature], text));
        csv_text_write(file, labels[data->y[row]]);
        (void)fprintf(file, ",%s\n", set);
    }
}

/* Sets *dataset to the number of the data set that was asked for. */
static enum ms_code choose(const struct arguments *arguments, const struct ms_job *job, int32_t *dataset,
                           struct ms_error *err)
{
    const int32_t count = job->grid.n_datasets;

    if (arguments->dataset < 0 && count > 1)
        return ms_fail(err, MS_BAD_USAGE,
                       "data: %s has %ld data sets; choose one with --dataset N, from 0 to %ld",
                       arguments->job, (long)count, (long)count - 1);
    if (arguments->dataset >= count && count == 1)
        return ms_fail(err, MS_BAD_USAGE, "data: %s has no data set %lld; its only one is data set 0",
                       arguments->job, (long long)arguments->dataset);
    if (arguments->dataset >= count)
        return ms_fail(err, MS_BAD_USAGE, "data: %s has no data set %lld; its data sets are 0 to %ld",
                       arguments->job, (long long)arguments->dataset, (long)count - 1);
    *dataset = arguments->dataset < 0 ? 0 : (int32_t)arguments->dataset;
    return MS_OK;
}

static enum ms_code write_dataset(const struct arguments *arguments, const struct ms_dataset *dataset,
                                  struct ms_error *err)
{
    struct output output = {0};
    enum ms_code code = output_open(arguments->output, &output, err);

    if (code == MS_OK) {
        write_header(output.file, dataset);
        write_set(output.file, &dataset->train, &dataset->names, "train");
        write_set(output.file, &dataset->dev, &dataset->names, "dev");
        code = output_commit(&output, err);
    }
    output_discard(&output);
    return code;
}

/* Writes the data of the job. */
static enum ms_code write_data(const struct arguments *arguments, struct ms_error *err)
{
    struct ms_job job = {0};
    struct ms_dataset *datasets = NULL;
    int32_t chosen = 0;
    enum ms_code code = ms_job_read_set(arguments->job, arguments->set, &job, err);
    const bool is_standardized = job.standardize;

    job.arrays = &ms_hdf5_arrays;
    job.standardize = false; /* `predict` standardizes what it reads */
    if (code == MS_OK)
        code = inputs_check_output("data", &job, arguments->output, err);
    if (code == MS_OK)
        code = choose(arguments, &job, &chosen, err);
    if (code == MS_OK)
        code = ms_job_data(&job, NULL, &datasets, err);
    if (code == MS_OK)
        code = write_dataset(arguments, &datasets[chosen], err);
    if (code == MS_OK) {
        data_notes_write(stderr, arguments->job, &datasets[chosen], 1, is_standardized);
        classes_note(stderr, arguments->job, &datasets[chosen], 1);
    }

    ms_datasets_free(datasets, job.grid.n_datasets);
    ms_job_free(&job);
    return code;
}

enum ms_code command_data(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.dataset = -1, .err = err};
    bool helped;
    enum ms_code code = usage_parse("data", &argp, argc, argv, &arguments, &helped, err);

    if (code == MS_OK && !helped)
        code = write_data(&arguments, err);
    free(arguments.set);
    return code;
}
