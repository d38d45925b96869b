/* Writes the costs of trajectories. The histories of consecutive trajectories are adjacent in the file, so
 * those of a bundle are written together.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "writer_state.h"

/* Reads the stored count of a trajectory. A run trains each trajectory once, so counts that were read
 * ahead stay valid. */
static enum ms_code stored_count(struct ms_writer *writer, int64_t trajectory, int64_t *count,
                                 struct ms_error *err)
{
    struct ms_counts_ahead *ahead = &writer->ahead;
    const int64_t trajectories = writer->file.shape.size[MS_DIM_TRAJECTORY];

    if (trajectory < ahead->first || trajectory >= ahead->first + ahead->count) {
        const int64_t first = trajectory - trajectory % ahead->capacity;
        const int64_t wanted = trajectories - first < ahead->capacity ? trajectories - first
                                                                      : ahead->capacity;
        enum ms_code code = ms_file_read(&writer->file, MS_VAR_COST_COUNT, first, wanted, ahead->values, err);

        ahead->first = first;
        ahead->count = code == MS_OK ? wanted : 0;
        if (code != MS_OK)
            return code;
    }
    *count = ahead->values[trajectory - ahead->first];
    return MS_OK;
}

enum ms_code ms_history_begin(struct ms_writer *writer, int64_t trajectory, struct ms_error *err)
{
    const struct ms_grid_trajectory place = ms_grid_trajectory(writer->spec.grid, trajectory);
    struct ms_history *history = &writer->history;
    int64_t stored;
    enum ms_code code = stored_count(writer, trajectory, &stored, err);

    if (code != MS_OK)
        return code;
    history->trajectory = trajectory;
    history->cost_start = place.cost_start;
    history->cost_room = place.cost_room;
    history->count = 0;
    history->stored = ms_costs_count(stored, history->cost_room);
    history->last_cost = (double)NAN;
    ms_chain_begin(&history->chain, ms_schema_row_bytes(&writer->file.shape, MS_VAR_COST));
    return MS_OK;
}

struct ms_costs ms_history_costs(const struct ms_writer *writer)
{
    return (struct ms_costs){.start = writer->history.cost_start, .count = writer->history.stored};
}

/* Writes the waiting costs. */
static enum ms_code write_costs(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_cost_buffer *costs = &writer->costs;
    enum ms_code code;

    if (costs->count == 0)
        return MS_OK;
    code = ms_writer_fence(writer, err);
    if (code == MS_OK)
        code = ms_file_write(&writer->file, MS_VAR_COST, costs->start, costs->count, costs->bytes, err);
    if (code == MS_OK) {
        costs->count = 0;
        ms_writer_note_written(writer);
    }
    return code;
}

/* Stores a cost in the precision of the file. Every NaN has the same bits there. */
static void store_cost(size_t cost_bytes, double cost, unsigned char *to)
{
    double canonical = ms_canonical(cost);
    float single = (float)canonical;

    if (cost_bytes == sizeof single)
        memcpy(to, &single, sizeof single);
    else
        memcpy(to, &canonical, sizeof canonical);
}

enum ms_code ms_writer_costs(struct ms_writer *writer, int64_t count, const double *costs,
                             struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    struct ms_cost_buffer *buffer = &writer->costs;
    size_t cost_bytes = history->chain.cost_bytes;
    const int64_t start = history->cost_start;
    enum ms_code code = MS_OK;

    if (history->trajectory < 0 || count > history->cost_room - history->count)
        return ms_fail(err, MS_INTERNAL, "%s: costs beyond the room of their trajectory", writer->file.path);
    if (buffer->count > 0 && buffer->start + buffer->count != start + history->count)
        code = write_costs(writer, err);
    while (code == MS_OK && count > 0) {
        unsigned char *to;
        int64_t part;

        if (buffer->count == buffer->capacity) {
            code = write_costs(writer, err);
            continue;
        }
        if (buffer->count == 0)
            buffer->start = start + history->count;
        to = buffer->bytes + (size_t)buffer->count * cost_bytes;
        part = buffer->capacity - buffer->count < count ? buffer->capacity - buffer->count : count;
        for (int64_t i = 0; i < part; i++)
            store_cost(cost_bytes, costs[i], to + (size_t)i * cost_bytes);
        ms_chain_append(&history->chain, part, to);
        history->last_cost = ms_precision_round(writer->file.shape.precision, costs[part - 1]);
        history->count += part;
        buffer->count += part;
        costs += part;
        count -= part;
        ms_writer_note_waiting(writer);
    }
    return code;
}

enum ms_code ms_writer_read_costs(const struct ms_writer *writer, int64_t from, int64_t count, double *costs,
                                  struct ms_error *err)
{
    return ms_costs_read(&writer->file, writer->history.cost_start + from, count, costs, err);
}

enum ms_code ms_history_note(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    int64_t last = writer->n_counts - 1;

    /* A count never decreases: a killed run may have stored more, and rows that were committed then depend
     * on it. Computing the costs again gives the same bits. */
    if (history->trajectory < 0 || history->count <= history->stored)
        return MS_OK;
    history->stored = history->count;
    if (last >= 0 && writer->counts[last].trajectory == history->trajectory) {
        writer->counts[last].count = history->count;
        return MS_OK;
    }
    if (writer->n_counts == writer->queue.capacity) {
        enum ms_code code = ms_history_write(writer, err);

        if (code != MS_OK)
            return code;
    }
    writer->counts[writer->n_counts++] = (struct ms_cost_count){.trajectory = history->trajectory,
                                                                .count = history->count};
    return MS_OK;
}

static int by_trajectory(const void *a, const void *b)
{
    const struct ms_cost_count *left = a, *right = b;

    if (left->trajectory != right->trajectory)
        return left->trajectory < right->trajectory ? -1 : 1;
    return (left->count > right->count) - (left->count < right->count);
}

/* Updates the counts that were read ahead with one that was written. */
static void remember(struct ms_counts_ahead *ahead, const struct ms_cost_count *count)
{
    if (count->trajectory >= ahead->first && count->trajectory < ahead->first + ahead->count)
        ahead->values[count->trajectory - ahead->first] = count->count;
}

/* Writes the waiting counts, one write for consecutive trajectories. */
static enum ms_code write_counts(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_cost_count *counts = writer->counts;
    int64_t *values = (int64_t *)writer->column;
    enum ms_code code;

    if (writer->n_counts == 0)
        return MS_OK;
    code = ms_writer_fence(writer, err);
    qsort(counts, (size_t)writer->n_counts, sizeof *counts, by_trajectory);
    for (int64_t i = 0, run; code == MS_OK && i < writer->n_counts; i += run) {
        int64_t trajectories = 1;

        values[0] = counts[i].count;
        for (run = 1; i + run < writer->n_counts; run++) {
            int64_t ahead = counts[i + run].trajectory - counts[i + run - 1].trajectory;

            if (ahead > 1)
                break;
            trajectories += ahead; /* if queued twice, the larger count wins */
            values[trajectories - 1] = counts[i + run].count;
        }
        code = ms_file_write(&writer->file, MS_VAR_COST_COUNT, counts[i].trajectory, trajectories, values,
                             err);
    }
    if (code != MS_OK)
        return code;
    for (int64_t i = 0; i < writer->n_counts; i++)
        remember(&writer->ahead, &counts[i]);
    writer->n_counts = 0;
    ms_writer_note_written(writer);
    return MS_OK;
}

enum ms_code ms_history_write(struct ms_writer *writer, struct ms_error *err)
{
    enum ms_code code = write_costs(writer, err);

    return code == MS_OK ? write_counts(writer, err) : code;
}
