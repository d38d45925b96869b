/* moonsweep show: lists the configurations of a result file, filtered and sorted. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "listing.h"
#include "selection.h"
#include "usage.h"

enum { KEY_MIN_TRAIN = 0x100, KEY_MAX_GAP, KEY_MAX_SECONDS };

struct arguments {
    const char *path;
    int format; /* enum listing_format */
    struct selection_spec selection;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0,
     "table (rounded numbers, the main columns), csv or json (every column, every digit)", 0},
    {"min-train", KEY_MIN_TRAIN, "P", 0, "Only train accuracies strictly above P percent", 0},
    {"max-gap", KEY_MAX_GAP, "P", 0, "Only train and dev accuracies at most P percentage points apart", 0},
    {"max-seconds", KEY_MAX_SECONDS, "S", 0, "Only at most S seconds of processor time in training", 0},
    {"sort", 's', "KEY", 0, "Sort by this column, smallest first; -KEY: largest first", 0},
    {"reverse", 'r', NULL, 0, "Reverse the order", 0},
    {"limit", 'n', "N", 0, "At most N rows", 0},
    {0},
};

static const char doc[] =
    "List the configurations of a result file, one per row. The sweep may still be running."
    "\v"
    "Without a filter every configuration is listed; pending ones have no results. A filter selects only "
    "configurations that are done. Configurations without a value are sorted last.\n"
    "\n"
    "Keys: config, n_h, activation, learning_rate, seed, init_scale, iterations, train_accuracy, "
    "dev_accuracy, final_cost, train_cost, dev_cost, train_seconds, train_cpu_seconds, status, "
    "iterations_done, rank, run.\n"
    "\n"
    "Examples:\n"
    "  The fastest with a train accuracy above 95% and a gap of at most 1 point:\n"
    "    moonsweep show OUT.h5 --min-train 95 --max-gap 1 --sort train_cpu_seconds\n"
    "  The ten with the best dev accuracy:\n"
    "    moonsweep show OUT.h5 --sort -dev_accuracy --limit 10\n"
    "  All of them, for a spreadsheet:\n"
    "    moonsweep show OUT.h5 --format csv > sweep.csv\n";

static error_t parse_sort(const char *text, struct arguments *arguments)
{
    const bool descending = text[0] == '-';
    const char *names[64];
    int unused;

    arguments->selection.sort = column_find(text + descending);
    if (arguments->selection.sort) {
        arguments->selection.descending ^= descending;
        return 0;
    }
    if (strcmp(text, "-") == 0) {
        ms_fail(arguments->err, MS_BAD_USAGE,
                "--sort is -; the name of a column must follow the dash, such as -dev_accuracy");
        return EINVAL;
    }
    for (int c = 0; c < column_count; c++)
        names[c] = columns[c].name;
    return usage_choice("--sort", text + descending, names, column_count, &unused, arguments->err);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct selection_spec *selection = &arguments->selection;

    switch (key) {
    case 'f':
        return usage_choice("--format", text, listing_names, LISTING_FORMAT_COUNT, &arguments->format,
                            arguments->err);
    case KEY_MIN_TRAIN:
        return usage_real("--min-train", text, -INFINITY, INFINITY, &selection->min_train, arguments->err);
    case KEY_MAX_GAP:
        return usage_real("--max-gap", text, 0, INFINITY, &selection->max_gap, arguments->err);
    case KEY_MAX_SECONDS:
        return usage_real("--max-seconds", text, 0, INFINITY, &selection->max_seconds, arguments->err);
    case 's':
        return parse_sort(text, arguments);
    case 'r':
        selection->descending ^= true;
        return 0;
    case 'n':
        return usage_integer("--limit", text, 1, INT64_MAX, &selection->limit, arguments->err);
    case ARGP_KEY_ARG:
        return usage_one_path("show", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return usage_required("show", "a result file: moonsweep show OUT.h5", arguments->path,
                              arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5", .doc = doc};

enum ms_code command_show(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.selection = selection_everything, .err = err};
    struct ms_reader *reader = NULL;
    struct ms_table table = {0};
    int64_t *rows = NULL, count;
    enum ms_code code;
    bool helped;

    code = usage_parse("show", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;

    code = ms_reader_open(arguments.path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_table(reader, &table, err);
    if (code == MS_OK)
        code = selection_make(&table, &arguments.selection, &rows, &count, err);
    if (code == MS_OK)
        listing_writers[arguments.format](stdout, &table, rows, count);

    free(rows);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}
