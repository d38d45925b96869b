/* Gives the columns of a file their roles if its features are known: each name is searched among the sorted
 * features, then compared with the label and the columns to skip. All columns get their roles before unknown
 * and missing names are reported, because the message depends on both.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_names.h"
#include "moonsweep/quote.h"

/* The name of the column of labels. */
static const char *label_name(const struct ms_csv_wanted *wanted)
{
    return wanted->label != NULL ? wanted->label : "label";
}

/* The columns that `moonsweep data` and `moonsweep predict` write in addition to features and labels. */
static const char *const skipped_names[] = {"set", "probability", "prediction"};
enum { SKIPPED = sizeof skipped_names / sizeof skipped_names[0] };

/* ---- assigning columns to names -------------------------------------------------------------------------- */

struct feature {
    const char *name;
    int32_t index;
};

/* The columns that have been found; -1: not found. */
struct match {
    struct feature *features; /* [n_x] owned: sorted by name */
    int64_t *feature_columns; /* [n_x] owned: in the order of the network */
    int64_t label_column, skipped_columns[SKIPPED];
    int64_t unknown_column; /* the first */
};

static int compare_features(const void *left, const void *right)
{
    return strcmp(((const struct feature *)left)->name, ((const struct feature *)right)->name);
}

static enum ms_code match_begin(const char *path, const struct ms_csv_wanted *wanted, struct match *match,
                                struct ms_error *err)
{
    size_t n_x = (size_t)wanted->n_x;

    *match = (struct match){.label_column = -1, .unknown_column = -1};
    for (int i = 0; i < SKIPPED; i++)
        match->skipped_columns[i] = -1;
    match->features = calloc(n_x, sizeof *match->features);
    match->feature_columns = calloc(n_x, sizeof *match->feature_columns);
    if (match->features == NULL || match->feature_columns == NULL)
        return ms_fail_memory(err, path, "for its columns");
    for (int32_t i = 0; i < wanted->n_x; i++) {
        match->features[i] = (struct feature){wanted->features[i], i};
        match->feature_columns[i] = -1;
    }
    qsort(match->features, n_x, sizeof match->features[0], compare_features);
    return MS_OK;
}

static void match_end(struct match *match)
{
    free(match->features);
    free(match->feature_columns);
}

/* Sets the role of a column and returns the element of match for its number; NULL if its name is unknown. Features
 * come first: the training data may have a feature called `set`. */
static int64_t *find_role(const struct ms_csv_wanted *wanted, struct match *match,
                          struct ms_csv_column *column)
{
    const struct feature key = {.name = column->name}, *found;

    if (strlen(column->name) != column->length) /* a NUL byte, which no known name has */
        return NULL;
    found = bsearch(&key, match->features, (size_t)wanted->n_x, sizeof key, compare_features);
    if (found != NULL) {
        column->role = MS_CSV_FEATURE;
        column->feature = found->index;
        return &match->feature_columns[found->index];
    }
    if (strcmp(column->name, label_name(wanted)) == 0) {
        column->role = MS_CSV_LABEL;
        return &match->label_column;
    }
    for (int i = 0; i < SKIPPED; i++)
        if (strcmp(column->name, skipped_names[i]) == 0) {
            column->role = MS_CSV_SKIPPED;
            return &match->skipped_columns[i];
        }
    return NULL;
}

/* ---- messages ------------------------------------------------------------------------------------------ */

/* Refuses the header because of fault, a clause, and lists the required names and those found. */
static enum ms_code fail_names(const char *path, const struct ms_csv_wanted *wanted,
                               const struct ms_csv_header *header, const char *fault, struct ms_error *err)
{
    struct ms_csv_list due = {0}, found = {0};

    for (int32_t i = 0; i < wanted->n_x; i++)
        ms_csv_list_add(&due, wanted->features[i], strlen(wanted->features[i]));
    for (int64_t i = 0; i < header->n_columns; i++)
        ms_csv_list_add(&found, header->columns[i].name, header->columns[i].length);
    return ms_fail(err, MS_BAD_INPUT,
                   "%s:%zu: %s; the columns must be %s and, where the labels are known, '%s', in any order; "
                   "this line has %s",
                   path, header->line, fault, ms_csv_list_end(&due), label_name(wanted),
                   ms_csv_list_end(&found));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the name of a column differs from name only in upper and lower case, and in blanks around it. */
static bool is_near(const struct ms_csv_column *column, const char *name)
{
    const char *start = column->name;
    size_t length = column->length;

    while (length > 0 && is_blank(*start)) {
        start++;
        length--;
    }
    while (length > 0 && is_blank(start[length - 1]))
        length--;
    return length == strlen(name) && strncasecmp(start, name, length) == 0;
}

/* Returns the name that was probably meant by an unknown one; NULL if none is similar. */
static const char *find_near(const struct ms_csv_wanted *wanted, const struct match *match,
                             const struct ms_csv_column *column)
{
    for (int32_t i = 0; i < wanted->n_x; i++)
        if (match->feature_columns[i] < 0 && is_near(column, wanted->features[i]))
            return wanted->features[i];
    return match->label_column < 0 && is_near(column, label_name(wanted)) ? label_name(wanted) : NULL;
}

/* Reports unknown columns, which the user can see in the line, before missing ones. */
static enum ms_code check_match(const char *path, const struct ms_csv_wanted *wanted,
                                const struct ms_csv_header *header, const struct match *match,
                                struct ms_error *err)
{
    const struct ms_csv_column *unknown = match->unknown_column < 0 ? NULL
                                                                    : &header->columns[match->unknown_column];
    const char *near = unknown == NULL ? NULL : find_near(wanted, match, unknown);
    char name[MS_QUOTE_BYTES], right[MS_QUOTE_BYTES], fault[256];
    int32_t missing = 0;

    while (missing < wanted->n_x && match->feature_columns[missing] >= 0)
        missing++;
    if (unknown == NULL && missing == wanted->n_x)
        return MS_OK;
    if (ms_csv_names_are_numbers(header, header->n_columns))
        return fail_names(path, wanted, header, "there are numbers instead of column names", err);
    if (near != NULL)
        (void)snprintf(fault, sizeof fault, "column %lld is named %s but must be named %s",
                       (long long)match->unknown_column + 1, ms_quote(unknown->name, unknown->length, name),
                       ms_quote(near, strlen(near), right));
    else if (missing < wanted->n_x)
        (void)snprintf(fault, sizeof fault, "there is no column %s",
                       ms_quote(wanted->features[missing], strlen(wanted->features[missing]), name));
    else
        (void)snprintf(fault, sizeof fault, "column %lld (%s) is not a feature of the network",
                       (long long)match->unknown_column + 1, ms_quote(unknown->name, unknown->length, name));
    return fail_names(path, wanted, header, fault, err);
}

/* ---- the whole header ---------------------------------------------------------------------------------- */

static enum ms_code assign_roles(const char *path, const struct ms_csv_wanted *wanted,
                                 struct ms_csv_header *header, struct match *match, struct ms_error *err)
{
    for (int64_t i = 0; i < header->n_columns; i++) {
        struct ms_csv_column *column = &header->columns[i];
        int64_t *place = find_role(wanted, match, column);
        char quoted[MS_QUOTE_BYTES];

        if (place == NULL) {
            if (match->unknown_column < 0)
                match->unknown_column = i;
            continue;
        }
        if (*place >= 0)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s:%zu: columns %lld and %lld have the same name, %s; names must be unique", path,
                           header->line, (long long)*place + 1, (long long)i + 1,
                           ms_quote(column->name, column->length, quoted));
        *place = i;
        header->skipped += column->role == MS_CSV_SKIPPED;
        header->has_label = header->has_label || column->role == MS_CSV_LABEL;
    }
    return check_match(path, wanted, header, match, err);
}

/* A file without a header, if wanted allows that: the features in their order, and the label if there is another column. */
static bool assign_by_position(const struct ms_csv_wanted *wanted, struct ms_csv_header *header)
{
    const bool has_label = header->n_columns == (int64_t)wanted->n_x + 1;

    if (!wanted->may_lack_header || (!has_label && header->n_columns != wanted->n_x) ||
        !ms_csv_names_are_numbers(header, wanted->n_x))
        return false;
    for (int32_t i = 0; i < wanted->n_x; i++) {
        header->columns[i].role = MS_CSV_FEATURE;
        header->columns[i].feature = i;
    }
    if (has_label)
        header->columns[wanted->n_x].role = MS_CSV_LABEL;
    header->has_label = has_label;
    header->is_absent = true;
    return true;
}

/* Gives the columns the names of what they are, instead of the cells of the first line. */
static enum ms_code rename_columns(const char *path, const struct ms_csv_wanted *wanted,
                                   struct ms_csv_header *header, struct ms_error *err)
{
    for (int64_t i = 0; i < header->n_columns; i++) {
        struct ms_csv_column *column = &header->columns[i];
        char *name = strdup(column->role == MS_CSV_LABEL ? label_name(wanted)
                                                         : wanted->features[column->feature]);

        if (name == NULL)
            return ms_fail_memory(err, path, "for its columns");
        free(column->name);
        column->name = name;
        column->length = strlen(name);
    }
    return MS_OK;
}

enum ms_code ms_csv_header_read(struct ms_csv_cursor *cursor, const struct ms_csv_wanted *wanted,
                                struct ms_csv_header *header, struct ms_error *err)
{
    struct match match;
    struct ms_csv_cursor start;
    enum ms_code code = ms_csv_names_read(cursor, header, &start, err);

    if (code != MS_OK)
        return code;
    if (assign_by_position(wanted, header)) {
        *cursor = start;
        return rename_columns(cursor->path, wanted, header, err);
    }
    code = match_begin(cursor->path, wanted, &match, err);
    if (code == MS_OK)
        code = assign_roles(cursor->path, wanted, header, &match, err);
    match_end(&match);
    return ms_csv_names_explain(code, &start, header, err);
}

void ms_csv_header_free(struct ms_csv_header *header)
{
    for (int64_t i = 0; i < header->n_columns; i++)
        free(header->columns[i].name);
    free(header->columns);
    *header = (struct ms_csv_header){0};
}
