/* moonsweep predict: applies a trained network to new data.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "look.h"
#include "moonsweep/job.h"
#include "moonsweep/plural.h"
#include "moonsweep/reader.h"
#include "moonsweep/train.h"
#include "output.h"
#include "predict_arrays.h"
#include "predict_input.h"
#include "predict_text.h"
#include "usage.h"

enum { KEY_MOONS = 0x100, KEY_X, KEY_Y };

/* Values of `config` that are no index. */
enum { CONFIG_NOT_GIVEN = -1, CONFIG_BEST = -2 };

struct arguments {
    const char *path, *output;
    struct predict_source source; /* members that are NULL were not given */
    int64_t config;               /* an index, CONFIG_NOT_GIVEN or CONFIG_BEST */
    bool has_moons;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"config", 'c', "INDEX", 0,
     "The configuration whose network predicts, as numbered by `moonsweep show`, or `best`: the one with the "
     "highest dev accuracy, as `moonsweep status` names it",
     0},
    {"moons", KEY_MOONS, "N,NOISE,SEED", 0, "Predict N new samples of make_moons", 0},
    {"data", 'd', "FILE", 0,
     "Predict the samples of a CSV file, whose header names the features and, if known, `label`, in any "
     "order, or of an HDF5 file",
     0},
    {"X", KEY_X, "DATASET", 0,
     "The samples in an HDF5 file (default: as in the job of the result, where the default is X)", 0},
    {"y", KEY_Y, "DATASET", 0,
     "Their labels (default: without --X, as in the job of the result, where the default is y, if there is "
     "such a dataset)",
     0},
    {"output", 'o', "FILE.csv", 0, "Write each sample with its prediction to this file; - is standard output",
     0},
    {0},
};

static const char doc[] =
    "Apply the network of one configuration to new data, and report how good its predictions are."
    "\v"
    "The number of samples, the accuracy in percent, the cost and the four outcomes are written to standard "
    "output (with `--output -` to standard error). The predictions are CSV: the features, the probability "
    "that the label is 1, the prediction, and the label if it is known. An existing CSV file is replaced "
    "once the new one is complete, unless it is write-protected.\n"
    "\n"
    "Columns of --data are identified by their names: those in the result's attribute feature_names (x1 and "
    "x2 for two moons), and label, or the name that the column of labels had in the job's own file. The "
    "columns set, probability and prediction, which `moonsweep data` and "
    "`moonsweep predict` write, are skipped; any other column is refused. An HDF5 file has a dataset of "
    "samples x features and one of labels, as in the job: see --X and --y.\n"
    "\n"
    "Examples:\n"
    "  moonsweep predict OUT.h5 --config 126 --moons 500,0.25,0\n"
    "  moonsweep predict OUT.h5 --config best --data new.csv --output predicted.csv\n";

static error_t parse_end(const struct arguments *arguments)
{
    struct ms_error *err = arguments->err;

    if (!arguments->path)
        return usage_required("predict", "a result file: moonsweep predict OUT.h5 --config INDEX ...", NULL,
                              err);
    if (arguments->config == CONFIG_NOT_GIVEN)
        return usage_required("predict", "--config INDEX", NULL, err);
    if (!arguments->source.file && !arguments->has_moons)
        return usage_required("predict", "data: --moons N,NOISE,SEED or --data FILE", NULL, err);
    if (arguments->source.file && arguments->has_moons)
        return usage_required("predict", "one source of data: --moons or --data, not both", NULL, err);
    if ((arguments->source.X || arguments->source.y) &&
        !(arguments->source.file && predict_arrays_are(arguments->source.file))) {
        ms_fail(err, MS_BAD_USAGE, "predict: --%s is a dataset of an HDF5 file; give such a file with --data",
                arguments->source.X ? "X" : "y");
        return EINVAL;
    }
    return 0;
}

static error_t parse_config(const char *text, struct arguments *arguments)
{
    const bool is_word = isalpha((unsigned char)text[0]);

    if (strcmp(text, "best") == 0) {
        arguments->config = CONFIG_BEST;
        return 0;
    }
    if (!is_word)
        return usage_integer("--config", text, 0, INT64_MAX, &arguments->config, arguments->err);
    ms_fail(arguments->err, MS_BAD_USAGE, "--config is %s; it must be an integer of at least 0, or best",
            text);
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'c':
        return parse_config(text, arguments);
    case KEY_MOONS:
        arguments->has_moons = true;
        return ms_job_parse_moons(text, &arguments->source.moons, arguments->err) == MS_OK ? 0 : EINVAL;
    case 'd':
        return usage_file("--data", "a CSV or HDF5 file", text, &arguments->source.file, arguments->err);
    case KEY_X:
        arguments->source.X = text;
        return 0;
    case KEY_Y:
        arguments->source.y = text;
        return 0;
    case 'o':
        return usage_file("--output", "a file, or - for standard output", text, &arguments->output,
                          arguments->err);
    case ARGP_KEY_ARG:
        return usage_one_path("predict", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return parse_end(arguments);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "OUT.h5 --config INDEX --moons N,NOISE,SEED\nOUT.h5 --config INDEX --data FILE",
    .doc = doc,
};

/* Gives the samples the weights with which the networks of a data set were trained. */
static enum ms_code weigh(const char *path, struct ms_reader *reader, int32_t dataset,
                          struct ms_samples *samples, struct ms_error *err)
{
    const char *text = ms_reader_info(reader)->class_weight;
    struct ms_class_weight class_weight;
    struct ms_dataset trained = {0};
    double weight[2];
    enum ms_code code = ms_job_class_weight(path, text, &class_weight, err);

    if (code == MS_OK && class_weight.weighting == MS_WEIGHTING_BALANCED)
        code = ms_reader_dataset(reader, dataset, &trained, err);
    if (code == MS_OK && ms_class_weight_of(&class_weight, &trained.train, weight))
        code = ms_samples_weigh(samples, weight, err);
    ms_dataset_free(&trained);
    return code;
}

/* Applies network to the data and writes what was requested. */
static enum ms_code predict(const struct arguments *arguments, const struct ms_network *network,
                            struct ms_reader *reader, const struct predict_input *input, struct ms_error *err)
{
    const enum ms_precision precision = ms_reader_info(reader)->precision;
    const struct ms_data *data = &input->data;
    struct ms_samples samples = {0};
    struct ms_evaluation evaluation;
    const struct ms_kernel *kernel;
    struct output output = {0};
    double *probability = malloc((size_t)data->rows * sizeof *probability);
    enum ms_code code;

    if (!probability)
        return ms_fail_memory(err, "predict", "for %lld %s", (long long)data->rows,
                              ms_plural(data->rows, "sample", "samples"));
    code = ms_kernel_choose(precision, NULL, &kernel, err);
    if (code == MS_OK)
        code = ms_samples_make(&samples, data, precision, NULL, err);
    if (code == MS_OK && input->labelled)
        code = weigh(arguments->path, reader, input->dataset, &samples, err);
    if (code == MS_OK)
        code = ms_evaluate(kernel, network, &samples, NULL, NULL, &evaluation, err);
    if (code == MS_OK)
        code = ms_predict(kernel, network, &samples, probability, err);
    if (code == MS_OK && arguments->output) {
        code = output_open(arguments->output, &output, err);
        if (code == MS_OK) {
            predict_text_write_csv(output.file, input, probability);
            predict_text_write_outcome(output.file == stdout ? stderr : stdout, input, &evaluation);
            code = output_commit(&output, err);
        }
    } else if (code == MS_OK) {
        predict_text_write_outcome(stdout, input, &evaluation);
    }
    output_discard(&output);
    ms_samples_free(&samples);
    free(probability);
    return code;
}

/* Sets *config to the configuration that was asked for, and says on standard error which one is the best. */
static enum ms_code find_config(const struct arguments *arguments, struct ms_reader *reader, int64_t *config,
                                struct ms_error *err)
{
    struct ms_progress_table table = {0};
    struct look look = {0};
    enum ms_code code;

    *config = arguments->config;
    if (arguments->config != CONFIG_BEST)
        return MS_OK;
    code = ms_reader_progress_table(reader, &table, err);
    if (code != MS_OK)
        return code;
    look_count(&look, &table);
    ms_progress_table_free(&table);
    if (look.best.config < 0)
        return ms_fail(err, MS_BAD_USAGE, "%s: there is no best configuration: none is done",
                       arguments->path);
    *config = look.best.config;
    (void)fprintf(stderr, "moonsweep: configuration %lld is the best, with a dev accuracy of %.2f%%\n",
                  (long long)*config, look.best.dev_accuracy);
    return MS_OK;
}

enum ms_code command_predict(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.config = CONFIG_NOT_GIVEN, .err = err};
    struct ms_reader *reader = NULL;
    struct ms_network network = {0};
    struct predict_input input = {0};
    int64_t config = 0;
    enum ms_code code;
    bool helped;

    code = usage_parse("predict", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    if (arguments.output && arguments.source.file &&
        output_is_same_file(arguments.source.file, arguments.output))
        return ms_fail(err, MS_BAD_USAGE, "predict: the output %s is the data file itself; name another file",
                       arguments.output);

    code = ms_reader_open(arguments.path, &reader, err);
    if (code != MS_OK)
        return code;
    code = find_config(&arguments, reader, &config, err);
    if (code == MS_OK)
        code = ms_reader_network(reader, config, &network, err);
    if (code == MS_OK)
        code = predict_input_get(&arguments.source, arguments.path, reader, config, &input, err);
    if (code == MS_OK)
        code = predict(&arguments, &network, reader, &input, err);

    predict_input_free(&input);
    ms_network_free(&network);
    ms_reader_close(reader);
    return code;
}
