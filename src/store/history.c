/* The costs of a trajectory on their way to the file. Histories of consecutive trajectories are neighbours
 * there, so those of a bundle are written together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "store_state.h"
#include "verify.h"

enum ms_code ms_history_begin(struct ms_store *store, int64_t trajectory, struct ms_error *err)
{
    struct ms_history *history = &store->history;
    struct ms_extent extent;
    enum ms_code code = ms_verify_extents(&store->file, trajectory, 1, &extent, err);

    if (code != MS_OK)
        return code;
    history->trajectory = trajectory;
    history->start = extent.start;
    history->count = 0;
    history->stored = extent.count;
    history->last_cost = (double)NAN;
    ms_chain_begin(&history->chain, ms_schema_row_bytes(&store->file.shape, MS_VAR_COST));
    return MS_OK;
}

/* Writes the costs that wait. */
static enum ms_code write_costs(struct ms_store *store, struct ms_error *err)
{
    struct ms_cost_buffer *costs = &store->costs;
    enum ms_code code;

    if (costs->count == 0)
        return MS_OK;
    code = ms_store_fence(store, err);
    if (code == MS_OK)
        code = ms_file_write(&store->file, MS_VAR_COST, costs->start, costs->count, costs->bytes, err);
    if (code == MS_OK)
        costs->count = 0;
    return code;
}

/* Puts a cost into the file's precision; every NaN has the same bits there. */
static void store_cost(size_t cost_bytes, double cost, unsigned char *to)
{
    double canonical = ms_canonical(cost);
    float single = (float)canonical;

    if (cost_bytes == sizeof single)
        memcpy(to, &single, sizeof single);
    else
        memcpy(to, &canonical, sizeof canonical);
}

enum ms_code ms_store_costs(struct ms_store *store, int64_t count, const double *costs, struct ms_error *err)
{
    struct ms_history *history = &store->history;
    struct ms_cost_buffer *buffer = &store->costs;
    size_t cost_bytes = history->chain.cost_bytes;
    int64_t length = store->file.shape.size[MS_DIM_COST_SAMPLE] - history->start;
    enum ms_code code = MS_OK;

    if (history->trajectory < 0 || count > length - history->count)
        return ms_fail(err, MS_INTERNAL, "%s: costs beyond the room of their trajectory", store->file.path);
    if (buffer->count > 0 && buffer->start + buffer->count != history->start + history->count)
        code = write_costs(store, err);
    while (code == MS_OK && count > 0) {
        unsigned char *to;
        int64_t part;

        if (buffer->count == buffer->capacity) {
            code = write_costs(store, err);
            continue;
        }
        if (buffer->count == 0)
            buffer->start = history->start + history->count;
        to = buffer->bytes + (size_t)buffer->count * cost_bytes;
        part = buffer->capacity - buffer->count < count ? buffer->capacity - buffer->count : count;
        for (int64_t i = 0; i < part; i++)
            store_cost(cost_bytes, costs[i], to + (size_t)i * cost_bytes);
        ms_chain_append(&history->chain, part, to);
        history->last_cost = ms_precision_round(store->file.shape.precision, costs[part - 1]);
        history->count += part;
        buffer->count += part;
        costs += part;
        count -= part;
        ms_store_wait(store);
    }
    return code;
}

enum ms_code ms_history_note(struct ms_store *store, struct ms_error *err)
{
    struct ms_history *history = &store->history;
    int64_t last = store->n_counts - 1;

    /* A count never shrinks: a run that was cut off may have stored more, and rows that were committed then
     * rely on it. What comes again has the same bits. */
    if (history->trajectory < 0 || history->count <= history->stored)
        return MS_OK;
    history->stored = history->count;
    if (last >= 0 && store->counts[last].trajectory == history->trajectory) {
        store->counts[last].count = history->count;
        return MS_OK;
    }
    if (store->n_counts == store->queue.capacity) {
        enum ms_code code = ms_history_write(store, err);

        if (code != MS_OK)
            return code;
    }
    store->counts[store->n_counts++] = (struct ms_cost_count){.trajectory = history->trajectory,
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

/* Writes the counts that wait, consecutive trajectories at once. */
static enum ms_code write_counts(struct ms_store *store, struct ms_error *err)
{
    struct ms_cost_count *counts = store->counts;
    int64_t *values = (int64_t *)store->column;
    enum ms_code code;

    if (store->n_counts == 0)
        return MS_OK;
    code = ms_store_fence(store, err);
    qsort(counts, (size_t)store->n_counts, sizeof *counts, by_trajectory);
    for (int64_t i = 0, run; code == MS_OK && i < store->n_counts; i += run) {
        int64_t trajectories = 1;

        values[0] = counts[i].count;
        for (run = 1; i + run < store->n_counts; run++) {
            int64_t ahead = counts[i + run].trajectory - counts[i + run - 1].trajectory;

            if (ahead > 1)
                break;
            trajectories += ahead; /* noted twice: the later, larger count stays */
            values[trajectories - 1] = counts[i + run].count;
        }
        code = ms_file_write(&store->file, MS_VAR_COST_COUNT, counts[i].trajectory, trajectories, values,
                             err);
    }
    if (code == MS_OK)
        store->n_counts = 0;
    return code;
}

enum ms_code ms_history_write(struct ms_store *store, struct ms_error *err)
{
    enum ms_code code = write_costs(store, err);

    return code == MS_OK ? write_counts(store, err) : code;
}
