/* The table of columns, and how a cell becomes a value and a text. A column is the type and the offset of a field of
 * struct entry, of what it points to or of the measures that follow from it, from which one function reads the cells of all
 * columns; whether the cell of a result is empty follows from the status of its configuration.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "column.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "moonsweep/measures.h"
#include "moonsweep/shortest.h"

#define OF(member) PART_ROW, offsetof(struct ms_row, member)
#define ORIGIN(member) PART_ORIGIN, offsetof(struct ms_reader_origin, member)
#define ENTRY(member) PART_ENTRY, offsetof(struct entry, member)
#define AREA(member) FROM_DOUBLE, ENTRY(member), true, 4
#define ON_TRAIN(member) FROM_DOUBLE, PART_TRAIN, offsetof(struct ms_measures, member), true, 4
#define ON_DEV(member) FROM_DOUBLE, PART_DEV, offsetof(struct ms_measures, member), true, 4

const struct column columns[] = {
    /* name, heading, place, source, part, offset, result, decimals */
    {"file", "file", IF_SEVERAL_FILES, FROM_FILE, ENTRY(file), false, 0},
    {"config", "config", IN_TABLE, FROM_INT64, ENTRY(config), false, 0},
    {"dataset", "data set", OF_THE_DATA, FROM_INT32, OF(config_dataset), false, 0},
    {"samples", "samples", OF_THE_DATA, FROM_INT64, ENTRY(samples), false, 0},
    {"noise", "noise", OF_THE_DATA, FROM_DOUBLE, ORIGIN(noise), false, -1},
    {"data_seed", "data seed", OF_THE_DATA, FROM_NATURAL, ORIGIN(data_seed), false, 0},
    {"split_seed", "split seed", OF_THE_DATA, FROM_NATURAL, ORIGIN(split_seed), false, 0},
    {"fold", "fold", OF_THE_DATA, FROM_NATURAL, ORIGIN(fold), false, 0},
    {"n_h", "n_h", IN_TABLE, FROM_INT32, OF(n_h), false, 0},
    {"activation", "activation", IN_TABLE, FROM_ACTIVATION, OF(activation), false, 0},
    {"learning_rate", "rate", IN_TABLE, FROM_DOUBLE, OF(learning_rate), false, -1},
    {"seed", "seed", IN_TABLE_IF_IT_VARIES, FROM_INT64, OF(seed), false, 0},
    {"init_scale", "init_scale", IN_TABLE_IF_IT_VARIES, FROM_DOUBLE, OF(init_scale), false, -1},
    {"iterations", "iterations", IN_TABLE, FROM_INT64, OF(iterations), false, 0},
    {"train_accuracy", "train %", IN_TABLE, FROM_DOUBLE, OF(train_accuracy), true, 2},
    {"dev_accuracy", "dev %", IN_TABLE, FROM_DOUBLE, OF(dev_accuracy), true, 2},
    {"train_precision", "train precision", NOT_IN_TABLE, ON_TRAIN(precision)},
    {"train_recall", "train recall", NOT_IN_TABLE, ON_TRAIN(recall)},
    {"train_f1", "train F1", NOT_IN_TABLE, ON_TRAIN(f1)},
    {"train_mcc", "train MCC", NOT_IN_TABLE, ON_TRAIN(mcc)},
    {"dev_precision", "dev precision", NOT_IN_TABLE, ON_DEV(precision)},
    {"dev_recall", "dev recall", NOT_IN_TABLE, ON_DEV(recall)},
    {"dev_f1", "dev F1", NOT_IN_TABLE, ON_DEV(f1)},
    {"dev_mcc", "dev MCC", NOT_IN_TABLE, ON_DEV(mcc)},
    {"final_cost", "final cost", NOT_IN_TABLE, FROM_DOUBLE, OF(final_cost), true, 5},
    {"train_cost", "train cost", NOT_IN_TABLE, FROM_DOUBLE, OF(train_cost), true, 5},
    {"dev_cost", "dev cost", NOT_IN_TABLE, FROM_DOUBLE, OF(dev_cost), true, 5},
    {"train_seconds", "seconds", NOT_IN_TABLE, FROM_DOUBLE, OF(train_seconds), true, 4},
    {"train_cpu_seconds", "core-s", IN_TABLE, FROM_DOUBLE, OF(train_cpu_seconds), true, 4},
    {"status", "status", IN_TABLE, FROM_STATUS, OF(status), false, 0},
    {"iterations_done", "done", NOT_IN_TABLE, FROM_INT64, OF(iterations_done), true, 0},
    {"ended_by", "ended by", NOT_IN_TABLE, FROM_RULE, OF(ended_by), true, 0},
    {"rank", "rank", NOT_IN_TABLE, FROM_INT32, OF(rank), true, 0},
    {"run", "run", NOT_IN_TABLE, FROM_INT32, OF(run), true, 0},
    {"train_auc", "train AUC", ONLY_IF_CHOSEN, AREA(train_auc)},
    {"dev_auc", "dev AUC", ONLY_IF_CHOSEN, AREA(dev_auc)},
};
const int column_count = sizeof columns / sizeof *columns;

const struct column *column_find(const char *name)
{
    for (int c = 0; c < column_count; c++)
        if (strcmp(columns[c].name, name) == 0)
            return &columns[c];
    return NULL;
}

unsigned column_requests(const struct column *column)
{
    if (column->place != ONLY_IF_CHOSEN)
        return 0;
    return column->offset == offsetof(struct entry, train_auc) ? ENTRIES_TRAIN_AUC : ENTRIES_DEV_AUC;
}

bool column_is_text(const struct column *column)
{
    return column->source == FROM_FILE || column_word(column, 0) != NULL;
}

const char *column_word(const struct column *column, int i)
{
    switch (column->source) {
    case FROM_ACTIVATION:
        return i < MS_ACTIVATION_COUNT ? ms_activation_name((enum ms_activation)i) : NULL;
    case FROM_STATUS:
        return i < MS_STATUS_COUNT ? ms_status_name((enum ms_status)i) : NULL;
    case FROM_RULE:
        return i < MS_ENDED_BY_COUNT ? ms_ended_by_name((enum ms_ended_by)i) : NULL;
    default:
        return NULL;
    }
}

/* The field of a column, whose type is column->source. measures: memory for those that the column needs. */
static const char *field_of(const struct column *column, const struct entry *entry,
                            struct ms_measures *measures)
{
    const void *const parts[] = {
        [PART_ENTRY] = entry,    [PART_ROW] = entry->row, [PART_ORIGIN] = entry->origin,
        [PART_TRAIN] = measures, [PART_DEV] = measures,
    };

    if (column->part == PART_TRAIN)
        *measures = ms_measures_of(entry->row->train_outcomes);
    if (column->part == PART_DEV)
        *measures = ms_measures_of(entry->row->dev_outcomes);
    return (const char *)parts[column->part] + column->offset;
}

struct value column_value(const struct column *column, const struct entry *entry)
{
    const struct ms_row *row = entry->row;
    struct ms_measures measures;
    const char *field = field_of(column, entry, &measures);
    struct value value = {.kind = VALUE_EMPTY};
    int32_t i32;

    if (column->result &&
        (row->status == MS_PENDING || (row->status == MS_DROPPED && column->source == FROM_DOUBLE)))
        return value;
    switch (column->source) {
    case FROM_INT32:
        memcpy(&i32, field, sizeof i32);
        value = (struct value){.kind = VALUE_INTEGER, .integer = i32};
        break;
    case FROM_INT64:
        value.kind = VALUE_INTEGER;
        memcpy(&value.integer, field, sizeof value.integer);
        break;
    case FROM_NATURAL:
        memcpy(&value.integer, field, sizeof value.integer);
        value.kind = value.integer < 0 ? VALUE_EMPTY : VALUE_INTEGER;
        break;
    case FROM_DOUBLE:
        value.kind = VALUE_REAL;
        memcpy(&value.real, field, sizeof value.real);
        break;
    case FROM_ACTIVATION:
        value = (struct value){.kind = VALUE_TEXT,
                               .text = ms_activation_name((enum ms_activation)row->activation)};
        break;
    case FROM_STATUS:
        value = (struct value){.kind = VALUE_TEXT, .text = ms_status_name((enum ms_status)row->status)};
        break;
    case FROM_RULE:
        value = (struct value){.kind = VALUE_TEXT, .text = ms_ended_by_name((enum ms_ended_by)row->ended_by)};
        break;
    case FROM_FILE:
        value = (struct value){.kind = VALUE_TEXT, .text = entry->file};
        break;
    }
    return value;
}

/* Whether two cells of a column are the same, as two NaN are. */
static bool is_same(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == VALUE_REAL && (isnan(a.real) || isnan(b.real)))
        return isnan(a.real) && isnan(b.real);
    return column_compare(a, b) == 0;
}

bool column_varies(const struct column *column, const struct entries *entries)
{
    struct entry first, entry;

    if (entries->count == 0)
        return false;
    first = entries_at(entries, 0);
    for (int64_t i = 1; i < entries->count; i++) {
        entry = entries_at(entries, i);
        if (!is_same(column_value(column, &first), column_value(column, &entry)))
            return true;
    }
    return false;
}

int column_compare(struct value a, struct value b)
{
    switch (a.kind) {
    case VALUE_INTEGER:
        return (a.integer > b.integer) - (a.integer < b.integer);
    case VALUE_REAL:
        return (a.real > b.real) - (a.real < b.real);
    case VALUE_TEXT:
        return strcmp(a.text, b.text);
    case VALUE_EMPTY:
        break;
    }
    return 0;
}

/* Writes an integer at the end of text, and returns its first character. printf would take a large part of the time of
 * listings with millions of rows. */
static const char *integer_text(int64_t integer, char text[COLUMN_TEXT_SIZE])
{
    char *at = &text[COLUMN_TEXT_SIZE - 1];
    uint64_t left = integer < 0 ? -(uint64_t)integer : (uint64_t)integer;

    *at = '\0';
    do
        *--at = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (integer < 0)
        *--at = '-';
    return at;
}

const char *column_exact_text(struct value value, char text[COLUMN_TEXT_SIZE])
{
    switch (value.kind) {
    case VALUE_EMPTY:
        text[0] = '\0';
        break;
    case VALUE_INTEGER:
        return integer_text(value.integer, text);
    case VALUE_REAL:
        (void)ms_shortest(value.real, text);
        break;
    case VALUE_TEXT:
        return value.text;
    }
    return text;
}

const char *column_human_text(const struct column *column, struct value value, char text[COLUMN_TEXT_SIZE])
{
    /* From 1e15 on, decimals are meaningless and the text would be wider than its column. */
    if (value.kind != VALUE_REAL || column->decimals < 0 || !(fabs(value.real) < 1e15))
        return column_exact_text(value, text);
    (void)snprintf(text, COLUMN_TEXT_SIZE, "%.*f", column->decimals, value.real);
    return text;
}
