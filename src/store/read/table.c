/* Reads all configurations as rows, without the parameters of their networks. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "moonsweep/reader.h"
#include "reader_state.h"

enum {
    AT_ONCE = 64 << 10, /* rows of a variable per read */
    WIDEST = sizeof(int32_t[MS_OUTCOME_COUNT])
};

void ms_table_free(struct ms_table *table)
{
    free(table->rows);
    *table = (struct ms_table){0};
}

/* Reads one variable of all rows. column is a buffer of [AT_ONCE][width]. */
static enum ms_code read_column(const struct ms_file *file, enum ms_variable variable, unsigned char *column,
                                struct ms_table *table, struct ms_error *err)
{
    const size_t width = ms_schema_row_bytes(&file->shape, variable), field = ms_schema[variable].field;
    enum ms_code code = MS_OK;

    for (int64_t first = 0, count; code == MS_OK && first < table->configs; first += count) {
        count = table->configs - first < AT_ONCE ? table->configs - first : AT_ONCE;
        code = ms_file_read(file, variable, first, count, column, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            memcpy((char *)&table->rows[first + i] + field, column + (size_t)i * width, width);
    }
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
    return MS_OK;
}

/* Reads the status first: a row that was final then is complete in everything that is read after it. */
static enum ms_code read_columns(const struct ms_file *file, struct ms_table *table, struct ms_error *err)
{
    unsigned char *column = malloc((size_t)AT_ONCE * WIDEST);
    enum ms_code code;

    if (column == NULL)
        return ms_fail_memory(err, file->path, "for the table of its configurations");
    code = read_column(file, MS_VAR_STATUS, column, table, err);
    for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (v != MS_VAR_STATUS && ms_schema[v].field != MS_NO_FIELD)
            code = read_column(file, (enum ms_variable)v, column, table, err);
    free(column);
    return code;
}

enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_table found = {.configs = file->shape.size[MS_DIM_CONFIG],
                             .trajectories = file->shape.size[MS_DIM_TRAJECTORY]};
    enum ms_code code;

    found.rows = calloc((size_t)found.configs, sizeof *found.rows);
    if (found.rows == NULL)
        return ms_fail_memory(err, file->path, "for the table of its configurations");
    code = read_columns(file, &found, err);
    for (int64_t i = 0; code == MS_OK && i < found.configs; i++) {
        code = check_row(file, i, &found.rows[i], err);
        mask_pending(&found.rows[i]);
    }
    if (code == MS_OK)
        *table = found;
    else
        ms_table_free(&found);
    return code;
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
