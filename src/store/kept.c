/* How many iterations a result keeps: those that no later run does again. What counts is what the next run would go
 * on from (scan.c), but for its costs and the checksums of rows, which a look does without. */
#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "moonsweep/store.h"
#include "reader_state.h"
#include "slot.h"

enum { BLOCK_BYTES = 4 << 20 /* of slots read at once */ };

/* How far a trajectory is. */
struct reach {
    int64_t kept, gap; /* the iteration it goes on from; the first one whose configuration is not final */
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* What a damaged file says may be more than a sum can hold. */
static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* By its configurations, of which there are count from first on; adds its last iteration to *all. */
static struct reach reach_of_rows(const struct ms_table *table, int64_t first, int64_t count, int64_t *all)
{
    struct reach reach = {.kept = 0, .gap = INT64_MAX};
    int64_t last = 0;

    for (int64_t c = first; c < first + count; c++) {
        last = larger(last, table->iterations[c]);
        if (table->status[c] == MS_PENDING && table->iterations[c] < reach.gap)
            reach.gap = table->iterations[c];
    }
    for (int64_t c = first; c < first + count; c++)
        if (table->iterations[c] < reach.gap)
            reach.kept = larger(reach.kept, table->iterations[c]);
    *all = add(*all, last);
    return reach;
}

/* By the checkpoints in a block of slots; a checkpoint behind a gap would pass a configuration by. */
static void reach_of_slots(const struct ms_file *file, const struct ms_record_layout *layout, int64_t first,
                           int64_t count, const unsigned char *block, struct reach *reaches)
{
    for (int64_t i = 0; i < count; i++) {
        const unsigned char *slot = block + (size_t)i * layout->bytes;
        const struct ms_slot_state state = ms_slot_state(layout, slot);
        struct reach *reach;

        if (state.trajectory < 0 || state.trajectory >= file->shape.size[MS_DIM_TRAJECTORY])
            continue;
        reach = &reaches[state.trajectory];
        if (state.iteration > reach->kept && state.iteration < reach->gap && reach->gap != INT64_MAX &&
            ms_slot_holds(layout, file->job_hash, first + i, slot))
            reach->kept = state.iteration;
    }
}

static enum ms_code look_at_slots(const struct ms_file *file, struct reach *reaches, struct ms_error *err)
{
    struct ms_record_layout layout;
    int64_t slots = file->shape.size[MS_DIM_SLOT], at_once;
    unsigned char *block;
    enum ms_code code = MS_OK;

    ms_record_layout(&file->shape, MS_RECORD_SLOT, &layout);
    at_once = (int64_t)(BLOCK_BYTES / layout.bytes) + 1;
    at_once = at_once < slots ? at_once : slots;
    block = malloc((size_t)at_once * layout.bytes);
    if (block == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its checkpoints", file->path);
    for (int64_t first = 0; code == MS_OK && first < slots; first += at_once) {
        int64_t count = slots - first < at_once ? slots - first : at_once;

        code = ms_records_read(file, &layout, MS_RECORD_ALL, first, count, block, err);
        if (code == MS_OK)
            reach_of_slots(file, &layout, first, count, block, reaches);
    }
    free(block);
    return code;
}

enum ms_code ms_reader_kept(struct ms_reader *reader, const struct ms_table *table, int64_t *kept,
                            int64_t *all, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    int64_t per_trajectory, sum = 0, whole = 0;
    struct reach *reaches;
    enum ms_code code;

    if (table->trajectories < 1 || table->configs % table->trajectories != 0)
        return ms_fail(err, MS_BAD_INPUT, "%s: %" PRId64 " %s no multiple of %" PRId64 " %s", file->path,
                       table->configs, ms_plural(table->configs, "configuration is", "configurations are"),
                       table->trajectories, ms_plural(table->trajectories, "trajectory", "trajectories"));
    per_trajectory = table->configs / table->trajectories;
    reaches = malloc((size_t)table->trajectories * sizeof *reaches);
    if (reaches == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its trajectories", file->path);
    for (int64_t t = 0; t < table->trajectories; t++)
        reaches[t] = reach_of_rows(table, t * per_trajectory, per_trajectory, &whole);
    code = look_at_slots(file, reaches, err);
    for (int64_t t = 0; t < table->trajectories; t++)
        sum = add(sum, reaches[t].kept);
    free(reaches);
    if (code != MS_OK)
        return code;
    *kept = sum;
    *all = whole;
    return MS_OK;
}
