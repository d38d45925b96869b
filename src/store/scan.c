/* What is done already: rule 5 of docs/file-format.md. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/plural.h"
#include "moonsweep/store.h"
#include "store_state.h"
#include "verify.h"

enum {
    BLOCK_BYTES = 4 << 20 /* of rows that are looked at together, if so many fit */
};

/* Some trajectories and their rows. */
struct block {
    int64_t per_trajectory; /* configurations */
    int64_t capacity;       /* trajectories */
    unsigned char *rows;    /* [capacity * per_trajectory][layout.bytes] owned */
    struct ms_extent *extents;
    bool *believed; /* [per_trajectory] owned */
};

void ms_store_scan_free(struct ms_store_scan *scan)
{
    free(scan->from_iteration);
    free(scan->finished);
    free(scan->pair);
    free(scan->status);
    *scan = (struct ms_store_scan){0};
}

static enum ms_code allocate(const struct ms_store *store, struct ms_store_scan *scan, struct block *block,
                             struct ms_error *err)
{
    int64_t configs = store->file.shape.size[MS_DIM_CONFIG];
    int64_t trajectories = store->file.shape.size[MS_DIM_TRAJECTORY];
    size_t bytes;

    if (configs % trajectories != 0)
        return ms_fail(err, MS_BAD_INPUT, "%s: %" PRId64 " %s no multiple of %" PRId64 " %s",
                       store->file.path, configs,
                       ms_plural(configs, "configuration is", "configurations are"), trajectories,
                       ms_plural(trajectories, "trajectory", "trajectories"));
    block->per_trajectory = configs / trajectories;
    bytes = (size_t)block->per_trajectory * store->layout.bytes;
    block->capacity = (int64_t)(BLOCK_BYTES / bytes) + 1;
    block->rows = malloc((size_t)block->capacity * bytes);
    block->extents = malloc((size_t)block->capacity * sizeof *block->extents);
    block->believed = malloc((size_t)block->per_trajectory * sizeof *block->believed);
    scan->trajectories = trajectories;
    scan->from_iteration = calloc((size_t)trajectories, sizeof *scan->from_iteration);
    scan->finished = calloc((size_t)trajectories, sizeof *scan->finished);
    scan->pair = malloc((size_t)trajectories * sizeof *scan->pair);
    scan->status = calloc((size_t)configs, sizeof *scan->status);
    if (block->rows == NULL || block->extents == NULL || block->believed == NULL ||
        scan->from_iteration == NULL || scan->finished == NULL || scan->pair == NULL || scan->status == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at what is done", store->file.path);
    for (int64_t t = 0; t < trajectories; t++)
        scan->pair[t] = -1;
    return MS_OK;
}

/* ---- configurations --------------------------------------------------------------------------------- */

/* Counts one believed row. */
static void count_row(const struct ms_record_layout *layout, int64_t trajectory, int64_t config,
                      const unsigned char *row, struct ms_store_scan *scan)
{
    double accuracy = ms_record_f64(layout, row, MS_VAR_DEV_ACCURACY);
    int64_t iterations = ms_record_i64(layout, row, MS_VAR_ITERATIONS);
    enum ms_status status = ms_row_status(layout, row);

    scan->status[config] = (uint8_t)status;
    if (status == MS_DIVERGED)
        scan->diverged++;
    if (status != MS_DONE)
        return;
    scan->done++;
    if (iterations > scan->from_iteration[trajectory])
        scan->from_iteration[trajectory] = iterations;
    if (scan->best_config < 0 || accuracy > scan->best_dev_accuracy) {
        scan->best_config = config;
        scan->best_dev_accuracy = accuracy;
    }
}

/* The smallest iteration count whose row is not believed. The trajectory goes on from before it, so the rows
 * behind it are made again, and count as pending until then. */
static int64_t first_gap(const struct ms_store *store, const struct block *block, const unsigned char *rows)
{
    int64_t gap = INT64_MAX;

    for (int64_t i = 0; i < block->per_trajectory; i++) {
        int64_t iterations = ms_record_i64(&store->layout, rows + (size_t)i * store->layout.bytes,
                                           MS_VAR_ITERATIONS);

        if (!block->believed[i] && iterations < gap)
            gap = iterations;
    }
    return gap;
}

/* Counts one that is not believed, or stands behind one. */
static void count_pending(const struct ms_record_layout *layout, int64_t config, const unsigned char *row,
                          bool believed, struct ms_store_scan *scan)
{
    scan->pending++;
    if (believed || ms_row_status(layout, row) == MS_PENDING)
        return;
    if (scan->damaged < MS_SCAN_NAMED)
        scan->damaged_config[scan->damaged] = config;
    scan->damaged++;
}

/* Looks at the rows of one trajectory. */
static enum ms_code scan_trajectory(const struct ms_store *store, struct block *block, int64_t trajectory,
                                    const struct ms_extent *extent, const unsigned char *rows,
                                    struct ms_store_scan *scan, struct ms_error *err)
{
    int64_t first = trajectory * block->per_trajectory, final = 0, gap;
    enum ms_code code = ms_verify_rows(&store->file, &store->layout, extent, first, block->per_trajectory,
                                       rows, block->believed, err);

    if (code != MS_OK)
        return code;
    gap = first_gap(store, block, rows);
    for (int64_t i = 0; i < block->per_trajectory; i++) {
        const unsigned char *row = rows + (size_t)i * store->layout.bytes;

        if (ms_record_i64(&store->layout, row, MS_VAR_ITERATIONS) < gap) {
            count_row(&store->layout, trajectory, first + i, row, scan);
            final++;
        } else {
            count_pending(&store->layout, first + i, row, block->believed[i], scan);
        }
    }
    scan->finished[trajectory] = final == block->per_trajectory;
    return MS_OK;
}

/* Looks at count trajectories from first on, whose statuses are raw (as stored). */
static enum ms_code scan_block(const struct ms_store *store, struct block *block, int64_t first,
                               int64_t count, const uint8_t *raw, struct ms_store_scan *scan,
                               struct ms_error *err)
{
    int64_t rows = count * block->per_trajectory, final = 0;
    enum ms_code code;

    for (int64_t i = 0; i < rows; i++)
        final += raw[i] != MS_PENDING;
    if (final == 0) { /* nothing to verify: most of a new file */
        scan->pending += rows;
        return MS_OK;
    }
    code = ms_verify_extents(&store->file, first, count, block->extents, err);
    if (code == MS_OK)
        code = ms_records_read(&store->file, &store->layout, MS_RECORD_ALL, first * block->per_trajectory,
                               rows, block->rows, err);
    for (int64_t t = 0; code == MS_OK && t < count; t++)
        code = scan_trajectory(store, block, first + t, &block->extents[t],
                               block->rows + (size_t)(t * block->per_trajectory) * store->layout.bytes, scan,
                               err);
    return code;
}

/* ---- checkpoints ------------------------------------------------------------------------------------ */

/* Looking at slots one after another. */
struct slot_look {
    const struct ms_store *store;
    struct ms_store_scan *scan;
    int64_t per_trajectory; /* configurations */
    int64_t *iterations;    /* [per_trajectory] owned: room for their counts */
    int64_t owner;          /* trajectory that the even slot of the present pair was taken for; -1: none */
};

/* Whether a checkpoint has nothing to do over again: no configuration between where the trajectory goes on
 * without it and its iteration, whose row would be passed by. */
static enum ms_code leads_on(const struct slot_look *look, const struct ms_slot_state *state, bool *leads,
                             struct ms_error *err)
{
    int64_t t = state->trajectory, from = look->scan->from_iteration[t];
    enum ms_code code = ms_file_read(&look->store->file, MS_VAR_ITERATIONS, t * look->per_trajectory,
                                     look->per_trajectory, look->iterations, err);

    *leads = code == MS_OK && state->iteration > from;
    for (int64_t i = 0; *leads && i < look->per_trajectory; i++)
        *leads = look->iterations[i] <= from || look->iterations[i] > state->iteration;
    return code;
}

/* Whether the costs before a checkpoint are those that it was made with. */
static enum ms_code has_costs(const struct slot_look *look, const struct ms_slot_state *state, bool *has,
                              struct ms_error *err)
{
    const struct ms_file *file = &look->store->file;
    struct ms_chain *chain = malloc(sizeof *chain);
    struct ms_extent extent;
    double last;
    enum ms_code code;

    if (chain == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its checkpoints", file->path);
    ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
    code = ms_verify_extents(file, state->trajectory, 1, &extent, err);
    if (code == MS_OK)
        code = ms_verify_costs(file, &extent, 0, ms_verify_cost_count(&extent, state->iteration), chain,
                               &last, err);
    *has = code == MS_OK && ms_chain_hash(chain) == state->cost_hash;
    free(chain);
    return code;
}

/* Takes a slot that holds as where its trajectory goes on, if that is further on. The rank that begins with it looks
 * once more (ms_store_begin). A pair belongs to one trajectory. */
static enum ms_code look_at_slot(struct slot_look *look, int64_t index, const unsigned char *slot,
                                 struct ms_error *err)
{
    const struct ms_store *store = look->store;
    const struct ms_slot_state state = ms_slot_state(&store->slot_layout, slot);
    struct ms_store_scan *scan = look->scan;
    bool leads, has = false;
    enum ms_code code;

    if (index % 2 == 0)
        look->owner = -1;
    if (state.trajectory == -1) /* nothing was ever written to it */
        return MS_OK;
    if (!ms_slot_holds(&store->slot_layout, store->file.job_hash, index, slot)) {
        scan->lost_checkpoints++;
        return MS_OK;
    }
    if (state.trajectory < 0 || state.trajectory >= scan->trajectories || scan->finished[state.trajectory] ||
        (look->owner >= 0 && look->owner != state.trajectory))
        return MS_OK;
    code = leads_on(look, &state, &leads, err);
    if (code == MS_OK && leads)
        code = has_costs(look, &state, &has, err);
    if (code != MS_OK || !leads)
        return code;
    if (!has) {
        scan->lost_checkpoints++;
        return MS_OK;
    }
    scan->from_iteration[state.trajectory] = state.iteration;
    scan->pair[state.trajectory] = (int32_t)(index / 2);
    look->owner = state.trajectory;
    return MS_OK;
}

static enum ms_code scan_slots(const struct ms_store *store, int64_t per_trajectory,
                               struct ms_store_scan *scan, struct ms_error *err)
{
    const struct ms_record_layout *layout = &store->slot_layout;
    struct slot_look look = {.store = store, .scan = scan, .per_trajectory = per_trajectory, .owner = -1};
    int64_t slots = store->file.shape.size[MS_DIM_SLOT];
    int64_t capacity = (int64_t)(BLOCK_BYTES / layout->bytes) + 1;
    int64_t at_once = capacity < slots ? capacity : slots;
    unsigned char *block = malloc((size_t)at_once * layout->bytes);
    enum ms_code code = MS_OK;

    look.iterations = malloc((size_t)per_trajectory * sizeof *look.iterations);
    if (block == NULL || look.iterations == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its checkpoints", store->file.path);
    for (int64_t first = 0; code == MS_OK && first < slots; first += at_once) {
        int64_t count = slots - first < at_once ? slots - first : at_once;

        code = ms_records_read(&store->file, layout, MS_RECORD_ALL, first, count, block, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            code = look_at_slot(&look, first + i, block + (size_t)i * layout->bytes, err);
    }
    scan->pairs = (int32_t)(slots / 2);
    free(look.iterations);
    free(block);
    return code;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

/* The row behind the last lease. */
static enum ms_code scan_leases(const struct ms_store *store, struct ms_store_scan *scan,
                                struct ms_error *err)
{
    int64_t leases = store->file.shape.size[MS_DIM_LEASE];
    int32_t *run = malloc((size_t)leases * sizeof *run);
    enum ms_code code;

    if (run == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its leases", store->file.path);
    code = ms_file_read(&store->file, MS_VAR_LEASE_RUN, 0, leases, run, err);
    scan->next_lease = leases;
    while (code == MS_OK && scan->next_lease > 0 && run[scan->next_lease - 1] < 0)
        scan->next_lease--;
    free(run);
    return code;
}

enum ms_code ms_store_scan(struct ms_store *store, struct ms_store_scan *scan, struct ms_error *err)
{
    struct ms_store_scan found = {.best_config = -1, .best_dev_accuracy = (double)NAN};
    struct block block = {0};
    uint8_t *raw = malloc((size_t)store->file.shape.size[MS_DIM_CONFIG]);
    enum ms_code code = allocate(store, &found, &block, err);

    if (code == MS_OK && raw == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at what is done", store->file.path);
    if (code == MS_OK)
        code = ms_file_read(&store->file, MS_VAR_STATUS, 0, store->file.shape.size[MS_DIM_CONFIG], raw, err);
    for (int64_t first = 0; code == MS_OK && first < found.trajectories; first += block.capacity) {
        int64_t left = found.trajectories - first;

        code = scan_block(store, &block, first, left < block.capacity ? left : block.capacity,
                          raw + first * block.per_trajectory, &found, err);
    }
    if (code == MS_OK)
        code = scan_slots(store, block.per_trajectory, &found, err);
    if (code == MS_OK)
        code = scan_leases(store, &found, err);
    if (code == MS_OK)
        *scan = found;
    else
        ms_store_scan_free(&found);
    free(raw);
    free(block.believed);
    free(block.extents);
    free(block.rows);
    return code;
}
