/* Reading a result, serially, also while it is being written: nothing of the file is locked or cached. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "file.h"
#include "hdf5_call.h"
#include "moonsweep/store.h"
#include "reader_state.h"
#include "root_attributes.h"
#include "row.h"
#include "verify.h"

/* The texts of the information, in the order of their places in it. */
static const char *const text_names[MS_READER_TEXTS] = {"title",      "job",     "program_version",
                                                        "git_commit", "command", "created"};

/* Whether the job's text is what its checksum was taken of. */
static enum ms_code check_job_text(const struct ms_reader *reader, const char *text, bool *holds,
                                   struct ms_error *err)
{
    char *stored = NULL;
    char due[17];
    enum ms_code code = ms_attribute_read_text(reader->file.path, reader->file.file, "job_checksum", &stored,
                                               err);

    ms_root_attributes_hash(ms_checksum_bytes(text, strlen(text)), due);
    *holds = stored != NULL && strcmp(stored, due) == 0;
    free(stored);
    return code;
}

static enum ms_code read_info(struct ms_reader *reader, struct ms_error *err)
{
    struct ms_reader_info *info = &reader->info;
    const char **places[MS_READER_TEXTS] = {&info->title,      &info->job_text, &info->program_version,
                                            &info->git_commit, &info->command,  &info->created};

    for (int i = 0; i < MS_READER_TEXTS; i++) {
        enum ms_code code = ms_attribute_read_text(reader->file.path, reader->file.file, text_names[i],
                                                   &reader->texts[i], err);

        if (code != MS_OK)
            return code;
        if (reader->texts[i] == NULL)
            return ms_fail(err, MS_BAD_INPUT, "%s: the attribute %s is missing", reader->file.path,
                           text_names[i]);
        *places[i] = reader->texts[i];
    }
    info->format_version = MS_FORMAT_VERSION; /* no other is opened */
    info->numerics = reader->file.numerics;
    info->job_hash = reader->file.job_hash;
    info->precision = reader->file.shape.precision;
    info->n_x = (int32_t)reader->file.shape.size[MS_DIM_FEATURE];
    info->train_rows = reader->file.shape.size[MS_DIM_TRAIN_SAMPLE];
    info->dev_rows = reader->file.shape.size[MS_DIM_DEV_SAMPLE];
    return check_job_text(reader, info->job_text, &info->job_text_holds, err);
}

enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err)
{
    struct ms_reader *opened = calloc(1, sizeof *opened);
    hid_t access;
    enum ms_code code;

    if (opened == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to open it", path);
    ms_hdf5_quiet();
    access = ms_hdf5_access();
    code = ms_file_open(path, access, H5F_ACC_RDONLY, &opened->file, err);
    ms_hdf5_close(access, H5Pclose);
    errno = 0;
    if (code == MS_OK)
        code = ms_hdf5_unread(path, read_info(opened, err), err);
    if (code != MS_OK) {
        ms_reader_close(opened);
        return code;
    }
    *reader = opened;
    return MS_OK;
}

void ms_reader_close(struct ms_reader *reader)
{
    struct ms_error ignored;

    if (reader == NULL)
        return;
    for (int i = 0; i < MS_READER_TEXTS; i++)
        free(reader->texts[i]);
    (void)ms_file_close(&reader->file, &ignored);
    free(reader);
}

const struct ms_reader_info *ms_reader_info(const struct ms_reader *reader)
{
    return &reader->info;
}

enum ms_code ms_reader_feature_names(const struct ms_reader *reader, const char ***names,
                                     struct ms_error *err)
{
    const int32_t n_x = reader->info.n_x;
    const char **found = NULL;
    enum ms_code code = ms_attribute_read_texts(reader->file.file, "feature_names", (size_t)n_x, &found, err);

    if (code != MS_OK)
        return code;
    if (found == NULL)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: the attribute feature_names is damaged: it must hold %" PRId32 " texts",
                       reader->file.path, n_x);
    *names = found;
    return MS_OK;
}

/* ---- a network -------------------------------------------------------------------------------------- */

/* Reads the row of config and checks that it is final and whole. */
static enum ms_code read_row(const struct ms_reader *reader, const struct ms_record_layout *layout,
                             int64_t config, unsigned char *row, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_extent extent;
    int64_t trajectory;
    bool believed;
    enum ms_code code = ms_records_read(file, layout, MS_RECORD_ALL, config, 1, row, err);

    if (code != MS_OK)
        return code;
    if (ms_row_status(layout, row) == MS_PENDING)
        return ms_fail(err, MS_BAD_USAGE,
                       "%s: configuration %" PRId64 " is pending: it has no parameters yet", file->path,
                       config);
    trajectory = ms_record_i32(layout, row, MS_VAR_CONFIG_TRAJECTORY);
    if (trajectory < 0 || trajectory >= file->shape.size[MS_DIM_TRAJECTORY])
        return ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " has no trajectory", file->path,
                       config);
    code = ms_verify_extents(file, trajectory, 1, &extent, err);
    if (code == MS_OK)
        code = ms_verify_rows(file, layout, &extent, config, 1, row, &believed, err);
    if (code == MS_OK && !believed)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: configuration %" PRId64
                       " does not hold its checksum: run the sweep again to repair it",
                       file->path, config);
    return code;
}

enum ms_code ms_reader_network(struct ms_reader *reader, int64_t config, struct ms_network *network,
                               struct ms_error *err)
{
    int64_t configs = reader->file.shape.size[MS_DIM_CONFIG];
    struct ms_record_layout layout;
    unsigned char *row = NULL;
    enum ms_activation activation;
    int32_t n_h;
    enum ms_code code;

    if (config < 0 || config >= configs)
        return ms_fail(err, MS_BAD_USAGE, "%s: there is no configuration %" PRId64 "; they are 0 to %" PRId64,
                       reader->file.path, config, configs - 1);
    ms_record_layout(&reader->file.shape, MS_RECORD_CONFIG, &layout);
    row = malloc(layout.bytes);
    if (row == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for a configuration", reader->file.path);
    code = read_row(reader, &layout, config, row, err);
    if (code != MS_OK)
        goto cleanup;
    n_h = ms_record_i32(&layout, row, MS_VAR_N_H);
    if (n_h < 1 || n_h > reader->file.shape.size[MS_DIM_UNIT] ||
        !ms_activation_find((const char *)row + layout.offset[MS_VAR_ACTIVATION], &activation)) {
        code = ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " has no network of this format",
                       reader->file.path, config);
        goto cleanup;
    }
    code = ms_network_alloc(network, reader->info.n_x, n_h, activation, err);
    if (code == MS_OK)
        ms_record_network(&layout, row, network);
cleanup:
    free(row);
    return code;
}

/* ---- a data set ------------------------------------------------------------------------------------- */

/* Where one set of samples is: the variables with its first row, its length, its rows and its labels. */
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
        code = ms_fail(err, MS_BAD_INPUT, "%s: data set %" PRId32 " does not hold its checksum", file->path,
                       dataset);
    if (code != MS_OK) {
        ms_dataset_free(&found);
        return code;
    }
    *data = found;
    return MS_OK;
}
