/* How many iterations a result holds: those that no later run does again. What counts is what the next run would go
 * on from (run/scan.c), but for its costs and the checksums of rows, which a look does without. */
#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/reader.h"
#include "reader_state.h"
#include "walk.h"

/* How far a trajectory is. */
struct reach {
    int64_t done, gap; /* the iteration it goes on from; the first one whose configuration is not final */
};

/* What looking at checkpoints needs. */
struct look {
    const struct ms_file *file;
    struct ms_record_layout layout;
    struct reach *reaches; /* [trajectories] owned */
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* What a corrupt file says may be more than a sum can hold. */
static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* By its configurations, of which there are count; adds its last iteration to *all. */
static struct reach reach_of_rows(const struct ms_row *rows, int64_t count, int64_t *all)
{
    struct reach reach = {.done = 0, .gap = INT64_MAX};
    int64_t last = 0;

    for (int64_t i = 0; i < count; i++) {
        last = larger(last, rows[i].iterations);
        if (rows[i].status == MS_PENDING && rows[i].iterations < reach.gap)
            reach.gap = rows[i].iterations;
    }
    for (int64_t i = 0; i < count; i++)
        if (rows[i].iterations < reach.gap)
            reach.done = larger(reach.done, rows[i].iterations);
    *all = add(*all, last);
    return reach;
}

/* A checkpoint after a gap would pass a configuration by. */
static enum ms_code look_at_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct look *look = context;
    struct ms_slot_record slot;
    struct reach *reach;

    (void)err;
    ms_record_unpack(&look->layout, bytes, &slot);
    if (slot.trajectory < 0 || slot.trajectory >= look->file->shape.size[MS_DIM_TRAJECTORY])
        return MS_OK;
    reach = &look->reaches[slot.trajectory];
    if (slot.iteration > reach->done && slot.iteration < reach->gap && reach->gap != INT64_MAX &&
        ms_record_checksum_ok(&look->layout, look->file->job_hash, index, 0, bytes))
        reach->done = slot.iteration;
    return MS_OK;
}

enum ms_code ms_reader_progress(struct ms_reader *reader, const struct ms_table *table, int64_t *done,
                                int64_t *all, struct ms_error *err)
{
    struct look look = {.file = &reader->file};
    struct ms_trajectories trajectories;
    int64_t sum = 0, whole = 0;
    enum ms_code code = ms_trajectories_read(look.file, &trajectories, err);

    if (code != MS_OK)
        return code;
    look.reaches = malloc((size_t)trajectories.count * sizeof *look.reaches);
    if (look.reaches == NULL) {
        code = ms_fail_memory(err, look.file->path, "to look at its trajectories");
    } else {
        for (int64_t t = 0; t < trajectories.count; t++)
            look.reaches[t] = reach_of_rows(table->rows + trajectories.first[t],
                                            trajectories.first[t + 1] - trajectories.first[t], &whole);
        ms_record_layout(&look.file->shape, MS_RECORD_SLOT, &look.layout);
        code = ms_walk_records(look.file, &look.layout, look_at_slot, &look, err);
    }
    for (int64_t t = 0; code == MS_OK && t < trajectories.count; t++)
        sum = add(sum, look.reaches[t].done);
    free(look.reaches);
    ms_trajectories_free(&trajectories);
    if (code != MS_OK)
        return code;
    *done = sum;
    *all = whole;
    return MS_OK;
}
