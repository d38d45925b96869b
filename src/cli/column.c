#include "column.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "moonsweep/shortest.h"

#define OF(member) offsetof(struct ms_row, member)

const struct column columns[] = {
    /* name, heading, place, source, offset, result, decimals */
    {"config", "config", IN_TABLE, FROM_INDEX, 0, false, 0},
    {"n_h", "n_h", IN_TABLE, FROM_INT32, OF(n_h), false, 0},
    {"activation", "activation", IN_TABLE, FROM_ACTIVATION, OF(activation), false, 0},
    {"learning_rate", "rate", IN_TABLE, FROM_DOUBLE, OF(learning_rate), false, -1},
    {"seed", "seed", IN_TABLE_IF_IT_VARIES, FROM_INT64, OF(seed), false, 0},
    {"init_scale", "init_scale", IN_TABLE_IF_IT_VARIES, FROM_DOUBLE, OF(init_scale), false, -1},
    {"iterations", "iterations", IN_TABLE, FROM_INT64, OF(iterations), false, 0},
    {"train_accuracy", "train %", IN_TABLE, FROM_DOUBLE, OF(train_accuracy), true, 2},
    {"dev_accuracy", "dev %", IN_TABLE, FROM_DOUBLE, OF(dev_accuracy), true, 2},
    {"final_cost", "final cost", NOT_IN_TABLE, FROM_DOUBLE, OF(final_cost), true, 5},
    {"train_cost", "train cost", NOT_IN_TABLE, FROM_DOUBLE, OF(train_cost), true, 5},
    {"dev_cost", "dev cost", NOT_IN_TABLE, FROM_DOUBLE, OF(dev_cost), true, 5},
    {"train_seconds", "seconds", NOT_IN_TABLE, FROM_DOUBLE, OF(train_seconds), true, 4},
    {"train_cpu_seconds", "core-s", IN_TABLE, FROM_DOUBLE, OF(train_cpu_seconds), true, 4},
    {"status", "status", IN_TABLE, FROM_STATUS, OF(status), false, 0},
    {"iterations_done", "done", NOT_IN_TABLE, FROM_INT64, OF(iterations_done), true, 0},
    {"rank", "rank", NOT_IN_TABLE, FROM_INT32, OF(rank), true, 0},
    {"run", "run", NOT_IN_TABLE, FROM_INT32, OF(run), true, 0},
};
const int column_count = sizeof columns / sizeof *columns;

const struct column *column_find(const char *name)
{
    for (int c = 0; c < column_count; c++)
        if (strcmp(columns[c].name, name) == 0)
            return &columns[c];
    return NULL;
}

struct value column_value(const struct column *column, const struct ms_table *table, int64_t config)
{
    const struct ms_row *row = &table->rows[config];
    const char *field = (const char *)row + column->offset;
    struct value value = {.kind = VALUE_EMPTY};
    int32_t i32;

    if (column->result && row->status == MS_PENDING)
        return value;
    switch (column->source) {
    case FROM_INDEX:
        value = (struct value){.kind = VALUE_INTEGER, .integer = config};
        break;
    case FROM_INT32:
        memcpy(&i32, field, sizeof i32);
        value = (struct value){.kind = VALUE_INTEGER, .integer = i32};
        break;
    case FROM_INT64:
        value.kind = VALUE_INTEGER;
        memcpy(&value.integer, field, sizeof value.integer);
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
    }
    return value;
}

bool column_varies(const struct column *column, const struct ms_table *table)
{
    char first[COLUMN_TEXT_SIZE], other[COLUMN_TEXT_SIZE];

    if (table->configs == 0)
        return false;
    (void)column_exact_text(column_value(column, table, 0), first);
    for (int64_t config = 1; config < table->configs; config++)
        if (strcmp(first, column_exact_text(column_value(column, table, config), other)) != 0)
            return true;
    return false;
}

const char *column_exact_text(struct value value, char text[COLUMN_TEXT_SIZE])
{
    switch (value.kind) {
    case VALUE_EMPTY:
        text[0] = '\0';
        break;
    case VALUE_INTEGER:
        (void)snprintf(text, COLUMN_TEXT_SIZE, "%" PRId64, value.integer);
        break;
    case VALUE_REAL:
        (void)ms_shortest(value.real, text);
        break;
    case VALUE_TEXT:
        (void)snprintf(text, COLUMN_TEXT_SIZE, "%s", value.text);
        break;
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
