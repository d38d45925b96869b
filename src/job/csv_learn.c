/* The columns of a file from which networks are trained: their names are those of the features from then on.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_names.h"
#include "moonsweep/printable.h"
#include "moonsweep/quote.h"

/* Refuses the header because of fault, a clause, and lists the names found. */
static enum ms_code fail_names(const char *path, const struct ms_csv_header *header, const char *fault,
                               const char *right, struct ms_error *err)
{
    struct ms_csv_list found = {0};

    for (int64_t i = 0; i < header->n_columns; i++)
        ms_csv_list_add(&found, header->columns[i].name, header->columns[i].length);
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu: %s; %s; this line has %s", path, header->line, fault, right,
                   ms_csv_list_end(&found));
}

/* Names are shown and stored as texts. */
static enum ms_code check_printable(const char *path, const struct ms_csv_header *header, int64_t column,
                                    struct ms_error *err)
{
    const struct ms_csv_column *named = &header->columns[column];
    char quoted[MS_QUOTE_BYTES];

    if (ms_printable_all(named->name, named->length))
        return MS_OK;
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s:%zu: the name of column %lld, %s, must be one line of UTF-8 without control characters", path,
        header->line, (long long)column + 1, ms_quote(named->name, named->length, quoted));
}

static int compare_names(const void *left, const void *right)
{
    const struct ms_csv_column *const *a = left, *const *b = right;
    const int order = strcmp((*a)->name, (*b)->name);

    return order != 0 ? order : (*a > *b) - (*a < *b);
}

/* Checks that names are different. */
static enum ms_code check_different(const char *path, const struct ms_csv_header *header,
                                    struct ms_error *err)
{
    const size_t count = (size_t)header->n_columns;
    const struct ms_csv_column **sorted = malloc((count + 1) * sizeof(const struct ms_csv_column *));
    enum ms_code code = MS_OK;
    char quoted[MS_QUOTE_BYTES];

    if (sorted == NULL)
        return ms_fail_memory(err, path, "for its columns");
    for (size_t i = 0; i < count; i++)
        sorted[i] = &header->columns[i];
    qsort(sorted, count, sizeof(const struct ms_csv_column *), compare_names);
    for (size_t i = 1; code == MS_OK && i < count; i++)
        if (strcmp(sorted[i]->name, sorted[i - 1]->name) == 0)
            code = ms_fail(err, MS_BAD_INPUT,
                           "%s:%zu: columns %lld and %lld have the same name, %s; names must be unique", path,
                           header->line, (long long)(sorted[i - 1] - header->columns) + 1,
                           (long long)(sorted[i] - header->columns) + 1,
                           ms_quote(sorted[i]->name, sorted[i]->length, quoted));
    free(sorted);
    return code;
}

/* Replaces the names by x1, x2, ... and label. */
static enum ms_code invent_names(const char *path, struct ms_csv_header *header, struct ms_error *err)
{
    enum { NAME_BYTES = 24 };

    for (int64_t i = 0; i < header->n_columns; i++) {
        struct ms_csv_column *column = &header->columns[i];
        char *name = malloc(NAME_BYTES);

        if (name == NULL)
            return ms_fail_memory(err, path, "for its columns");
        if (i + 1 < header->n_columns)
            (void)snprintf(name, NAME_BYTES, "x%lld", (long long)i + 1);
        else
            (void)snprintf(name, NAME_BYTES, "label");
        free(column->name);
        column->name = name;
        column->length = strlen(name);
    }
    header->is_absent = true;
    return MS_OK;
}

/* Finds the column of labels; -1: there is no column of this name. */
static int64_t find_label(const struct ms_csv_header *header, const char *label)
{
    int64_t column = header->n_columns - 1;

    while (label != NULL && column >= 0 && strcmp(header->columns[column].name, label) != 0)
        column--;
    return column;
}

static enum ms_code assign_roles(const char *path, struct ms_csv_header *header, const char *label,
                                 struct ms_error *err)
{
    const int64_t label_column = find_label(header, label);
    char fault[256], quoted[MS_QUOTE_BYTES];
    int32_t feature = 0;

    if (label != NULL && label_column < 0) {
        (void)snprintf(fault, sizeof fault, "there is no column %s", ms_quote(label, strlen(label), quoted));
        return fail_names(path, header, fault, "data.label must be the name of the column of labels", err);
    }
    if (header->n_columns < 2)
        return fail_names(path, header, "there is only one column",
                          "there must be one for each feature and one for the label", err);
    for (int64_t i = 0; i < header->n_columns; i++) {
        header->columns[i].role = i == label_column ? MS_CSV_LABEL : MS_CSV_FEATURE;
        if (i != label_column)
            header->columns[i].feature = feature++;
    }
    header->has_label = true;
    return MS_OK;
}

static enum ms_code learn(struct ms_csv_cursor *cursor, const struct ms_csv_cursor *start, const char *label,
                          struct ms_csv_header *header, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    if (label == NULL && header->n_columns > 1 && ms_csv_names_are_numbers(header, header->n_columns - 1)) {
        *cursor = *start;
        code = invent_names(cursor->path, header, err);
    }
    for (int64_t i = 0; code == MS_OK && i < header->n_columns; i++)
        code = check_printable(cursor->path, header, i, err);
    if (code == MS_OK)
        code = assign_roles(cursor->path, header, label, err);
    return code == MS_OK ? check_different(cursor->path, header, err) : code;
}

enum ms_code ms_csv_header_learn(struct ms_csv_cursor *cursor, const char *label,
                                 struct ms_csv_header *header, struct ms_error *err)
{
    struct ms_csv_cursor start;
    enum ms_code code = ms_csv_names_read(cursor, header, &start, err);

    if (code != MS_OK)
        return code;
    return ms_csv_names_explain(learn(cursor, &start, label, header, err), &start, header, err);
}
