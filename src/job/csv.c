/* Reads a CSV file as a whole, then its header, then its rows. Files to train on and files for known features
 * differ in how the header is read, and in whether the labels are fixed before or found in the rows.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/csv.h"

#include <stdlib.h>
#include <string.h>

#include "csv_rows.h"
#include "moonsweep/float_environment.h"
#include "textfile.h"

/* The file is read as a whole; larger data need a binary format. */
static const size_t largest_file = (size_t)2 * 1024 * 1024 * 1024 - 1;

/* Begins to read a text. */
static enum ms_code begin(struct ms_csv_reading *reading, const char *path, const char *text, size_t bytes,
                          enum ms_precision precision, struct ms_error *err)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t mark = bytes >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;

    *reading = (struct ms_csv_reading){
        .cursor = {.path = path, .at = text + mark, .end = text + bytes, .line = 1}, .precision = precision};
    return ms_textfile_check_start(path, text, bytes, err);
}

enum ms_code ms_csv_parse(const char *path, const char *text, size_t bytes,
                          const struct ms_csv_wanted *wanted, struct ms_data *data, bool *labelled,
                          struct ms_error *err)
{
    static const char *const zero_and_one[] = {"0", "1"};
    const struct ms_float_environment found = ms_float_environment_enter();
    struct ms_csv_reading reading;
    enum ms_code code = begin(&reading, path, text, bytes, wanted->precision, err);

    reading.stop = wanted->stop;
    ms_labels_fix(&reading.labels, wanted->label_values != NULL ? wanted->label_values : zero_and_one);
    if (code == MS_OK)
        code = ms_csv_header_read(&reading.cursor, wanted, &reading.header, err);
    if (code == MS_OK)
        code = ms_csv_rows_read(&reading, wanted->n_x, data, err);
    ms_float_environment_leave(&found);
    if (code == MS_OK)
        *labelled = reading.header.has_label;
    ms_csv_header_free(&reading.header);
    return code;
}

/* ---- files to train on ------------------------------------------------------------------------------------ */

static enum ms_code copy_names(const struct ms_csv_header *header, const char *const label_values[2],
                               struct ms_names *names, struct ms_error *err)
{
    const char **features = malloc((size_t)header->n_columns * sizeof(char *));
    const char *label = NULL;
    enum ms_code code;

    if (features == NULL)
        return ms_fail_memory(err, NULL, "for the names of the columns");
    for (int64_t i = 0; i < header->n_columns; i++)
        if (header->columns[i].role == MS_CSV_LABEL)
            label = header->columns[i].name;
        else
            features[header->columns[i].feature] = header->columns[i].name;
    code = ms_names_make(names, label, label_values, (int32_t)header->n_columns - 1, features, err);
    free(features);
    return code;
}

static enum ms_code learn_text(const char *path, const char *text, size_t bytes, const char *label,
                               enum ms_precision precision, const struct ms_stop_request *stop,
                               struct ms_csv_samples *samples, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    struct ms_csv_samples made = {0};
    struct ms_csv_reading reading;
    const char *label_values[2];
    enum ms_code code = begin(&reading, path, text, bytes, precision, err);

    reading.stop = stop;
    if (code == MS_OK)
        code = ms_csv_header_learn(&reading.cursor, label, &reading.header, err);
    if (code == MS_OK)
        code = ms_csv_rows_read(&reading, (int32_t)reading.header.n_columns - 1, &made.data, err);
    if (code == MS_OK)
        code = ms_labels_order(path, &reading.labels, &made.data, label_values, err);
    if (code == MS_OK)
        code = copy_names(&reading.header, label_values, &made.names, err);
    ms_float_environment_leave(&found);
    made.has_header = !reading.header.is_absent;
    ms_csv_header_free(&reading.header);
    if (code == MS_OK)
        *samples = made;
    else
        ms_csv_samples_free(&made);
    return code;
}

enum ms_code ms_csv_learn_text(const char *path, const char *text, size_t bytes, const char *label,
                               enum ms_precision precision, struct ms_csv_samples *samples,
                               struct ms_error *err)
{
    return learn_text(path, text, bytes, label, precision, NULL, samples, err);
}

void ms_csv_samples_free(struct ms_csv_samples *samples)
{
    ms_data_free(&samples->data);
    ms_names_free(&samples->names);
}

/* ---- files ---------------------------------------------------------------------------------------------- */

enum ms_code ms_csv_read(const char *path, const struct ms_csv_wanted *wanted, struct ms_data *data,
                         bool *labelled, struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, wanted->stop, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = ms_csv_parse(path, text, bytes, wanted, data, labelled, err);
    free(text);
    return code;
}

enum ms_code ms_csv_learn(const char *path, const char *label, enum ms_precision precision,
                          const struct ms_stop_request *stop, struct ms_csv_samples *samples,
                          struct ms_error *err)
{
    char *text = NULL;
    size_t bytes = 0;
    enum ms_code code = ms_textfile_read(path, largest_file, stop, &text, &bytes, err);

    if (code != MS_OK)
        return code;
    code = learn_text(path, text, bytes, label, precision, stop, samples, err);
    free(text);
    return code;
}
