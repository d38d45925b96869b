/* Reads all configurations as rows, without the parameters of their networks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/reader.h"
#include "reader_state.h"
#include "row_blocks.h"

void ms_table_free(struct ms_table *table)
{
    free(table->rows);
    *table = (struct ms_table){0};
}

static bool is_field(enum ms_variable variable)
{
    return ms_schema[variable].field != MS_NO_FIELD;
}

static void keep(void *context, int64_t first, int64_t count, const struct ms_row *rows)
{
    struct ms_table *table = context;

    memcpy(&table->rows[first], rows, (size_t)count * sizeof *rows);
}

enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_table found = {.configs = file->shape.size[MS_DIM_CONFIG],
                             .trajectories = file->shape.size[MS_DIM_TRAJECTORY]};
    enum ms_code code = MS_OK;

    found.rows = malloc((size_t)found.configs * sizeof *found.rows);
    if (found.rows == NULL)
        return ms_fail_memory(err, file->path, "for the table of its configurations");
    code = ms_row_blocks_read(file, is_field, keep, &found, err);
    if (code == MS_OK)
        *table = found;
    else
        ms_table_free(&found);
    return code;
}
