/* Reads blocks of consecutive trajectories, as many as fit into 4 MiB, but at least one. The statuses of a
 * block are read before anything else of it, and are those that the rows are given: a run writes them last,
 * so all that belongs to a final status is in the file by then.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdlib.h>

enum {
    BLOCK_BYTES = 4 << 20 /* of records that are read at once, unless one trajectory has more */
};

/* Some consecutive trajectories and their rows. */
struct block {
    int64_t first, count;   /* trajectories */
    const int64_t *members; /* [n_rows] their configurations */
    int64_t n_rows;
    int64_t capacity, row_capacity;
    unsigned char *rows; /* [row_capacity][layout->bytes] owned */
    uint8_t *status;     /* [row_capacity] owned */
    int64_t *cost_count; /* [capacity] owned */
    struct ms_costs_ahead ahead;
};

static enum ms_code fail_memory(const struct ms_file *file, struct ms_error *err)
{
    return ms_fail_memory(err, file->path, "to read its records");
}

/* Chooses the next trajectories: as many as fit into a block, but at least one. */
static void choose_block(const struct ms_record_layout *layout, const struct ms_trajectories *trajectories,
                         struct block *block)
{
    const int64_t row_limit = (int64_t)(BLOCK_BYTES / layout->bytes) + 1;
    int64_t end = block->first + block->count;
    const int64_t begin = trajectories->first[end];

    block->first = end;
    block->members = trajectories->members + begin;
    while (end < trajectories->count &&
           (end == block->first || trajectories->first[end + 1] - begin <= row_limit))
        end++;
    block->count = end - block->first;
    block->n_rows = trajectories->first[end] - begin;
}

static enum ms_code make_room(const struct ms_file *file, const struct ms_record_layout *layout,
                              struct block *block, struct ms_error *err)
{
    if (block->n_rows > block->row_capacity) {
        free(block->rows);
        free(block->status);
        block->rows = malloc((size_t)block->n_rows * layout->bytes);
        block->status = malloc((size_t)block->n_rows);
        block->row_capacity = block->n_rows;
    }
    if (block->count > block->capacity) {
        free(block->cost_count);
        block->cost_count = malloc((size_t)block->count * sizeof *block->cost_count);
        block->capacity = block->count;
    }
    return block->rows == NULL || block->status == NULL || block->cost_count == NULL ? fail_memory(file, err)
                                                                                     : MS_OK;
}

/* Returns how many members from the first one on are adjacent. */
static int64_t adjacent(const int64_t *members, int64_t count)
{
    int64_t run = 1;

    while (run < count && members[run] == members[0] + run)
        run++;
    return run;
}

enum ms_code ms_walk_read_members(const struct ms_file *file, const struct ms_record_layout *layout,
                                  const int64_t *members, int64_t count, unsigned char *rows,
                                  struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0, run; code == MS_OK && i < count; i += run) {
        run = adjacent(members + i, count - i);
        code = ms_records_read(file, layout, members[i], run, rows + (size_t)i * layout->bytes, err);
    }
    return code;
}

static enum ms_code read_statuses(const struct ms_file *file, struct block *block, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0, run; code == MS_OK && i < block->n_rows; i += run) {
        run = adjacent(block->members + i, block->n_rows - i);
        code = ms_file_read(file, MS_VAR_STATUS, block->members[i], run, block->status + i, err);
    }
    return code;
}

/* Reads the statuses first, then the counts of costs, which grow before a status is written, and then
 * everything else if needed. */
static enum ms_code read_block(const struct ms_file *file, const struct ms_record_layout *layout,
                               bool skip_pending, struct block *block, bool *has_rows, struct ms_error *err)
{
    enum ms_code code = read_statuses(file, block, err);

    block->ahead.count = 0; /* costs that were read before these statuses may be older */
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_COUNT, block->first, block->count, block->cost_count, err);
    *has_rows = !skip_pending;
    for (int64_t i = 0; i < block->n_rows && !*has_rows; i++)
        *has_rows = block->status[i] != MS_PENDING;
    if (code == MS_OK && *has_rows)
        code = ms_walk_read_members(file, layout, block->members, block->n_rows, block->rows, err);
    for (int64_t i = 0; code == MS_OK && *has_rows && i < block->n_rows; i++)
        block->rows[(size_t)i * layout->bytes + layout->offset[MS_VAR_STATUS]] = block->status[i];
    return code;
}

static enum ms_code visit_block(const struct ms_record_layout *layout,
                                const struct ms_trajectories *trajectories, struct block *block,
                                bool has_rows, ms_walk_visit *visit, void *context, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && i < block->count; i++) {
        const int64_t t = block->first + i;
        const int64_t offset = trajectories->first[t] - trajectories->first[block->first];
        const struct ms_costs room = ms_trajectories_costs(trajectories, t);
        const struct ms_walk_trajectory one = {
            .index = t,
            .members = block->members + offset,
            .count = trajectories->first[t + 1] - trajectories->first[t],
            .costs = {.start = room.start,
                      .count = ms_costs_count(block->cost_count[i], room.count),
                      .stride = room.stride,
                      .ahead = &block->ahead},
            .cost_count = block->cost_count[i],
            .room = room.count,
            .rows = has_rows ? block->rows + (size_t)offset * layout->bytes : NULL,
        };

        code = visit(context, &one, err);
    }
    return code;
}

enum ms_code ms_walk(const struct ms_file *file, const struct ms_record_layout *layout,
                     const struct ms_trajectories *trajectories, bool skip_pending, ms_walk_visit *visit,
                     void *context, struct ms_error *err)
{
    struct block *block = calloc(1, sizeof *block);
    bool has_rows;
    enum ms_code code = MS_OK;

    if (block == NULL)
        return fail_memory(file, err);
    for (choose_block(layout, trajectories, block); code == MS_OK && block->count > 0;
         choose_block(layout, trajectories, block)) {
        code = make_room(file, layout, block, err);
        if (code == MS_OK)
            code = read_block(file, layout, skip_pending, block, &has_rows, err);
        if (code == MS_OK)
            code = visit_block(layout, trajectories, block, has_rows, visit, context, err);
    }
    free(block->cost_count);
    free(block->status);
    free(block->rows);
    free(block);
    return code;
}

enum ms_code ms_walk_records(const struct ms_file *file, const struct ms_record_layout *layout,
                             ms_walk_record_visit *visit, void *context, struct ms_error *err)
{
    const int64_t records = ms_schema_rows(&file->shape, layout->first);
    const int64_t limit = (int64_t)(BLOCK_BYTES / layout->bytes) + 1,
                  at_once = limit < records ? limit : records;
    unsigned char *block = malloc((size_t)at_once * layout->bytes);
    enum ms_code code = block == NULL ? fail_memory(file, err) : MS_OK;

    for (int64_t first = 0, count; code == MS_OK && first < records; first += count) {
        count = records - first < at_once ? records - first : at_once;
        code = ms_records_read(file, layout, first, count, block, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            code = visit(context, first + i, block + (size_t)i * layout->bytes, err);
    }
    free(block);
    return code;
}
