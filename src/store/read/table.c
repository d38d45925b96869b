/* Reads all configurations as rows, without the parameters of their networks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "moonsweep/reader.h"
#include "reader_state.h"
#include "strided.h"

enum {
    AT_ONCE = 4096, /* rows per block */
    WIDEST = sizeof(int32_t[MS_OUTCOME_COUNT])
};

void ms_table_free(struct ms_table *table)
{
    free(table->rows);
    *table = (struct ms_table){0};
}

/* Reads one variable of rows first .. first + count - 1. column is a buffer of [count][width]. */
static enum ms_code read_column(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t count, unsigned char *column, struct ms_row *rows,
                                struct ms_error *err)
{
    const size_t width = ms_schema_row_bytes(&file->shape, variable);
    const enum ms_code code = ms_file_read(file, variable, first, count, column, err);

    if (code == MS_OK)
        ms_strided_copy(count, width, (char *)&rows[first] + ms_schema[variable].field, sizeof *rows, column,
                        width);
    return code;
}

/* Replaces the results of a pending row, which may be half-written and mean nothing. */
static void mask_pending(struct ms_row *row)
{
    const double unknown = ms_canonical((double)NAN);

    if (row->status != MS_PENDING)
        return;
    row->train_accuracy = row->dev_accuracy = unknown;
    row->final_cost = row->train_cost = row->dev_cost = unknown;
    row->train_seconds = row->train_cpu_seconds = unknown;
    row->iterations_done = -1;
    row->ended_by = MS_ENDED_BY_NOTHING;
    row->rank = row->run = -1;
}

static enum ms_code check_row(const struct ms_file *file, int64_t config, const struct ms_row *row,
                              struct ms_error *err)
{
    if (row->activation >= MS_ACTIVATION_COUNT)
        return ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " has the unknown activation %d",
                       file->path, config, row->activation);
    if (row->status >= MS_STATUS_COUNT)
        return ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " has the unknown status %d",
                       file->path, config, row->status);
    if (row->status != MS_PENDING && row->ended_by >= MS_ENDED_BY_COUNT)
        return ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " was ended by the unknown rule %d",
                       file->path, config, row->ended_by);
    return MS_OK;
}

/* Whether the progress of a result depends on a variable. */
static bool is_of_progress(enum ms_variable variable)
{
    switch (variable) {
    case MS_VAR_STATUS:
    case MS_VAR_N_H:
    case MS_VAR_ACTIVATION:
    case MS_VAR_ITERATIONS:
    case MS_VAR_CONFIG_DATASET:
    case MS_VAR_ITERATIONS_DONE:
    case MS_VAR_TRAIN_ACCURACY:
    case MS_VAR_DEV_ACCURACY:
    case MS_VAR_TRAIN_COST:
    case MS_VAR_DEV_COST:
    case MS_VAR_TRAIN_SECONDS:
        return true;
    default:
        return false;
    }
}

static bool is_field(enum ms_variable variable)
{
    return ms_schema[variable].field != MS_NO_FIELD;
}

/* Reads variables of rows first .. first + count - 1, and the status before all others: a row that was final then is
 * complete in everything that is read after it. */
static enum ms_code read_block(const struct ms_file *file, bool (*is_read)(enum ms_variable), int64_t first,
                               int64_t count, unsigned char *column, struct ms_row *rows,
                               struct ms_error *err)
{
    enum ms_code code = read_column(file, MS_VAR_STATUS, first, count, column, rows, err);

    for (enum ms_variable v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (v != MS_VAR_STATUS && is_read(v))
            code = read_column(file, v, first, count, column, rows, err);
    for (int64_t i = first; code == MS_OK && i < first + count; i++) {
        code = check_row(file, i, &rows[i], err);
        mask_pending(&rows[i]);
    }
    return code;
}

/* Reads the table in blocks that stay in the cache while their variables are read one after another. */
static enum ms_code read_table(const struct ms_file *file, bool (*is_read)(enum ms_variable),
                               struct ms_table *table, struct ms_error *err)
{
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    struct ms_table found = {.configs = configs, .trajectories = file->shape.size[MS_DIM_TRAJECTORY]};
    unsigned char *column = malloc((size_t)AT_ONCE * WIDEST);
    enum ms_code code = MS_OK;

    found.rows = calloc((size_t)configs, sizeof *found.rows);
    if (found.rows == NULL || column == NULL)
        code = ms_fail_memory(err, file->path, "for the table of its configurations");
    for (int64_t first = 0, count; code == MS_OK && first < configs; first += count) {
        count = configs - first < AT_ONCE ? configs - first : AT_ONCE;
        code = read_block(file, is_read, first, count, column, found.rows, err);
    }
    free(column);
    if (code == MS_OK)
        *table = found;
    else
        ms_table_free(&found);
    return code;
}

enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err)
{
    return read_table(&reader->file, is_field, table, err);
}

enum ms_code ms_reader_progress_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err)
{
    return read_table(&reader->file, is_of_progress, table, err);
}

static double measure_of(const struct ms_row *row, enum ms_halving_measure measure)
{
    switch (measure) {
    case MS_HALVING_DEV_ACCURACY:
        return row->dev_accuracy;
    case MS_HALVING_DEV_COST:
        return row->dev_cost;
    case MS_HALVING_TRAIN_ACCURACY:
        return row->train_accuracy;
    default: /* the last one */
        return row->train_cost;
    }
}

void ms_table_halving_rows(const struct ms_table *table, const struct ms_halving *halving,
                           struct ms_halving_row *rows)
{
    for (int64_t c = 0; c < table->configs; c++)
        rows[c] = (struct ms_halving_row){
            .value = measure_of(&table->rows[c], halving->by),
            .other = measure_of(&table->rows[c], ms_halving_other(halving->by)),
            .state = ms_status_halving_state((enum ms_status)table->rows[c].status),
        };
}
