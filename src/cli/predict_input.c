/* Standardizes in float64 what was standardized for training, and rounds it then: so the samples have full precision
 * until then, whatever that of the networks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "predict_input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/csv.h"
#include "moonsweep/job.h"
#include "moonsweep/moons.h"
#include "moonsweep/plural.h"
#include "moonsweep/standardize.h"
#include "output.h"
#include "predict_arrays.h"

/* Refuses the samples of the result itself if they are standardized: predict would standardize them again. */
static enum ms_code check_source(const struct predict_source *source, const char *result,
                                 const struct ms_dataset *trained, struct ms_error *err)
{
    if (!source->file || !trained->feature_mean || !output_is_same_file(source->file, result))
        return MS_OK;
    return ms_fail(err, MS_BAD_USAGE,
                   "%s: its samples are standardized already, and predict standardizes what it reads; name a "
                   "file that `moonsweep data` has written, or that of the job",
                   source->file);
}

/* Standardizes the samples as the training samples of the network were. */
static enum ms_code standardize(const char *path, const struct ms_dataset *trained,
                                enum ms_precision precision, struct predict_input *input,
                                struct ms_error *err)
{
    const struct ms_data *data = &input->data;
    const size_t bytes = (size_t)data->rows * (size_t)data->n_x * sizeof *data->X;
    struct ms_error cause;
    enum ms_code code;

    input->given = malloc(bytes);
    if (!input->given || !data->X)
        return ms_fail_memory(err, "predict", "to standardize the samples");
    memcpy(input->given, data->X, bytes);
    code = ms_standardize_apply(&input->data, trained->feature_mean, trained->feature_scale, precision,
                                &cause);
    return code == MS_OK ? code : ms_fail(err, code, "%s: %s", path, cause.text);
}

/* Whether the columns have the names that files without a header get. */
static bool has_numbered_names(const struct ms_reader_info *info)
{
    bool has = strcmp(info->label_name, "label") == 0;

    for (int32_t i = 0; has && i < info->n_x; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "x%" PRId32, i + 1);
        has = strcmp(info->feature_names[i], name) == 0;
    }
    return has;
}

/* Whether the file of the job had no header, so that its columns were known by their order. */
static bool lacked_header(const char *result, const struct ms_reader_info *info)
{
    struct ms_job job;
    struct ms_error unread;
    bool lacked;

    if (!has_numbered_names(info) || ms_job_parse_set(result, info->job_text, strlen(info->job_text),
                                                      info->job_set, &job, &unread) != MS_OK)
        return false;
    lacked = job.data_file != NULL && job.label == NULL;
    ms_job_free(&job);
    return lacked;
}

/* Reads or makes the data, before they are standardized. */
static enum ms_code get_data(const struct predict_source *source, const char *result,
                             const struct ms_reader_info *info, enum ms_precision precision,
                             struct predict_input *input, struct ms_error *err)
{
    const int32_t n_x = info->n_x;
    const struct ms_moons *moons = &source->moons;
    struct ms_csv_wanted wanted = {.n_x = n_x,
                                   .features = info->feature_names,
                                   .precision = precision,
                                   .label = info->label_name,
                                   .label_values = info->label_values};

    if (source->file && predict_arrays_are(source->file))
        return predict_arrays_read(&(const struct predict_arrays){source->file, source->X, source->y}, info,
                                   &wanted, &input->data, &input->labelled, err);
    if (source->file) {
        wanted.may_lack_header = lacked_header(result, info);
        return ms_csv_read(source->file, &wanted, &input->data, &input->labelled, err);
    }
    if (n_x != 2)
        return ms_fail(err, MS_BAD_USAGE, "%s: its networks take %ld %s, but two moons have 2; use --data",
                       result, (long)n_x, ms_plural(n_x, "feature", "features"));
    input->labelled = true;
    return ms_moons_make(moons->samples, moons->noise, moons->seed, NULL, &input->data, err);
}

static enum ms_code check_names(const char *path, const struct ms_reader_info *info, struct ms_error *err)
{
    if (info->feature_names == NULL)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: the attribute feature_names is corrupt: it must hold %ld texts", path,
                       (long)info->n_x);
    if (info->label_values[0][0] == '\0' || info->label_values[1][0] == '\0')
        return ms_fail(err, MS_BAD_INPUT, "%s: the attribute label_values is corrupt: it must hold 2 texts",
                       path);
    return MS_OK;
}

enum ms_code predict_input_get(const struct predict_source *source, const char *result,
                               struct ms_reader *reader, int64_t config, struct predict_input *input,
                               struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(reader);
    struct ms_dataset trained = {0};
    enum ms_code code = check_names(result, info, err);

    input->features = info->feature_names;
    input->label_name = info->label_name;
    input->label_values = info->label_values;
    if (code == MS_OK)
        code = ms_reader_config_dataset(reader, config, &input->dataset, err);
    if (code == MS_OK)
        code = ms_reader_standardization(reader, input->dataset, &trained, err);
    if (code == MS_OK)
        code = check_source(source, result, &trained, err);
    if (code == MS_OK)
        code = get_data(source, result, info, trained.feature_mean ? MS_FLOAT64 : info->precision, input,
                        err);
    if (code == MS_OK && trained.feature_mean)
        code = standardize(source->file ? source->file : "--moons", &trained, info->precision, input, err);
    ms_dataset_free(&trained);
    return code;
}

void predict_input_free(struct predict_input *input)
{
    ms_data_free(&input->data);
    free(input->given);
}
