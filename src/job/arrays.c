/* Checks the arrays that a reader has found, and makes samples of them without copying the values. All values
 * must be finite in the precision of the job, and names must be different. Samples to train on get names that
 * are invented if the file has none; for trained networks, features are found by their names and put in order
 * row by row.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/arrays.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/plural.h"
#include "moonsweep/printable.h"
#include "moonsweep/quote.h"

/* Space for an invented name: "x2147483647". */
enum { NAME_BYTES = 16 };

void ms_arrays_free(struct ms_arrays *arrays)
{
    ms_data_free(&arrays->data);
    free(arrays->names);
    *arrays = (struct ms_arrays){.names = NULL};
}

/* ---- values ---------------------------------------------------------------------------------------------- */

/* Finds the first value that is not finite in the precision. Returns data->rows * data->n_x if there is none. */
static int64_t find_wrong(const struct ms_data *data, enum ms_precision precision)
{
    const int64_t count = data->rows * data->n_x;
    int64_t at = 0;

    while (at < count && isfinite(ms_precision_round(precision, data->X[at])))
        at++;
    return at;
}

static enum ms_code check_values(const char *path, const char *X, const struct ms_data *data,
                                 enum ms_precision precision, struct ms_error *err)
{
    const int64_t at = find_wrong(data, precision);
    long long row, column;

    if (at == data->rows * data->n_x)
        return MS_OK;
    row = (long long)(at / data->n_x);
    column = (long long)(at % data->n_x);
    if (isfinite(data->X[at]))
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: %s[%lld, %lld] is %g, too large for float32, the precision of the result; it must "
            "be from -3.4e38 to 3.4e38",
            path, X, row, column, data->X[at]);
    return ms_fail(err, MS_BAD_INPUT, "%s: %s[%lld, %lld] is %s; it must be a finite number", path, X, row,
                   column, isnan(data->X[at]) ? "NaN" : "infinite");
}

/* ---- names ----------------------------------------------------------------------------------------------- */

/* The last part of a path within the file. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* Sets names to the texts of the file, of which there must be n_x. */
static enum ms_code point(const char *path, const struct ms_arrays *arrays, const char **names,
                          struct ms_error *err)
{
    const char *at = arrays->names, *end = at + arrays->names_bytes;
    char quoted[MS_QUOTE_BYTES];

    for (int32_t i = 0; i < arrays->data.n_x; i++) {
        const size_t length = at < end ? strnlen(at, (size_t)(end - at)) : 0;

        if (length == 0 || at + length >= end || !ms_printable_all(at, length))
            return ms_fail(
                err, MS_BAD_INPUT,
                "%s: the name of feature %ld, %s, must be one line of UTF-8 without control characters", path,
                (long)i, ms_quote(at < end ? at : "", length, quoted));
        names[i] = at;
        at += length + 1;
    }
    return MS_OK;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Checks that all names are different. sorted[count] is a copy of them that may be changed. */
static enum ms_code check_different(const char *path, const char **sorted, size_t count, struct ms_error *err)
{
    char quoted[MS_QUOTE_BYTES];

    qsort(sorted, count, sizeof(const char *), compare_names);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i], sorted[i - 1]) == 0)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: the name %s occurs twice among the features and the labels; names must be "
                           "unique",
                           path, ms_quote(sorted[i], strlen(sorted[i]), quoted));
    return MS_OK;
}

/* Sets names[n_x] to x1, x2, ..., in texts. */
static void invent(int32_t n_x, const char **names, char *texts)
{
    for (int32_t i = 0; i < n_x; i++) {
        char *text = texts + (size_t)i * NAME_BYTES;

        (void)snprintf(text, NAME_BYTES, "x%ld", (long)i + 1);
        names[i] = text;
    }
}

static enum ms_code make_names(const char *path, const struct ms_arrays_wanted *wanted,
                               const struct ms_arrays *arrays, const char *const label_values[2],
                               struct ms_names *names, struct ms_error *err)
{
    const size_t n_x = (size_t)arrays->data.n_x;
    const char *label = last_part(wanted->y);
    const char **features = malloc(n_x * sizeof *features), **sorted = malloc((n_x + 1) * sizeof *sorted);
    char *texts = malloc(n_x * NAME_BYTES);
    enum ms_code code = MS_OK;

    if (features == NULL || sorted == NULL || texts == NULL)
        code = ms_fail_memory(err, path, "for the names of its features");
    else if (arrays->names != NULL)
        code = point(path, arrays, features, err);
    else
        invent(arrays->data.n_x, features, texts);
    if (code == MS_OK && sorted != NULL && features != NULL) {
        memcpy(sorted, features, n_x * sizeof *sorted);
        sorted[n_x] = label;
        code = check_different(path, sorted, n_x + 1, err);
    }
    if (code == MS_OK)
        code = ms_names_make(names, label, label_values, arrays->data.n_x, features, err);
    free(texts);
    free(sorted);
    free(features);
    return code;
}

/* ---- samples to train on --------------------------------------------------------------------------------- */

enum ms_code ms_arrays_learn(const char *path, const struct ms_arrays_wanted *wanted,
                             enum ms_precision precision, struct ms_arrays *arrays,
                             struct ms_csv_samples *samples, struct ms_error *err)
{
    struct ms_csv_samples made = {.has_header = arrays->names != NULL};
    const char *label_values[2];
    enum ms_code code = check_values(path, wanted->X, &arrays->data, precision, err);

    if (code == MS_OK)
        code = ms_labels_order(path, &arrays->labels, &arrays->data, label_values, err);
    if (code == MS_OK)
        code = make_names(path, wanted, arrays, label_values, &made.names, err);
    if (code != MS_OK)
        return code;
    made.data = arrays->data;
    arrays->data = (struct ms_data){.rows = 0};
    *samples = made;
    return MS_OK;
}

/* ---- samples with known features ------------------------------------------------------------------------- */

struct place {
    const char *name;
    int32_t at;
};

static int compare_places(const void *left, const void *right)
{
    return strcmp(((const struct place *)left)->name, ((const struct place *)right)->name);
}

/* Sets from[i] to the position in the file of feature i of columns; names[n_x] are those of the file, and places has
 * space for as many. */
static enum ms_code find_features(const char *path, const struct ms_csv_wanted *columns,
                                  const char *const *names, struct place *places, int32_t *from,
                                  struct ms_error *err)
{
    const size_t n_x = (size_t)columns->n_x;
    char quoted[MS_QUOTE_BYTES];

    for (int32_t i = 0; i < columns->n_x; i++)
        places[i] = (struct place){names[i], i};
    qsort(places, n_x, sizeof *places, compare_places);
    for (size_t i = 1; i < n_x; i++)
        if (strcmp(places[i].name, places[i - 1].name) == 0)
            return ms_fail(err, MS_BAD_INPUT, "%s: two features have the name %s; names must be unique", path,
                           ms_quote(places[i].name, strlen(places[i].name), quoted));
    for (int32_t i = 0; i < columns->n_x; i++) {
        const struct place wanted = {columns->features[i], 0};
        const struct place *found = bsearch(&wanted, places, n_x, sizeof *places, compare_places);

        if (found == NULL)
            return ms_fail(err, MS_BAD_INPUT, "%s: there is no feature %s, on which the networks are trained",
                           path, ms_quote(wanted.name, strlen(wanted.name), quoted));
        from[i] = found->at;
    }
    return MS_OK;
}

/* Puts the features of every sample in the order from; row has space for a sample. */
static void reorder(struct ms_data *data, const int32_t *from, double *row)
{
    const size_t n_x = (size_t)data->n_x;

    for (int64_t i = 0; i < data->rows; i++) {
        double *x = data->X + (size_t)i * n_x;

        memcpy(row, x, n_x * sizeof *row);
        for (size_t k = 0; k < n_x; k++)
            x[k] = row[from[k]];
    }
}

/* Finds the features by their names, and puts them in the order of columns. */
static enum ms_code order_features(const char *path, const struct ms_csv_wanted *columns,
                                   struct ms_arrays *arrays, struct ms_error *err)
{
    const size_t n_x = (size_t)columns->n_x;
    const char **names = malloc(n_x * sizeof *names);
    struct place *places = malloc(n_x * sizeof *places);
    int32_t *from = malloc(n_x * sizeof *from);
    double *row = malloc(n_x * sizeof *row);
    enum ms_code code = MS_OK;

    if (names == NULL || places == NULL || from == NULL || row == NULL)
        code = ms_fail_memory(err, path, "for the names of its features");
    if (code == MS_OK)
        code = point(path, arrays, names, err);
    if (code == MS_OK)
        code = find_features(path, columns, names, places, from, err);
    if (code == MS_OK)
        reorder(&arrays->data, from, row);
    free(row);
    free(from);
    free(places);
    free(names);
    return code;
}

enum ms_code ms_arrays_match(const char *path, const struct ms_arrays_wanted *wanted,
                             const struct ms_csv_wanted *columns, struct ms_arrays *arrays,
                             struct ms_data *data, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    if (arrays->data.n_x != columns->n_x)
        return ms_fail(err, MS_BAD_INPUT, "%s: %s has %ld %s, but the networks are trained on %ld", path,
                       wanted->X, (long)arrays->data.n_x, ms_plural(arrays->data.n_x, "feature", "features"),
                       (long)columns->n_x);
    code = check_values(path, wanted->X, &arrays->data, columns->precision, err);
    if (code == MS_OK && arrays->names != NULL)
        code = order_features(path, columns, arrays, err);
    if (code != MS_OK)
        return code;
    *data = arrays->data;
    arrays->data = (struct ms_data){.rows = 0};
    return MS_OK;
}
