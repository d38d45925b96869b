/* Finds what decides in halving among the rows of all configurations, in a table or in a result.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/reader.h"
#include "reader_state.h"
#include "row_blocks.h"

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

static bool is_measure(enum ms_variable variable)
{
    return variable == MS_VAR_TRAIN_ACCURACY || variable == MS_VAR_DEV_ACCURACY ||
           variable == MS_VAR_TRAIN_COST || variable == MS_VAR_DEV_COST;
}

/* Where the rows of halving are put. */
struct judging {
    const struct ms_halving *halving;
    struct ms_halving_row *rows; /* [configs] */
};

static void judge(void *context, int64_t first, int64_t count, const struct ms_row *rows)
{
    const struct judging *judging = context;
    const struct ms_halving *halving = judging->halving;

    for (int64_t i = 0; i < count; i++)
        judging->rows[first + i] = (struct ms_halving_row){
            .value = measure_of(&rows[i], halving->by),
            .other = measure_of(&rows[i], ms_halving_other(halving->by)),
            .state = ms_status_halving_state((enum ms_status)rows[i].status),
        };
}

void ms_table_halving_rows(const struct ms_table *table, const struct ms_halving *halving,
                           struct ms_halving_row *rows)
{
    struct judging judging = {halving, rows};

    judge(&judging, 0, table->configs, table->rows);
}

enum ms_code ms_reader_halving_rows(struct ms_reader *reader, const struct ms_halving *halving,
                                    struct ms_halving_row *rows, struct ms_error *err)
{
    struct judging judging = {halving, rows};

    return ms_row_blocks_read(&reader->file, is_measure, judge, &judging, err);
}
