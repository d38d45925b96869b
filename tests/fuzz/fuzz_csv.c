/* The reader of CSV files: any bytes are either samples of two features or refused with one sentence. Samples that are
 * read come back with the same bits when they are written as a plain file, or with the columns in another order.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "moonsweep/csv.h"

enum { FEATURES = 2 };

static const char path[] = "samples.csv";

/* The names of two features, and how they are written in a header. */
struct names {
    const char *features[FEATURES], *written[FEATURES];
};
static const struct names plain = {{"x1", "x2"}, {"x1", "x2"}};
static const struct names quoted = {{"x,\"1\"", "x\n2"}, {"\"x,\"\"1\"\"\"", "\"x\n2\""}};

/* Writes the samples as plain CSV, without quotes or other columns. */
static void write_plainly(FILE *out, const struct names *names, const struct ms_data *data, bool labelled)
{
    (void)fprintf(out, "%s,%s%s\n", names->written[0], names->written[1], labelled ? ",label" : "");
    for (int64_t row = 0; row < data->rows; row++) {
        const double *x = data->X + row * FEATURES;

        (void)fprintf(out, "%.17g,%.17g", x[0], x[1]);
        if (labelled)
            (void)fprintf(out, ",%d", data->y[row]);
        (void)fputc('\n', out);
    }
}

/* Writes the samples with the columns in another order, between columns that are skipped. */
static void write_reordered(FILE *out, const struct names *names, const struct ms_data *data, bool labelled)
{
    (void)fprintf(out, "set,%s%s,prediction,%s,probability\n", names->written[1], labelled ? ",label" : "",
                  names->written[0]);
    for (int64_t row = 0; row < data->rows; row++) {
        const double *x = data->X + row * FEATURES;

        (void)fprintf(out, ",%.17g", x[1]);
        if (labelled)
            (void)fprintf(out, ",%d", data->y[row]);
        (void)fprintf(out, ",\"a,\"\"b\",%.17g,nan\n", x[0]);
    }
}

typedef void write_samples(FILE *, const struct names *, const struct ms_data *, bool);

static void require_same(const struct names *names, const struct ms_data *data, bool labelled,
                         write_samples *write)
{
    const struct ms_csv_wanted wanted = {.n_x = FEATURES, .features = names->features};
    size_t count = 0, rows = (size_t)data->rows;
    char *text = NULL;
    FILE *out = open_memstream(&text, &count);
    struct ms_data again;
    struct ms_error err;
    bool labelled_again;

    fuzz_require(out != NULL, "memory is available");
    write(out, names, data, labelled);
    fuzz_require(fclose(out) == 0, "memory is available");
    fuzz_require(ms_csv_parse(path, text, count, &wanted, &again, &labelled_again, &err) == MS_OK,
                 "a file of samples that was written can be read");
    fuzz_require(again.rows == data->rows && again.n_x == FEATURES && labelled_again == labelled,
                 "the same number of samples is read again");
    fuzz_require(memcmp(again.X, data->X, rows * FEATURES * sizeof *data->X) == 0 &&
                     memcmp(again.y, data->y, rows * sizeof *data->y) == 0,
                 "the same samples are read again");
    ms_data_free(&again);
    free(text);
}

static enum ms_code fuzz_names(const struct names *names, const char *text, size_t count,
                               struct ms_error *err)
{
    const struct ms_csv_wanted wanted = {.n_x = FEATURES, .features = names->features};
    struct ms_data data = {.rows = 42};
    bool labelled;
    enum ms_code code = ms_csv_parse(path, text, count, &wanted, &data, &labelled, err);

    if (code != MS_OK) {
        fuzz_require_sentence(code, path, err);
        fuzz_require(data.rows == 42, "outputs are set on success only");
        return code;
    }
    fuzz_require(data.rows > 0 && data.n_x == FEATURES, "a file that is accepted has samples");
    require_same(names, &data, labelled, write_plainly);
    require_same(names, &data, labelled, write_reordered);
    ms_data_free(&data);
    return MS_OK;
}

/* Writes a text in quotes. */
static void write_quoted(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

/* Writes samples to train on, with a header if they had one, and every name and label in quotes. */
static void write_learned(FILE *out, const struct ms_csv_samples *samples)
{
    const struct ms_data *data = &samples->data;

    for (int32_t i = 0; samples->has_header && i < data->n_x; i++) {
        write_quoted(out, samples->names.features[i]);
        (void)fputc(',', out);
    }
    if (samples->has_header)
        write_quoted(out, samples->names.label);
    for (int64_t row = 0; row < data->rows; row++) {
        (void)fputc('\n', out);
        for (int32_t i = 0; i < data->n_x; i++)
            (void)fprintf(out, "%.17g,", data->X[row * data->n_x + i]);
        write_quoted(out, samples->names.label_values[data->y[row]]);
    }
}

/* Requires that samples come back when they are written and read with the columns that were learned. */
static void require_learned(const struct ms_csv_samples *samples)
{
    const struct ms_csv_wanted wanted = {.n_x = samples->data.n_x,
                                         .features = samples->names.features,
                                         .label = samples->names.label,
                                         .label_values = samples->names.label_values,
                                         .may_lack_header = !samples->has_header};
    const size_t rows = (size_t)samples->data.rows;
    size_t count = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &count);
    struct ms_data again;
    struct ms_error err;
    bool labelled;

    fuzz_require(out != NULL, "memory is available");
    write_learned(out, samples);
    fuzz_require(fclose(out) == 0, "memory is available");
    fuzz_require(ms_csv_parse(path, text, count, &wanted, &again, &labelled, &err) == MS_OK,
                 "samples to train on that were written can be read");
    fuzz_require(labelled && again.rows == samples->data.rows && again.n_x == samples->data.n_x,
                 "the same number of samples to train on is read again");
    fuzz_require(memcmp(again.X, samples->data.X, rows * (size_t)again.n_x * sizeof *again.X) == 0 &&
                     memcmp(again.y, samples->data.y, rows) == 0,
                 "the same samples to train on are read again");
    ms_data_free(&again);
    free(text);
}

/* Any bytes are either samples to train on or refused with one sentence. */
static void fuzz_learn(const char *text, size_t count)
{
    static const char *const labels[] = {NULL, "label"};

    for (int i = 0; i < 2; i++) {
        struct ms_csv_samples samples = {.data.rows = 42};
        struct ms_error err;
        enum ms_code code = ms_csv_learn_text(path, text, count, labels[i], MS_FLOAT64, &samples, &err);

        if (code != MS_OK) {
            fuzz_require_sentence(code, path, &err);
            fuzz_require(samples.data.rows == 42, "outputs are set on success only");
            continue;
        }
        fuzz_require(ms_data_positives(&samples.data) > 0 &&
                         ms_data_positives(&samples.data) < samples.data.rows,
                     "samples to train on have both labels");
        require_learned(&samples);
        ms_csv_samples_free(&samples);
    }
}

/* No file matches both sets of names. */
enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    struct ms_error other;
    enum ms_code code_quoted = fuzz_names(&quoted, (const char *)bytes, count, &other);
    enum ms_code code = fuzz_names(&plain, (const char *)bytes, count, err);

    fuzz_learn((const char *)bytes, count);
    fuzz_require(code != MS_OK || code_quoted != MS_OK, "a file matches one set of names only");
    return code_quoted == MS_OK ? MS_OK : code;
}
