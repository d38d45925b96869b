/* Reads the root attributes into texts that the reader owns, and lets its info point to them. That is a
 * separate step, ms_inspect_point, since a process that receives the texts from another one (report.c) has
 * them at other addresses.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "hdf5_call.h"
#include "root_attributes.h"

/* The attributes that are texts, in the order of `places` in ms_inspect_point. */
static const char *const text_names[MS_READER_PLAIN_TEXTS] = {
    "title", "job", "program_version", "git_commit", "command", "date_created", "class_weight"};

void ms_inspect_point(struct ms_reader *reader)
{
    const struct ms_file *file = &reader->file;
    struct ms_reader_info *info = &reader->info;
    const char **places[MS_READER_TEXTS] = {
        &info->title,           &info->job_text,   &info->program_version, &info->git_commit,
        &info->command,         &info->created,    &info->class_weight,    &info->label_values[0],
        &info->label_values[1], &info->label_name, &info->job_set};

    for (int i = 0; i < MS_READER_TEXTS; i++)
        *places[i] = reader->texts[i];
    info->feature_names = reader->feature_names;
    info->format_version = MS_FORMAT_VERSION; /* no other version is opened */
    info->numerics = file->numerics;
    info->job_hash = file->job_hash;
    info->precision = file->shape.precision;
    info->n_x = (int32_t)file->shape.size[MS_DIM_FEATURE];
    info->datasets = (int32_t)file->shape.size[MS_DIM_DATASET];
    info->train_rows = file->shape.size[MS_DIM_TRAIN_SAMPLE];
    info->dev_rows = file->shape.size[MS_DIM_DEV_SAMPLE];
}

/* Sets *ok to whether the text of the job matches its checksum. */
static enum ms_code check_job_text(const struct ms_reader *reader, hid_t hdf5, bool *ok, struct ms_error *err)
{
    const struct ms_reader_info *info = &reader->info;
    char *stored = NULL;
    char expected[17];
    enum ms_code code = ms_attribute_read_text(reader->file.path, hdf5, "job_checksum", &stored, err);

    ms_root_attributes_hash(ms_root_attributes_job_checksum(info->job_text, info->job_set), expected);
    *ok = stored != NULL && strcmp(stored, expected) == 0;
    free(stored);
    return code;
}

static enum ms_code read_texts(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    for (int i = 0; i < MS_READER_PLAIN_TEXTS; i++) {
        enum ms_code code = ms_attribute_read_text(reader->file.path, hdf5, text_names[i], &reader->texts[i],
                                                   err);

        if (code != MS_OK)
            return code;
        if (reader->texts[i] == NULL)
            return ms_fail(err, MS_BAD_INPUT, "%s: the attribute %s is missing", reader->file.path,
                           text_names[i]);
    }
    return MS_OK;
}

/* Reads the settings of the job, which only some results have. */
static enum ms_code read_settings(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    char **text = &reader->texts[MS_READER_TEXTS - 1];
    enum ms_code code = ms_attribute_read_text(reader->file.path, hdf5, "job_set", text, err);

    if (code == MS_OK && *text == NULL)
        *text = strdup("");
    return code == MS_OK && *text == NULL ? ms_fail_memory(err, reader->file.path, "to read its attributes")
                                          : code;
}

/* Reads the values of the labels and the name of their column, which only results of samples from files have. */
static enum ms_code read_label_texts(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    char **texts = &reader->texts[MS_READER_PLAIN_TEXTS];
    const char **values = NULL;
    enum ms_code code = ms_attribute_read_texts(hdf5, "label_values", 2, &values, err);

    if (code == MS_OK)
        code = ms_attribute_read_text(reader->file.path, hdf5, "label_name", &texts[2], err);
    for (int i = 0; i < 2; i++)
        texts[i] = strdup(values != NULL ? values[i] : "");
    if (texts[2] == NULL)
        texts[2] = strdup("label");
    free(values);
    if (code == MS_OK && (texts[0] == NULL || texts[1] == NULL || texts[2] == NULL))
        code = ms_fail_memory(err, reader->file.path, "to read its attributes");
    return code;
}

static enum ms_code read_info(struct ms_reader *reader, hid_t hdf5, struct ms_error *err)
{
    struct ms_reader_info *info = &reader->info;
    enum ms_code code = read_texts(reader, hdf5, err);

    if (code == MS_OK)
        code = read_label_texts(reader, hdf5, err);
    if (code == MS_OK)
        code = read_settings(reader, hdf5, err);
    if (code != MS_OK)
        return code;
    ms_inspect_point(reader);
    code = ms_attribute_read_texts(hdf5, "feature_names", (size_t)info->n_x, &reader->feature_names, err);
    info->feature_names = reader->feature_names;
    if (code == MS_OK)
        code = check_job_text(reader, hdf5, &info->job_text_ok, err);
    /* HDF5 does not always tell an attribute that is missing from one that it has no memory for. */
    if (code == MS_OK && (info->feature_names == NULL || !info->job_text_ok) && errno == ENOMEM)
        code = ms_fail_memory(err, reader->file.path, "to read its attributes");
    return code;
}

enum ms_code ms_inspect(const char *path, int descriptor, const struct ms_structure_layouts *layouts,
                        struct ms_reader *reader, struct ms_error *err)
{
    hid_t hdf5 = H5I_INVALID_HID;
    enum ms_code code = ms_file_take_as(path, descriptor, layouts, &hdf5, &reader->file, err);

    errno = 0;
    if (code == MS_OK)
        code = ms_hdf5_check_errno(path, read_info(reader, hdf5, err), err);
    ms_hdf5_close(hdf5, H5Fclose);
    return code;
}
