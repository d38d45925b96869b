/* moonsweep show: lists the configurations of result files, filtered and sorted.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column_key.h"
#include "command.h"
#include "listing.h"
#include "sort_keys.h"
#include "usage.h"

enum { KEY_MIN_TRAIN = 0x100, KEY_MAX_GAP, KEY_MAX_SECONDS };

struct arguments {
    char **paths;
    int n_paths;
    int format; /* enum listing_format */
    struct selection_spec selection;
    struct filter filter;
    struct listing_columns columns; /* none: those of the format */
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0,
     "table (rounded numbers, the main columns), csv or json (every column, every digit)", 0},
    {"where", 'w', "CONDITIONS", 0,
     "Only configurations that meet all CONDITIONS, such as 'n_h=3 activation=tanh dev_accuracy>94'", 0},
    {"columns", 'c', "LIST", 0, "Show these columns, separated by commas, in this order", 0},
    {"min-train", KEY_MIN_TRAIN, "P", 0, "Only train accuracies strictly above P percent", 0},
    {"max-gap", KEY_MAX_GAP, "P", 0, "Only train and dev accuracies at most P percentage points apart", 0},
    {"max-seconds", KEY_MAX_SECONDS, "S", 0, "Only at most S seconds of processor time in training", 0},
    {"sort", 's', "KEYS", 0,
     "Sort by these columns, separated by commas, smallest first; -KEY: largest first", 0},
    {"reverse", 'r', NULL, 0, "Reverse the order", 0},
    {"limit", 'n', "N", 0, "At most N rows", 0},
    {0},
};

static const char doc[] =
    "List the configurations of one or more result files, one per row. The sweeps may still be running."
    "\v"
    "Without a filter every configuration is listed; pending ones have no results. The options --min-train, "
    "--max-gap and --max-seconds select only configurations that are done or stopped; --where selects those "
    "of every status, but none that have no value in one of its columns. Configurations without a value are "
    "sorted last. With several files, there is a column for the name of the file.\n"
    "\n"
    "Conditions are separated by spaces, and consist of a column, one of = != < <= > >=, and a value.\n"
    "\n"
    "Columns: file, config, dataset, samples, noise, data_seed, split_seed, fold, n_h, activation, "
    "learning_rate, seed, init_scale, iterations, train_accuracy, dev_accuracy, train_precision, "
    "train_recall, train_f1, train_mcc, dev_precision, dev_recall, dev_f1, dev_mcc, final_cost, train_cost, "
    "dev_cost, train_seconds, train_cpu_seconds, status, iterations_done, ended_by, rank, run, train_auc, "
    "dev_auc. The last two are computed from the stored parameters, and only if they are named. Headings of "
    "the table and unique beginnings of the names are accepted, too.\n"
    "\n"
    "Examples:\n"
    "  The fastest with a train accuracy above 95% and a gap of at most 1 point:\n"
    "    moonsweep show OUT.h5 --min-train 95 --max-gap 1 --sort train_cpu_seconds\n"
    "  The ten with the best dev accuracy, of equal ones the smallest first:\n"
    "    moonsweep show OUT.h5 --sort -dev_accuracy,n_h --limit 10\n"
    "  How good those with three hidden units and tanh are:\n"
    "    moonsweep show OUT.h5 -w 'n_h=3 activation=tanh' -c config,rate,dev_mcc\n"
    "  All of them, for a spreadsheet:\n"
    "    moonsweep show OUT.h5 --format csv > sweep.csv\n";

static error_t parse_columns(const char *text, struct arguments *arguments)
{
    struct listing_columns *shown = &arguments->columns;
    const struct column *column;
    char item[128];

    while (text) {
        sort_keys_next_item(&text, item);
        if (!column_key_find("--columns", item, &column, arguments->err))
            return EINVAL;
        for (int c = 0; c < shown->n; c++)
            if (shown->list[c] == column) {
                ms_fail(arguments->err, MS_BAD_USAGE, "--columns: %s is named twice", column->name);
                return EINVAL;
            }
        shown->list[shown->n++] = column; /* there are fewer columns than places */
    }
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct selection_spec *selection = &arguments->selection;

    switch (key) {
    case 'f':
        return usage_choice("--format", text, listing_names, LISTING_FORMAT_COUNT, &arguments->format,
                            arguments->err);
    case 'w':
        return filter_add(&arguments->filter, text, arguments->err) == MS_OK ? 0 : EINVAL;
    case 'c':
        return parse_columns(text, arguments);
    case KEY_MIN_TRAIN:
        return usage_real("--min-train", text, -INFINITY, INFINITY, &selection->min_train, arguments->err);
    case KEY_MAX_GAP:
        return usage_real("--max-gap", text, 0, INFINITY, &selection->max_gap, arguments->err);
    case KEY_MAX_SECONDS:
        return usage_real("--max-seconds", text, 0, INFINITY, &selection->max_seconds, arguments->err);
    case 's':
        return sort_keys_parse("--sort", text, selection, arguments->err);
    case 'r':
        selection->reverse ^= true;
        return 0;
    case 'n':
        return usage_integer("--limit", text, 1, INT64_MAX, &selection->limit, arguments->err);
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->n_paths = state->argc - state->next;
        return usage_paths("show", "result file", arguments->paths, arguments->n_paths, arguments->err);
    case ARGP_KEY_NO_ARGS:
        return usage_required("show", "a result file: moonsweep show OUT.h5", NULL, arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5...", .doc = doc};

/* What must be computed for the columns that are compared, sorted by or shown. */
static unsigned requests(const struct arguments *arguments)
{
    unsigned all = selection_requests(&arguments->selection);

    for (int i = 0; i < arguments->columns.n; i++)
        all |= column_requests(arguments->columns.list[i]);
    return all;
}

/* Reads all files and lists what was asked for. */
static enum ms_code list(struct arguments *arguments, struct ms_error *err)
{
    struct listing_columns *shown = &arguments->columns;
    struct entries entries = {0};
    int64_t *rows = NULL, count;
    enum ms_code code = MS_OK;

    for (int i = 0; i < arguments->n_paths && code == MS_OK; i++)
        code = entries_read(&entries, arguments->paths[i], requests(arguments), err);
    if (code == MS_OK)
        code = selection_make(&entries, &arguments->selection, &rows, &count, err);
    if (code == MS_OK) {
        if (shown->n == 0)
            listing_default_columns((enum listing_format)arguments->format, &entries, shown);
        listing_writers[arguments->format](stdout, shown, &entries, rows, count);
    }
    free(rows);
    entries_free(&entries);
    return code;
}

enum ms_code command_show(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.selection = selection_everything, .err = err};
    enum ms_code code;
    bool helped;

    arguments.selection.filter = &arguments.filter;
    code = usage_parse("show", &argp, argc, argv, &arguments, &helped, err);
    if (code == MS_OK && !helped)
        code = list(&arguments, err);
    filter_free(&arguments.filter);
    return code;
}
