/* Reads labels by one function for each class of types. A number that equals a known label needs no text;
 * every other label is written as a text, so that ms_labels_find decides about it in the same way whatever
 * its type.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_labels.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array_texts.h"
#include "moonsweep/quote.h"
#include "moonsweep/shortest.h"

static enum ms_code fail_third(const struct ms_array *array, const struct ms_labels *labels,
                               struct ms_error *err)
{
    const struct ms_label *all[] = {&labels->values[0], &labels->values[1], &labels->third};
    char quoted[3][MS_QUOTE_BYTES];

    for (int i = 0; i < 3; i++)
        (void)ms_quote(all[i]->text, strlen(all[i]->text), quoted[i]);
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: '%s' has three labels: %s (at index %zu), %s (at index %zu) and %s (at index %zu); "
                   "there must be two",
                   array->path, array->name, quoted[0], all[0]->place - 1, quoted[1], all[1]->place - 1,
                   quoted[2], all[2]->place - 1);
}

/* Sets *y to the position of the label text[length] of a row. */
static enum ms_code take_text(const struct ms_array *array, int64_t row, const char *text, size_t length,
                              struct ms_labels *labels, uint8_t *y, struct ms_error *err)
{
    char right[MS_LABELS_DESCRIPTION] = "a number or a text", quoted[MS_QUOTE_BYTES];
    const char *fault = ms_labels_find(labels, text, length, (size_t)row + 1, y);

    if (fault == NULL)
        return MS_OK;
    if (ms_labels_are_three(labels))
        return fail_third(array, labels, err);
    if (labels->are_fixed)
        ms_labels_describe(labels, right);
    return ms_fail(err, MS_BAD_INPUT, "%s: %s[%" PRId64 "]: %s %s; it must be %s", array->path, array->name,
                   row, ms_quote(text, length, quoted), fault, right);
}

/* Finds a label that is known already, without its text. */
static bool find_number(const struct ms_labels *labels, double number, uint8_t *y)
{
    for (int i = 0; i < labels->count; i++)
        if (labels->values[i].is_number && labels->values[i].number == number) {
            *y = (uint8_t)i;
            return true;
        }
    return false;
}

static enum ms_code read_reals(const struct ms_array *array, int64_t first, int64_t rows,
                               struct ms_labels *labels, uint8_t *y, struct ms_error *err)
{
    double *values = malloc((size_t)rows * sizeof *values);
    char text[MS_SHORTEST_CHARS];
    enum ms_code code = values != NULL ? MS_OK : ms_fail_memory(err, array->path, "for its labels");

    if (code == MS_OK)
        code = ms_array_open_read(array, first, rows, H5T_NATIVE_DOUBLE, values, err);
    for (int64_t i = 0; code == MS_OK && i < rows; i++) {
        if (find_number(labels, values[i], &y[i]))
            continue;
        if (!isfinite(values[i])) {
            code = ms_fail(err, MS_BAD_INPUT, "%s: %s[%" PRId64 "] is %s; labels must be finite", array->path,
                           array->name, first + i, isnan(values[i]) ? "NaN" : "infinite");
        } else {
            (void)ms_shortest(values[i], text);
            code = take_text(array, first + i, text, strlen(text), labels, &y[i], err);
        }
    }
    free(values);
    return code;
}

/* Integers of 64 bits are read as such: as reals, some of them would be other numbers in messages. */
static enum ms_code read_integers(const struct ms_array *array, int64_t first, int64_t rows,
                                  struct ms_labels *labels, uint8_t *y, struct ms_error *err)
{
    const bool is_unsigned = H5Tget_class(array->type) == H5T_INTEGER &&
                             H5Tget_sign(array->type) == H5T_SGN_NONE;
    int64_t *values = malloc((size_t)rows * sizeof *values);
    char text[24];
    enum ms_code code = values != NULL ? MS_OK : ms_fail_memory(err, array->path, "for its labels");

    if (code == MS_OK)
        code = ms_array_open_read(array, first, rows, is_unsigned ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64,
                                  values, err);
    for (int64_t i = 0; code == MS_OK && i < rows; i++) {
        if (find_number(labels, is_unsigned ? (double)(uint64_t)values[i] : (double)values[i], &y[i]))
            continue;
        (void)(is_unsigned ? snprintf(text, sizeof text, "%" PRIu64, (uint64_t)values[i])
                           : snprintf(text, sizeof text, "%" PRId64, values[i]));
        code = take_text(array, first + i, text, strlen(text), labels, &y[i], err);
    }
    free(values);
    return code;
}

static enum ms_code read_texts(const struct ms_array *array, int64_t first, int64_t rows,
                               struct ms_labels *labels, uint8_t *y, struct ms_error *err)
{
    struct ms_array_texts texts;
    enum ms_code code = ms_array_texts_make(array->path, array->type, (size_t)rows, &texts, err);

    if (code == MS_OK)
        code = ms_array_open_read(array, first, rows, texts.type, texts.values, err);
    for (int64_t i = 0; code == MS_OK && i < rows; i++) {
        size_t length;
        const char *text = ms_array_texts_get(&texts, (size_t)i, &length);

        code = take_text(array, first + i, text, length, labels, &y[i], err);
    }
    ms_array_texts_free(&texts);
    return code;
}

enum ms_code ms_array_labels_read(const struct ms_array *array, int64_t first, int64_t rows,
                                  struct ms_labels *labels, uint8_t *y, struct ms_error *err)
{
    switch (array->class) {
    case H5T_FLOAT:
        return read_reals(array, first, rows, labels, y, err);
    case H5T_INTEGER:
        return read_integers(array, first, rows, labels, y, err);
    default:
        return read_texts(array, first, rows, labels, y, err);
    }
}
