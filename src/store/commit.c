/* Committing rows: rule 3 of docs/file-format.md.
 *
 *     queued --write_rows--> written --ms_store_sync--> on disk --write_column--> committed
 *                                                               --ms_store_sync--> durable
 *
 * A row is queued with both checksums. A commit writes costs, counts and rows with their checksums, makes them
 * durable, and only then writes the statuses: a reader that sees a final status finds a whole row, also after
 * a power cut. The next commit makes the statuses durable by the way; a flush, and a tick that has seen no commit for a
 * while, do so for their sake. Rows are sorted first, so that neighbours, whatever the order they came in, are one
 * write a variable. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moonsweep/plural.h"
#include "moonsweep/store.h"
#include "store_state.h"

/* A tick commits rows, and makes statuses durable, that have waited so long: well within the second promised. */
static const double wait_s = 0.5;

static double monotonic_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void ms_store_wait(struct ms_store *store)
{
    if (store->waiting_since_s < 0)
        store->waiting_since_s = monotonic_s();
}

/* ---- queueing --------------------------------------------------------------------------------------- */

/* The tuple of a configuration, as a packed row; the others of its block are read ahead. */
static enum ms_code tuple_of(struct ms_store *store, int64_t config, const unsigned char **tuple,
                             struct ms_error *err)
{
    struct ms_tuples *tuples = &store->tuples;
    int64_t configs = store->file.shape.size[MS_DIM_CONFIG];

    if (config < tuples->first || config >= tuples->first + tuples->count) {
        int64_t first = config - config % tuples->capacity;
        int64_t count = configs - first < tuples->capacity ? configs - first : tuples->capacity;
        enum ms_code code = ms_records_read(&store->file, &store->layout, MS_RECORD_GIVEN, first, count,
                                            tuples->rows, err);

        tuples->first = first;
        tuples->count = code == MS_OK ? count : 0;
        if (code != MS_OK)
            return code;
    }
    *tuple = tuples->rows + (size_t)(config - tuples->first) * store->layout.bytes;
    return MS_OK;
}

/* What a result must hold to be committed at all. */
static enum ms_code check_result(const struct ms_store *store, const struct ms_result *result,
                                 const unsigned char *tuple, struct ms_error *err)
{
    const struct ms_record_layout *layout = &store->layout;

    if (store->run_id == 0)
        return ms_fail(err, MS_INTERNAL, "%s: a result before the run began", store->file.path);
    if (ms_record_i32(layout, tuple, MS_VAR_CONFIG_TRAJECTORY) != store->history.trajectory)
        return ms_fail(err, MS_INTERNAL,
                       "%s: configuration %" PRId64 " is not of trajectory %" PRId64 ", which was begun last",
                       store->file.path, result->config, store->history.trajectory);
    if (ms_record_i32(layout, tuple, MS_VAR_N_H) != result->network->n_h ||
        layout->shape.size[MS_DIM_FEATURE] != result->network->n_x)
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " has another shape", store->file.path,
                       result->config);
    if (result->status <= MS_PENDING || result->status >= MS_STATUS_COUNT)
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " has no final status",
                       store->file.path, result->config);
    if (result->status == MS_DONE && store->history.count != ms_record_i64(layout, tuple, MS_VAR_ITERATIONS))
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " is done with %" PRId64 " %s",
                       store->file.path, result->config, store->history.count,
                       ms_plural(store->history.count, "cost", "costs"));
    return MS_OK;
}

enum ms_code ms_store_result(struct ms_store *store, const struct ms_result *result, struct ms_error *err)
{
    struct ms_queue *queue = &store->queue;
    struct ms_row_origin origin = {
        .final_cost = store->history.last_cost, .rank = store->rank, .run = store->run_row};
    const unsigned char *tuple;
    unsigned char *row;
    enum ms_code code;

    if (result->config < 0 || result->config >= store->file.shape.size[MS_DIM_CONFIG])
        return ms_fail(err, MS_INTERNAL, "%s has no configuration %" PRId64, store->file.path,
                       result->config);
    if (queue->count == queue->capacity) {
        code = ms_store_flush(store, err);
        if (code != MS_OK)
            return code;
    }
    code = tuple_of(store, result->config, &tuple, err);
    if (code == MS_OK)
        code = check_result(store, result, tuple, err);
    /* Where a trajectory diverges its costs end: a larger count is damaged. */
    if (code == MS_OK && result->status == MS_DIVERGED && store->history.stored > store->history.count)
        store->history.stored = 0;
    if (code == MS_OK)
        code = ms_history_note(store, err);
    if (code != MS_OK)
        return code;
    row = queue->rows + (size_t)queue->count * store->layout.bytes;
    memcpy(row, tuple, store->layout.bytes);
    ms_row_pack(&store->layout, result, &origin, row);
    ms_row_seal(&store->layout, store->file.job_hash, result->config, ms_chain_hash(&store->history.chain),
                row);
    queue->config[queue->count++] = result->config;
    ms_store_wait(store);
    return MS_OK;
}

/* ---- committing ------------------------------------------------------------------------------------- */

/* Where a queued row stands. */
struct place {
    int64_t config;
    const unsigned char *row;
};

static int by_config(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    return (left->config > right->config) - (left->config < right->config);
}

/* The queued rows by ascending configuration; the caller frees them. */
static struct place *sorted_places(const struct ms_store *store)
{
    const struct ms_queue *queue = &store->queue;
    struct place *places = malloc((size_t)queue->count * sizeof *places);

    if (places == NULL)
        return NULL;
    for (int64_t i = 0; i < queue->count; i++)
        places[i] = (struct place){.config = queue->config[i],
                                   .row = queue->rows + (size_t)i * store->layout.bytes};
    qsort(places, (size_t)queue->count, sizeof *places, by_config);
    return places;
}

/* Writes one variable of the rows at places[count], a contiguous run at a time (rule 2). */
static enum ms_code write_column(struct ms_store *store, enum ms_variable variable, int64_t count,
                                 const struct place *places, struct ms_error *err)
{
    size_t width = store->layout.width[variable], offset = store->layout.offset[variable];
    enum ms_code code = MS_OK;

    for (int64_t i = 0, run; code == MS_OK && i < count; i += run) {
        for (run = 0; i + run < count && places[i + run].config == places[i].config + run; run++)
            memcpy(store->column + (size_t)run * width, places[i + run].row + offset, width);
        code = ms_file_write(&store->file, variable, places[i].config, run, store->column, err);
    }
    return code;
}

/* All variables of the rows but the tuple, which is there, and the status, which comes last. */
static enum ms_code write_rows(struct ms_store *store, const struct place *places, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++) {
        if (ms_schema[v].initial != MS_INITIAL_GIVEN && v != MS_VAR_STATUS)
            code = write_column(store, (enum ms_variable)v, store->queue.count, places, err);
    }
    return code;
}

enum ms_code ms_store_commit(struct ms_store *store, struct ms_error *err)
{
    struct place *places = NULL;
    enum ms_code code = ms_history_note(store, err);

    if (code == MS_OK)
        code = ms_history_write(store, err);
    if (code == MS_OK && store->queue.count > 0) {
        places = sorted_places(store);
        if (places == NULL)
            code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to commit results", store->file.path);
        if (code == MS_OK)
            code = ms_store_fence(store, err);
        if (code == MS_OK)
            code = write_rows(store, places, err);
        if (code == MS_OK)
            code = ms_store_sync(store, err);
        if (code == MS_OK)
            code = ms_store_fence(store, err); /* again: making it durable may take long */
        if (code == MS_OK) {
            code = write_column(store, MS_VAR_STATUS, store->queue.count, places, err);
            store->unsynced_since_s = monotonic_s();
        }
    }
    free(places);
    if (code == MS_OK) {
        store->queue.count = 0;
        store->waiting_since_s = -1;
    }
    return code;
}

enum ms_code ms_store_flush(struct ms_store *store, struct ms_error *err)
{
    bool waits = store->waiting_since_s >= 0; /* be it costs without a row */
    enum ms_code code = waits ? ms_store_commit(store, err) : MS_OK;

    if (code == MS_OK && (waits || store->unsynced_since_s >= 0)) {
        code = ms_store_sync(store, err);
        if (code == MS_OK)
            code = ms_store_still_named(store, err);
    }
    return code;
}

enum ms_code ms_store_tick(struct ms_store *store, struct ms_error *err)
{
    double now_s = monotonic_s();
    enum ms_code code = MS_OK;

    if (store->waiting_since_s >= 0 && now_s - store->waiting_since_s >= wait_s) {
        code = ms_store_commit(store, err);
        if (code == MS_OK)
            code = ms_store_still_named(store, err);
    }
    if (code == MS_OK && store->unsynced_since_s >= 0 && now_s - store->unsynced_since_s >= wait_s)
        code = ms_store_sync(store, err);
    return code;
}
