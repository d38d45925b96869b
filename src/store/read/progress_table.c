/* Reads of all configurations what the progress of a result and its best configuration depend on. A result may have millions
 * of rows, of which this is a quarter.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "moonsweep/reader.h"
#include "reader_state.h"
#include "row_blocks.h"

void ms_progress_table_free(struct ms_progress_table *table)
{
    free(table->rows);
    *table = (struct ms_progress_table){0};
}

static bool is_of_progress(enum ms_variable variable)
{
    switch (variable) {
    case MS_VAR_N_H:
    case MS_VAR_ACTIVATION:
    case MS_VAR_ITERATIONS:
    case MS_VAR_CONFIG_DATASET:
    case MS_VAR_ITERATIONS_DONE:
    case MS_VAR_DEV_ACCURACY:
    case MS_VAR_TRAIN_SECONDS:
        return true;
    default:
        return false;
    }
}

struct ms_progress_row ms_progress_row_of(const struct ms_row *row)
{
    return (struct ms_progress_row){
        .n_h = row->n_h,
        .config_dataset = row->config_dataset,
        .activation = row->activation,
        .status = row->status,
        .iterations = row->iterations,
        .iterations_done = row->iterations_done,
        .dev_accuracy = row->dev_accuracy,
        .train_seconds = row->train_seconds,
    };
}

static void keep(void *context, int64_t first, int64_t count, const struct ms_row *rows)
{
    struct ms_progress_table *table = context;

    for (int64_t i = 0; i < count; i++)
        table->rows[first + i] = ms_progress_row_of(&rows[i]);
}

enum ms_code ms_reader_progress_table(struct ms_reader *reader, struct ms_progress_table *table,
                                      struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_progress_table found = {.configs = file->shape.size[MS_DIM_CONFIG],
                                      .trajectories = file->shape.size[MS_DIM_TRAJECTORY]};
    enum ms_code code = MS_OK;

    found.rows = malloc((size_t)found.configs * sizeof *found.rows);
    if (found.rows == NULL)
        return ms_fail_memory(err, file->path, "for the table of its configurations");
    code = ms_row_blocks_read(file, is_of_progress, keep, &found, err);
    if (code == MS_OK)
        *table = found;
    else
        ms_progress_table_free(&found);
    return code;
}
