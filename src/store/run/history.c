/* Writes the costs of trajectories. The histories of consecutive trajectories are adjacent in the file, so
 * those of a bundle are written together.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/cost_stride.h"
#include "moonsweep/maths.h"
#include "spread.h"
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
    history->cost_stride = writer->spec.grid->cost_stride;
    history->iterations = place.longest.iterations;
    history->count = 0;
    history->stored = ms_costs_count(stored, history->cost_room);
    history->last_cost = (double)NAN;
    ms_chain_begin(&history->chain, ms_schema_row_bytes(&writer->file.shape, MS_VAR_COST));
    return MS_OK;
}

struct ms_costs ms_history_costs(const struct ms_writer *writer)
{
    const struct ms_history *history = &writer->history;

    return (struct ms_costs){
        .start = history->cost_start, .count = history->stored, .stride = history->cost_stride};
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
        costs->count = costs->known = 0;
        ms_writer_note_written(writer);
    }
    return code;
}

/* Reads the costs that follow those that wait, as far as there is room. */
static enum ms_code read_ahead(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_cost_buffer *costs = &writer->costs;
    const size_t cost_bytes = ms_schema_row_bytes(&writer->file.shape, MS_VAR_COST);
    const int64_t from = costs->start + costs->count,
                  left = writer->file.shape.size[MS_DIM_COST_SAMPLE] - from;
    const int64_t room = costs->capacity - costs->count, count = room < left ? room : left;
    const enum ms_code code = ms_file_read(&writer->file, MS_VAR_COST, from, count,
                                           costs->bytes + (size_t)costs->count * cost_bytes, err);

    if (code == MS_OK)
        costs->known = costs->count + count;
    return code;
}

/* Continues at `place`: writes the waiting costs, or adds those between, as they are in the file, to them. */
static enum ms_code continue_at(struct ms_writer *writer, int64_t place, struct ms_error *err)
{
    struct ms_cost_buffer *costs = &writer->costs;
    const size_t cost_bytes = ms_schema_row_bytes(&writer->file.shape, MS_VAR_COST);
    const int64_t gap = place - costs->start - costs->count;
    enum ms_code code = MS_OK;

    if (costs->count == 0 || gap == 0)
        return MS_OK;
    if (gap < 0 || !ms_spread_is_close(writer, cost_bytes, gap) || costs->count + gap > costs->capacity)
        return write_costs(writer, err);
    if (costs->count + gap > costs->known)
        code = read_ahead(writer, err);
    if (code == MS_OK)
        costs->count += gap;
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

/* Returns how many of the costs appended so far are stored. */
static int64_t entries_of(const struct ms_history *history, int64_t costs)
{
    return ms_cost_stride_entries(history->cost_stride, costs);
}

/* Appends count stored costs: entries[0], entries[step], ... */
static enum ms_code append_entries(struct ms_writer *writer, int64_t count, const double *entries,
                                   int64_t step, struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    struct ms_cost_buffer *buffer = &writer->costs;
    size_t cost_bytes = history->chain.cost_bytes;
    int64_t place = history->cost_start + entries_of(history, history->count);
    enum ms_code code = MS_OK;

    if (count > 0)
        code = continue_at(writer, place, err);
    while (code == MS_OK && count > 0) {
        unsigned char *to;
        int64_t part;

        if (buffer->count == buffer->capacity) {
            code = write_costs(writer, err);
            continue;
        }
        if (buffer->count == 0)
            buffer->start = place;
        to = buffer->bytes + (size_t)buffer->count * cost_bytes;
        part = buffer->capacity - buffer->count < count ? buffer->capacity - buffer->count : count;
        for (int64_t i = 0; i < part; i++)
            store_cost(cost_bytes, entries[i * step], to + (size_t)i * cost_bytes);
        ms_chain_append(&history->chain, part, to);
        buffer->count += part;
        place += part;
        entries += part * step;
        count -= part;
        ms_writer_note_waiting(writer);
    }
    return code;
}

enum ms_code ms_history_append(struct ms_writer *writer, int64_t to, const double *entries, double last,
                               struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    const int64_t count = entries_of(history, to) - entries_of(history, history->count);
    const enum ms_code code = append_entries(writer, count, entries, 1, err);

    if (code == MS_OK) {
        history->count = to;
        history->last_cost = last;
    }
    return code;
}

enum ms_code ms_writer_costs(struct ms_writer *writer, int64_t count, const double *costs,
                             struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    const int64_t from = history->count, first = entries_of(history, from);
    enum ms_code code;

    if (history->trajectory < 0 || count > history->iterations - from)
        return ms_fail(err, MS_INTERNAL, "%s: costs beyond the room of their trajectory", writer->file.path);
    if (count == 0)
        return MS_OK;
    code = append_entries(writer, entries_of(history, from + count) - first,
                          costs + (first * history->cost_stride - from), history->cost_stride, err);
    if (code == MS_OK) {
        history->count += count;
        history->last_cost = ms_precision_round(writer->file.shape.precision, costs[count - 1]);
    }
    return code;
}

enum ms_code ms_history_note(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    const int64_t entries = entries_of(history, history->count);
    int64_t last = writer->n_counts - 1;

    /* A count never decreases: a killed run may have stored more, and rows that were committed then depend
     * on it. Computing the costs again gives the same bits. */
    if (history->trajectory < 0 || entries <= history->stored)
        return MS_OK;
    history->stored = entries;
    if (last >= 0 && writer->counts[last].trajectory == history->trajectory) {
        writer->counts[last].count = entries;
        return MS_OK;
    }
    if (writer->n_counts == writer->queue.capacity) {
        enum ms_code code = ms_history_write(writer, err);

        if (code != MS_OK)
            return code;
    }
    writer->counts[writer->n_counts++] = (struct ms_cost_count){.trajectory = history->trajectory,
                                                                .count = entries};
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

/* Sets rows and values to the trajectories of the waiting counts and to the counts; if a trajectory was queued twice, the
 * larger count wins. Returns how many there are. */
static int64_t list_counts(struct ms_writer *writer, int64_t *rows, int64_t *values)
{
    struct ms_cost_count *counts = writer->counts;
    int64_t n = 0;

    qsort(counts, (size_t)writer->n_counts, sizeof *counts, by_trajectory);
    for (int64_t i = 0; i < writer->n_counts; i++) {
        n += i == 0 || counts[i].trajectory > counts[i - 1].trajectory;
        rows[n - 1] = counts[i].trajectory;
        values[n - 1] = counts[i].count;
    }
    return n;
}

/* Writes the waiting counts. */
static enum ms_code write_counts(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_cost_count *counts = writer->counts;
    int64_t *values = (int64_t *)writer->column, *rows;
    enum ms_code code;

    if (writer->n_counts == 0)
        return MS_OK;
    rows = malloc((size_t)writer->n_counts * sizeof *rows);
    code = rows != NULL ? ms_writer_fence(writer, err)
                        : ms_fail_memory(err, writer->file.path, "to write the numbers of costs");
    if (code == MS_OK) {
        const int64_t n = list_counts(writer, rows, values);

        code = ms_spread_write(writer, MS_VAR_COST_COUNT, n, rows, values, err);
    }
    free(rows);
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
