/* moonsweep plan: says what a job means without running it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "command.h"
#include "data_notes.h"
#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/job.h"
#include "moonsweep/shortest.h"
#include "moonsweep/writer.h"
#include "plan_notes.h"
#include "plan_rules.h"
#include "plan_times.h"
#include "set_option.h"
#include "usage.h"
#include "value_text.h"

enum { KEY_SET = 0x100, KEY_RANKS, KEY_RANKS_PER_NODE, KEY_WITHIN };

/* More ranks than any MPI starts, but not so many that their simulation needs much memory. */
enum { MOST_RANKS = 1000000, MOST_RANKS_PER_NODE = 1024 };

static const char *const formats[] = {"text", "csv", "json"};
enum { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_COUNT };

struct arguments {
    const char *job;
    char *set; /* owned */
    int format;
    int64_t ranks, ranks_per_node; /* 0: not given */
    double within_s;               /* 0: not given */
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0, "text, csv (only the table of times) or json", 0},
    {"ranks", KEY_RANKS, "N", 0,
     "The number of MPI ranks (the cores granted on this machine), for which the time is estimated, and "
     "on which the number of checkpoint slots in large results depends",
     0},
    {"ranks-per-node", KEY_RANKS_PER_NODE, "N", 0,
     "The number of ranks on each node (the cores granted on this machine): ranks that have nothing left to "
     "train help others of their node. 1: nobody helps",
     0},
    {"within", KEY_WITHIN, "TIME", 0,
     "Find the smallest number of ranks that takes at most this time, such as 90, 15m, 2h or 1-12:00:00", 0},
    {"set", KEY_SET, "KEY=VALUE", 0, SET_OPTION_HELP, 0},
    {0},
};

static const char doc[] =
    "Say what a job means without running it: how many networks are trained on which data, how large the "
    "result will be, how much memory and time the sweep needs, and which settings may be mistakes. "
    "Nothing is written."
    "\v"
    "Configurations that differ only in their iteration count are one trajectory, which is trained once: "
    "`iterations` is the sum over trajectories. `result_bytes` is the space that `moonsweep run` asks for, "
    "which the result exceeds by no more than the length of its command line, and from which it falls short "
    "by less than 100 kB; `cost_bytes` of it are the costs of all iterations that the job stores. A note "
    "says if the current folder has less space. If the job has rules that end trajectories early, or "
    "halving, it also states them, how many trajectories take part in each rung at most, and "
    "`iterations_at_least` and `iterations_at_most`.\n"
    "\n"
    "To estimate times, some networks of the job are trained for about a second, on as many cores at once as "
    "there are ranks; so ask on a machine like those of the sweep, while it is quiet. `core_seconds` is what "
    "training takes on all ranks together, `wall_seconds` the time from the first lease to the last commit, "
    "`wall_seconds_no_teams` the same if no rank helps another, "
    "and `useful_ranks` the number beyond which more ranks save at most 5%. What help brings is computed "
    "from measurements on other machines. Trajectories that diverge, "
    "that a rule of the job ends or whose parameters recur take less. Memory is in bytes: "
    "`samples_bytes` once on each machine, besides them `first_rank_bytes` for rank 0 and `rank_bytes` for "
    "every other one.\n"
    "\n"
    "Examples:\n"
    "  moonsweep plan jobs/moons420.yaml\n"
    "  moonsweep plan jobs/moons420.yaml --within 10m\n"
    "  moonsweep plan jobs/smoke.yaml --set grid.n_h='[1, 2]' --format json\n";

static error_t end_of_arguments(const struct arguments *arguments)
{
    if (arguments->ranks > 0 && arguments->within_s > 0) {
        (void)ms_fail(arguments->err, MS_BAD_USAGE,
                      "plan: --ranks and --within exclude each other: give the number of ranks or the time");
        return EINVAL;
    }
    return usage_required("plan", "a job file: moonsweep plan JOB.yaml", arguments->job, arguments->err);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'f':
        return usage_choice("--format", text, formats, FORMAT_COUNT, &arguments->format, arguments->err);
    case KEY_RANKS:
        return usage_integer("--ranks", text, 1, MOST_RANKS, &arguments->ranks, arguments->err);
    case KEY_RANKS_PER_NODE:
        return usage_integer("--ranks-per-node", text, 1, MOST_RANKS_PER_NODE, &arguments->ranks_per_node,
                             arguments->err);
    case KEY_WITHIN:
        return usage_duration("--within", text, &arguments->within_s, arguments->err);
    case KEY_SET:
        return set_option_add(text, &arguments->set, arguments->err);
    case ARGP_KEY_ARG:
        return usage_one_path("plan", "job file", text, &arguments->job, arguments->err);
    case ARGP_KEY_END:
        return end_of_arguments(arguments);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "JOB.yaml", .doc = doc};

/* What the job means. */
struct plan {
    struct ms_job job;           /* owned */
    struct ms_dataset *datasets; /* [job.grid.n_datasets] owned */
    int64_t configs, trajectories, iterations, bytes, cost_bytes;
    struct plan_rules rules; /* owned */
    struct plan_times times; /* owned */
    char *notes;             /* owned: one on each line */
};

/* ---- finding out ---------------------------------------------------------------------------------------- */

/* Finds out the size of the result, and how much of it are costs. */
static void find_bytes(struct plan *plan)
{
    char command[] = "moonsweep run JOB.yaml -o OUT.h5";
    const struct ms_writer_spec spec = {.grid = &plan->job.grid,
                                        .datasets = plan->datasets,
                                        .precision = plan->job.precision,
                                        .class_weight = &plan->job.class_weight,
                                        .job_text = plan->job.text,
                                        .job_set = plan->job.set,
                                        .title = plan->job.name,
                                        .metadata = &plan->job.metadata,
                                        .command = command,
                                        .ranks = plan->times.ranks.wanted.ranks};

    plan->bytes = ms_writer_size(&spec);
    plan->cost_bytes = ms_writer_cost_bytes(&spec);
}

/* The data set with the smallest training set, of which there are notes. */
static const struct ms_dataset *smallest(const struct plan *plan)
{
    const struct ms_dataset *found = plan->datasets;

    for (int32_t d = 1; d < plan->job.grid.n_datasets; d++)
        if (plan->datasets[d].train.rows < found->train.rows)
            found = &plan->datasets[d];
    return found;
}

/* Collects the notes that `moonsweep run` writes, and further ones. */
static enum ms_code take_notes(const struct arguments *arguments, struct plan *plan, struct ms_error *err)
{
    const int32_t count = plan->job.grid.n_datasets;
    size_t bytes;
    FILE *file = open_memstream(&plan->notes, &bytes);
    enum ms_code code;
    bool is_whole;

    if (!file)
        return ms_fail_memory(err, arguments->job, "for the notes on it");
    data_notes_write(file, arguments->job, plan->datasets, count, plan->job.standardize);
    classes_note(file, arguments->job, plan->datasets, count);
    plan_notes_space(file, arguments->job, plan->bytes, plan->cost_bytes);
    code = plan_notes_write(file, arguments->job, &plan->rules, smallest(plan), err);
    is_whole = !ferror(file);
    if (fclose(file) != 0 || !is_whole || !plan->notes)
        return ms_fail_memory(err, arguments->job, "for the notes on it");
    return code;
}

static enum ms_code make_plan(const struct arguments *arguments, struct plan *plan, struct ms_error *err)
{
    enum ms_code code = ms_job_read_set(arguments->job, arguments->set, &plan->job, err);

    plan->job.arrays = &ms_hdf5_arrays;
    if (code == MS_OK)
        code = ms_job_data(&plan->job, NULL, &plan->datasets, err);
    if (code != MS_OK)
        return code;
    plan->configs = ms_grid_configs(&plan->job.grid);
    plan->trajectories = ms_grid_trajectories(&plan->job.grid);
    plan->iterations = ms_grid_iterations(&plan->job.grid);
    code = plan_rules_find(&plan->job, &plan->rules, err);
    if (code != MS_OK)
        return code;
    code = plan_times_make(&plan->job, plan->datasets,
                           &(struct plan_wish){.ranks = (int32_t)arguments->ranks,
                                               .within_s = arguments->within_s,
                                               .node_ranks = (int32_t)arguments->ranks_per_node},
                           &plan->times, err);
    if (code != MS_OK)
        return code;
    find_bytes(plan);
    return take_notes(arguments, plan, err);
}

static void free_plan(struct plan *plan)
{
    free(plan->notes);
    plan_rules_free(&plan->rules);
    plan_times_free(&plan->times);
    ms_datasets_free(plan->datasets, plan->job.grid.n_datasets);
    ms_job_free(&plan->job);
}

/* ---- saying it ------------------------------------------------------------------------------------------ */

static void write_set_text(const char *prefix, const char *name, const struct ms_data *data)
{
    const int64_t positives = ms_data_positives(data);

    (void)printf("%s%s_samples %" PRId64 "\n%s%s_label_0 %" PRId64 "\n%s%s_label_1 %" PRId64 "\n", prefix,
                 name, data->rows, prefix, name, data->rows - positives, prefix, name, positives);
}

/* Writes the figures of a data set; those of several begin with its number. */
static void write_dataset_text(const struct plan *plan, int32_t d)
{
    const struct ms_dataset *dataset = &plan->datasets[d];
    char prefix[32] = "", texts[2][MS_SHORTEST_CHARS];
    double weight[2];

    if (plan->job.grid.n_datasets > 1)
        (void)snprintf(prefix, sizeof prefix, "data_set_%" PRId32 "_", d);
    write_set_text(prefix, "train", &dataset->train);
    write_set_text(prefix, "dev", &dataset->dev);
    if (ms_class_weight_of(&plan->job.class_weight, &dataset->train, weight))
        (void)printf("%sclass_weight %s %s\n", prefix, ms_shortest(weight[0], texts[0]),
                     ms_shortest(weight[1], texts[1]));
}

static void write_text(const struct plan *plan)
{
    (void)printf("name %s\nconfigurations %" PRId64 "\ntrajectories %" PRId64 "\niterations %" PRId64 "\n",
                 plan->job.name, plan->configs, plan->trajectories, plan->iterations);
    (void)printf("precision %s\ndata_sets %" PRId32 "\nfeatures %" PRId32 "\n",
                 ms_precision_name(plan->job.precision), plan->job.grid.n_datasets,
                 plan->datasets[0].train.n_x);
    for (int32_t d = 0; d < plan->job.grid.n_datasets; d++)
        write_dataset_text(plan, d);
    plan_rules_write_text(stdout, &plan->rules);
    (void)printf("result_bytes %" PRId64 "\ncost_bytes %" PRId64 "\n", plan->bytes, plan->cost_bytes);
    plan_times_write_text(stdout, &plan->times);
    (void)fputs(plan->notes, stderr);
}

static void write_json_text(const char *text)
{
    value_write_json(stdout, (struct value){.kind = VALUE_TEXT, .text = text});
}

static void write_set_json(const char *name, const struct ms_data *data)
{
    const int64_t positives = ms_data_positives(data);

    (void)printf(", \"%s_samples\": %" PRId64 ", \"%s_labels\": [%" PRId64 ", %" PRId64 "]", name, data->rows,
                 name, data->rows - positives, positives);
}

/* Writes the notes as a list, without the beginning that all of them have. */
static void write_notes_json(char *notes)
{
    static const char mark[] = ": note: ";
    char *after;

    (void)fputs(",\n \"notes\": [", stdout);
    for (char *line = notes; *line != '\0'; line = after) {
        char *note = strstr(line, mark);

        after = line + strcspn(line, "\n");
        if (*after == '\n')
            *after++ = '\0';
        write_json_text(note ? note + strlen(mark) : line);
        (void)fputs(*after != '\0' ? ",\n  " : "", stdout);
    }
    (void)fputs("]}\n", stdout);
}

static void write_dataset_json(const struct plan *plan, const struct ms_dataset *dataset)
{
    char texts[2][MS_SHORTEST_CHARS];
    double weight[2];

    (void)ms_class_weight_of(&plan->job.class_weight, &dataset->train, weight);
    (void)printf("{\"features\": %" PRId32 ", \"class_weight\": [%s, %s]", dataset->train.n_x,
                 ms_shortest(weight[0], texts[0]), ms_shortest(weight[1], texts[1]));
    write_set_json("train", &dataset->train);
    write_set_json("dev", &dataset->dev);
    (void)fputc('}', stdout);
}

static void write_json(const struct plan *plan)
{
    (void)fputs("{\"name\": ", stdout);
    write_json_text(plan->job.name);
    (void)printf(",\n \"configurations\": %" PRId64 ", \"trajectories\": %" PRId64
                 ", \"iterations\": %" PRId64 ",\n \"precision\": \"%s\",\n \"data_sets\": [",
                 plan->configs, plan->trajectories, plan->iterations, ms_precision_name(plan->job.precision));
    for (int32_t d = 0; d < plan->job.grid.n_datasets; d++) {
        (void)fputs(d > 0 ? ",\n  " : "", stdout);
        write_dataset_json(plan, &plan->datasets[d]);
    }
    (void)fputc(']', stdout);
    plan_rules_write_json(stdout, &plan->rules);
    (void)printf(",\n \"result_bytes\": %" PRId64 ", \"cost_bytes\": %" PRId64, plan->bytes,
                 plan->cost_bytes);
    plan_times_write_json(stdout, &plan->times);
    write_notes_json(plan->notes);
}

static void write_csv(const struct plan *plan)
{
    plan_times_write_csv(stdout, &plan->times);
    (void)fputs(plan->notes, stderr);
}

static void (*const writers[FORMAT_COUNT])(const struct plan *plan) = {
    [FORMAT_TEXT] = write_text, [FORMAT_CSV] = write_csv, [FORMAT_JSON] = write_json};

enum ms_code command_plan(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.err = err};
    struct plan plan = {0};
    bool helped;
    enum ms_code code = usage_parse("plan", &argp, argc, argv, &arguments, &helped, err);

    if (code == MS_OK && !helped) {
        code = make_plan(&arguments, &plan, err);
        if (code == MS_OK)
            writers[arguments.format](&plan);
        free_plan(&plan);
    }
    free(arguments.set);
    return code;
}
