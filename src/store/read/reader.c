/* Reads a result, serially, also while a run writes it: nothing is locked or cached. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "checksum.h"
#include "costs.h"
#include "file.h"
#include "hdf5_call.h"
#include "moonsweep/reader.h"
#include "reader_state.h"
#include "root_attributes.h"

/* The attributes that are texts, in the order of `places` in read_texts. */
static const char *const text_names[MS_READER_TEXTS] = {"title",      "job",     "program_version",
                                                        "git_commit", "command", "created"};

/* Sets *ok to whether the text of the job matches its checksum. */
static enum ms_code check_job_text(const struct ms_reader *reader, hid_t hdf5, const char *text, bool *ok,
                                   struct ms_error *err)
{
    char *stored = NULL;
    char expected[17];
    enum ms_code code = ms_attribute_read_text(reader->file.path, hdf5, "job_checksum", &stored, err);

    ms_root_attributes_hash(ms_checksum_bytes(text, strlen(text)), expected);
    *ok = stored != NULL && strcmp(stored, expected) == 0;
    free(stored);
    return code;
}

static enum ms_code read_texts(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    struct ms_reader_info *info = &reader->info;
    const char **places[MS_READER_TEXTS] = {&info->title,      &info->job_text, &info->program_version,
                                            &info->git_commit, &info->command,  &info->created};

    for (int i = 0; i < MS_READER_TEXTS; i++) {
        enum ms_code code = ms_attribute_read_text(reader->file.path, hdf5, text_names[i], &reader->texts[i],
                                                   err);

        if (code != MS_OK)
            return code;
        if (reader->texts[i] == NULL)
            return ms_fail(err, MS_BAD_INPUT, "%s: the attribute %s is missing", reader->file.path,
                           text_names[i]);
        *places[i] = reader->texts[i];
    }
    return MS_OK;
}

static enum ms_code read_info(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_reader_info *info = &reader->info;
    enum ms_code code = read_texts(reader, hdf5, err);

    if (code != MS_OK)
        return code;
    info->format_version = MS_FORMAT_VERSION; /* no other version is opened */
    info->numerics = file->numerics;
    info->job_hash = file->job_hash;
    info->precision = file->shape.precision;
    info->n_x = (int32_t)file->shape.size[MS_DIM_FEATURE];
    info->train_rows = file->shape.size[MS_DIM_TRAIN_SAMPLE];
    info->dev_rows = file->shape.size[MS_DIM_DEV_SAMPLE];
    code = ms_attribute_read_texts(hdf5, "feature_names", (size_t)info->n_x, &reader->feature_names, err);
    info->feature_names = reader->feature_names;
    return code == MS_OK ? check_job_text(reader, hdf5, info->job_text, &info->job_text_ok, err) : code;
}

enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err)
{
    struct ms_reader *opened = calloc(1, sizeof *opened);
    hid_t hdf5;
    enum ms_code code;

    if (opened == NULL)
        return ms_fail_memory(err, path, "to open it");
    code = ms_file_open(path, O_RDONLY, &hdf5, &opened->file, err);
    errno = 0;
    if (code == MS_OK)
        code = ms_hdf5_check_errno(path, read_info(opened, hdf5, err), err);
    ms_hdf5_close(hdf5, H5Fclose);
    if (code != MS_OK) {
        ms_reader_close(opened);
        return code;
    }
    *reader = opened;
    return MS_OK;
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
    int64_t start[2] = {0, file->shape.size[MS_DIM_COST_SAMPLE]}, stored = 0;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_START, trajectory, is_last ? 1 : 2, start, err);

    if (code == MS_OK &&
        (start[0] < 0 || start[1] < start[0] || start[1] > file->shape.size[MS_DIM_COST_SAMPLE]))
        code = ms_fail(err, MS_BAD_INPUT, "%s: cost_start[%" PRId64 "] is %" PRId64 ": the file is corrupt",
                       file->path, trajectory, start[0]);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_COUNT, trajectory, 1, &stored, err);
    if (code == MS_OK)
        *costs = (struct ms_costs){.start = start[0], .count = ms_costs_count(stored, start[1] - start[0])};
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
    if (row->config_trajectory < 0 || row->config_trajectory >= file->shape.size[MS_DIM_TRAJECTORY])
        return ms_fail(err, MS_BAD_INPUT, "%s: the trajectory of configuration %" PRId64 " does not exist",
                       file->path, config);
    code = read_costs(file, row->config_trajectory, &costs, err);
    if (code == MS_OK)
        code = ms_costs_rows_ok(file, layout, &costs, config, 1, bytes, &ok, err);
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
    if (code != MS_OK) {
        ms_dataset_free(&found);
        return code;
    }
    *data = found;
    return MS_OK;
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
