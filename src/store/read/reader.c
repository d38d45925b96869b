/* Reads a result, serially, also while a run writes it: nothing is locked or cached.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "checksum.h"
#include "costs.h"
#include "moonsweep/plural.h"
#include "moonsweep/reader.h"
#include "reader_state.h"
#include "separate.h"

enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err)
{
    struct ms_reader *opened;
    int descriptor;
    enum ms_code code = ms_file_descriptor(path, O_RDONLY, &descriptor, err);

    if (code != MS_OK)
        return code;
    opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        (void)close(descriptor);
        return ms_fail_memory(err, path, "to open it");
    }
    code = ms_separate_open(path, descriptor, opened, err);
    if (code == MS_OK)
        *reader = opened;
    else
        ms_reader_close(opened);
    return code;
}

void ms_reader_close(struct ms_reader *reader)
{
    if (reader == NULL)
        return;
    for (int i = 0; i < MS_READER_TEXTS; i++)
        free(reader->texts[i]);
    free(reader->feature_names);
    ms_file_close(&reader->file);
    free(reader);
}

const struct ms_reader_info *ms_reader_info(const struct ms_reader *reader)
{
    return &reader->info;
}

/* ---- a network -------------------------------------------------------------------------------------- */

/* Finds the costs of a trajectory. */
static enum ms_code read_costs(const struct ms_file *file, int64_t trajectory, struct ms_costs *costs,
                               struct ms_error *err)
{
    const bool is_last = trajectory == file->shape.size[MS_DIM_TRAJECTORY] - 1;
    int64_t start[2] = {0, file->shape.size[MS_DIM_COST_SAMPLE]}, stored = 0, stride = 0;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_START, trajectory, is_last ? 1 : 2, start, err);

    if (code == MS_OK &&
        (start[0] < 0 || start[1] < start[0] || start[1] > file->shape.size[MS_DIM_COST_SAMPLE]))
        code = ms_fail(err, MS_BAD_INPUT, "%s: cost_start[%" PRId64 "] is %" PRId64 ": the file is corrupt",
                       file->path, trajectory, start[0]);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_COUNT, trajectory, 1, &stored, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_STRIDE, trajectory, 1, &stride, err);
    if (code == MS_OK && stride < 0)
        code = ms_fail(err, MS_BAD_INPUT, "%s: cost_stride[%" PRId64 "] is %" PRId64 ": the file is corrupt",
                       file->path, trajectory, stride);
    if (code == MS_OK)
        *costs = (struct ms_costs){.start = start[0],
                                   .count = ms_costs_count(stored, stride > 0 ? start[1] - start[0] : 0),
                                   .stride = stride};
    return code;
}

/* Reads the record of config and checks that it is final and matches its checksums. */
static enum ms_code read_row(const struct ms_reader *reader, const struct ms_record_layout *layout,
                             int64_t config, unsigned char *bytes, struct ms_row *row, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_costs costs;
    bool ok;
    enum ms_code code = ms_records_read(file, layout, config, 1, bytes, err);

    if (code != MS_OK)
        return code;
    ms_record_unpack(layout, bytes, row);
    if (row->status == MS_PENDING)
        return ms_fail(err, MS_BAD_USAGE,
                       "%s: configuration %" PRId64 " is pending and has no parameters yet", file->path,
                       config);
    if (row->status == MS_DROPPED)
        return ms_fail(err, MS_BAD_USAGE,
                       "%s: configuration %" PRId64
                       " has no parameters, because successive halving dropped it after %" PRId64 " %s",
                       file->path, config, row->iterations_done,
                       ms_plural(row->iterations_done, "iteration", "iterations"));
    if (row->config_trajectory < 0 || row->config_trajectory >= file->shape.size[MS_DIM_TRAJECTORY])
        return ms_fail(err, MS_BAD_INPUT, "%s: the trajectory of configuration %" PRId64 " does not exist",
                       file->path, config);
    code = read_costs(file, row->config_trajectory, &costs, err);
    if (code == MS_OK)
        code = ms_costs_rows_ok(file, layout, &costs, &config, 1, bytes, &ok, err);
    if (code == MS_OK && !ok)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: configuration %" PRId64
                       " does not match its checksum: run the sweep again to repair it",
                       file->path, config);
    return code;
}

enum ms_code ms_reader_network(struct ms_reader *reader, int64_t config, struct ms_network *network,
                               struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    struct ms_record_layout layout;
    unsigned char *bytes;
    struct ms_row row;
    enum ms_code code;

    if (config < 0 || config >= configs)
        return ms_fail(err, MS_BAD_USAGE, "%s: there is no configuration %" PRId64 "; they are 0 to %" PRId64,
                       file->path, config, configs - 1);
    ms_record_layout(&file->shape, MS_RECORD_CONFIG, &layout);
    bytes = malloc(layout.bytes);
    if (bytes == NULL)
        return ms_fail_memory(err, file->path, "for a configuration");
    code = read_row(reader, &layout, config, bytes, &row, err);
    if (code == MS_OK &&
        (row.n_h < 1 || row.n_h > file->shape.size[MS_DIM_UNIT] || row.activation >= MS_ACTIVATION_COUNT))
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: the network of configuration %" PRId64 " has an impossible shape", file->path,
                       config);
    if (code == MS_OK)
        code = ms_network_alloc(network, reader->info.n_x, row.n_h, (enum ms_activation)row.activation, err);
    if (code == MS_OK)
        ms_record_network(&layout, bytes, network);
    free(bytes);
    return code;
}

/* ---- a data set ------------------------------------------------------------------------------------- */

/* The variables with the first row, the number of rows, the samples and the labels of a set of samples. */
struct place {
    enum ms_variable start, count, X, y;
};

static enum ms_code read_data(const struct ms_file *file, int32_t dataset, const struct place *place,
                              struct ms_data *data, struct ms_error *err)
{
    int64_t start, rows, all = ms_schema_rows(&file->shape, place->X);
    enum ms_code code = ms_file_read(file, place->start, dataset, 1, &start, err);

    if (code == MS_OK)
        code = ms_file_read(file, place->count, dataset, 1, &rows, err);
    if (code != MS_OK)
        return code;
    if (start < 0 || rows < 1 || start > all || rows > all - start)
        return ms_fail(err, MS_BAD_INPUT, "%s: data set %" PRId32 " lies outside the variable %s", file->path,
                       dataset, ms_schema[place->X].name);
    code = ms_data_alloc(data, rows, (int32_t)file->shape.size[MS_DIM_FEATURE], err);
    if (code == MS_OK)
        code = ms_file_read(file, place->X, start, rows, data->X, err);
    if (code == MS_OK)
        code = ms_file_read(file, place->y, start, rows, data->y, err);
    return code;
}

/* Reads the standardization of a data set; leaves it NULL if its features are as they were. */
static enum ms_code read_standardization(const struct ms_file *file, int32_t dataset, struct ms_dataset *data,
                                         struct ms_error *err)
{
    const int64_t n_x = file->shape.size[MS_DIM_FEATURE];
    double *mean = malloc((size_t)n_x * sizeof *mean), *scale = malloc((size_t)n_x * sizeof *scale);
    bool is_any = false;
    enum ms_code code = MS_OK;

    if (mean == NULL || scale == NULL)
        code = ms_fail_memory(err, file->path, "for the standardization");
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_FEATURE_MEAN, dataset, 1, mean, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_FEATURE_SCALE, dataset, 1, scale, err);
    for (int64_t i = 0; code == MS_OK && i < n_x; i++)
        is_any = is_any || mean[i] != 0 || scale[i] != 1;
    if (is_any) {
        data->feature_mean = mean;
        data->feature_scale = scale;
        return MS_OK;
    }
    free(mean);
    free(scale);
    return code;
}

enum ms_code ms_reader_samples(const struct ms_file *file, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err)
{
    static const struct place train = {MS_VAR_TRAIN_START, MS_VAR_TRAIN_COUNT, MS_VAR_X_TRAIN,
                                       MS_VAR_Y_TRAIN};
    static const struct place dev = {MS_VAR_DEV_START, MS_VAR_DEV_COUNT, MS_VAR_X_DEV, MS_VAR_Y_DEV};
    struct ms_dataset found = {0};
    enum ms_code code = read_data(file, dataset, &train, &found.train, err);

    if (code == MS_OK)
        code = read_data(file, dataset, &dev, &found.dev, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_NOISE, dataset, 1, &found.noise, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_DATA_SEED, dataset, 1, &found.data_seed, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_SPLIT_SEED, dataset, 1, &found.split_seed, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_FOLD, dataset, 1, &found.fold, err);
    if (code == MS_OK)
        code = read_standardization(file, dataset, &found, err);
    if (code != MS_OK) {
        ms_dataset_free(&found);
        return code;
    }
    *data = found;
    return MS_OK;
}

enum ms_code ms_reader_standardization(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                                       struct ms_error *err)
{
    return read_standardization(&reader->file, dataset, data, err);
}

enum ms_code ms_reader_dataset(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_dataset found = {0};
    uint64_t checksum;
    enum ms_code code;

    if (dataset < 0 || dataset >= file->shape.size[MS_DIM_DATASET])
        return ms_fail(err, MS_BAD_USAGE, "%s: there is no data set %" PRId32 "; they are 0 to %" PRId64,
                       file->path, dataset, file->shape.size[MS_DIM_DATASET] - 1);
    code = ms_reader_samples(file, dataset, &found, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_DATA_CHECKSUM, dataset, 1, &checksum, err);
    if (code == MS_OK && reader->info.feature_names != NULL)
        code = ms_names_make(&found.names, reader->info.label_name, reader->info.label_values,
                             reader->info.n_x, reader->info.feature_names, err);
    if (code == MS_OK && checksum != ms_checksum_dataset(&found))
        code = ms_fail(err, MS_BAD_INPUT, "%s: data set %" PRId32 " does not match its checksum", file->path,
                       dataset);
    if (code != MS_OK) {
        ms_dataset_free(&found);
        return code;
    }
    *data = found;
    return MS_OK;
}

enum ms_code ms_reader_config_dataset(struct ms_reader *reader, int64_t config, int32_t *dataset,
                                      struct ms_error *err)
{
    int32_t found = 0;
    enum ms_code code = ms_file_read(&reader->file, MS_VAR_CONFIG_DATASET, config, 1, &found, err);

    if (code == MS_OK && (found < 0 || found >= reader->info.datasets))
        code = ms_fail(err, MS_BAD_INPUT, "%s: the data set of configuration %" PRId64 " does not exist",
                       reader->file.path, config);
    if (code == MS_OK)
        *dataset = found;
    return code;
}

enum ms_code ms_reader_origin(struct ms_reader *reader, int32_t dataset, struct ms_reader_origin *origin,
                              struct ms_error *err)
{
    struct ms_reader_origin found;
    const struct {
        enum ms_variable variable;
        void *value;
    } parts[] = {
        {MS_VAR_TRAIN_COUNT, &found.train_count},
        {MS_VAR_DEV_COUNT, &found.dev_count},
        {MS_VAR_DATA_SEED, &found.data_seed},
        {MS_VAR_SPLIT_SEED, &found.split_seed},
        {MS_VAR_FOLD, &found.fold},
        {MS_VAR_NOISE, &found.noise},
    };
    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < sizeof parts / sizeof parts[0]; i++)
        code = ms_file_read(&reader->file, parts[i].variable, dataset, 1, parts[i].value, err);
    if (code == MS_OK)
        *origin = found;
    return code;
}
