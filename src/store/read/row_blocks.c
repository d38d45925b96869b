/* Reads rows in blocks that stay in the cache while their variables are read one after another, and of each block the status
 * first: a row that was final then is complete in everything that is read after it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "row_blocks.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "moonsweep/maths.h"
#include "strided.h"

enum {
    AT_ONCE = 4096, /* rows per block */
    WIDEST = sizeof(int32_t[MS_OUTCOME_COUNT])
};

/* Reads one variable of rows[count], of which the first is that of configuration first. column is a buffer of
 * [count][width]. */
static enum ms_code read_column(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t count, unsigned char *column, struct ms_row *rows,
                                struct ms_error *err)
{
    const size_t width = ms_schema_row_bytes(&file->shape, variable);
    const enum ms_code code = ms_file_read(file, variable, first, count, column, err);

    if (code == MS_OK)
        ms_strided_copy(count, width, (char *)rows + ms_schema[variable].field, sizeof *rows, column, width);
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

static enum ms_code read_block(const struct ms_file *file, bool (*is_read)(enum ms_variable), int64_t first,
                               int64_t count, unsigned char *column, struct ms_row *rows,
                               struct ms_error *err)
{
    enum ms_code code = read_column(file, MS_VAR_STATUS, first, count, column, rows, err);

    for (enum ms_variable v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (v != MS_VAR_STATUS && is_read(v))
            code = read_column(file, v, first, count, column, rows, err);
    for (int64_t i = 0; code == MS_OK && i < count; i++) {
        code = check_row(file, first + i, &rows[i], err);
        mask_pending(&rows[i]);
    }
    return code;
}

enum ms_code ms_row_blocks_read(const struct ms_file *file, bool (*is_read)(enum ms_variable),
                                ms_row_blocks_take *take, void *context, struct ms_error *err)
{
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    unsigned char *column = malloc((size_t)AT_ONCE * WIDEST);
    struct ms_row *rows = calloc(AT_ONCE, sizeof *rows);
    enum ms_code code = MS_OK;

    if (column == NULL || rows == NULL)
        code = ms_fail_memory(err, file->path, "to read its configurations");
    for (int64_t first = 0, count; code == MS_OK && first < configs; first += count) {
        count = configs - first < AT_ONCE ? configs - first : AT_ONCE;
        code = read_block(file, is_read, first, count, column, rows, err);
        if (code == MS_OK)
            take(context, first, count, rows);
    }
    free(rows);
    free(column);
    return code;
}
