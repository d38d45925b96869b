/* How many iterations of a result are done, so that no later run repeats them. This is where the next run
 * would resume (run/scan.c), except that the costs and the checksums of rows are not verified. */
#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/reader.h"
#include "reader_state.h"
#include "walk.h"

/* The progress of a trajectory. */
struct progress {
    int64_t done, gap; /* where it resumes; the smallest iteration count whose configuration is not final */
};

/* The state of ms_reader_progress. */
struct pass {
    const struct ms_file *file;
    struct ms_record_layout layout;
    struct progress *progress; /* [trajectories] owned */
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Adds two numbers, saturating: those in a corrupt file may be too large for a sum. */
static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* Returns the progress of a trajectory by its configurations members[count], and adds its last iteration to *all. */
static struct progress progress_of_rows(const struct ms_row *rows, const int64_t *members, int64_t count,
                                        int64_t *all)
{
    struct progress progress = {.done = 0, .gap = INT64_MAX};
    int64_t last = 0;

    for (int64_t i = 0; i < count; i++) {
        const struct ms_row *row = &rows[members[i]];

        last = larger(last, row->iterations);
        if (row->status == MS_PENDING && row->iterations < progress.gap)
            progress.gap = row->iterations;
    }
    for (int64_t i = 0; i < count; i++)
        if (rows[members[i]].iterations < progress.gap)
            progress.done = larger(progress.done, rows[members[i]].iterations);
    *all = add(*all, last);
    return progress;
}

/* Takes a checkpoint into account, but not one after the gap, from which no run resumes because it would
 * skip a configuration. */
static enum ms_code take_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct pass *pass = context;
    struct ms_slot_record slot;
    struct progress *progress;

    (void)err;
    ms_record_unpack(&pass->layout, bytes, &slot);
    if (slot.trajectory < 0 || slot.trajectory >= pass->file->shape.size[MS_DIM_TRAJECTORY])
        return MS_OK;
    progress = &pass->progress[slot.trajectory];
    if (slot.iteration > progress->done && slot.iteration < progress->gap && progress->gap != INT64_MAX &&
        ms_record_checksum_ok(&pass->layout, pass->file->job_hash, index, 0, bytes))
        progress->done = slot.iteration;
    return MS_OK;
}

enum ms_code ms_reader_progress(struct ms_reader *reader, const struct ms_table *table, int64_t *done,
                                int64_t *all, struct ms_error *err)
{
    struct pass pass = {.file = &reader->file};
    struct ms_trajectories trajectories;
    int64_t sum = 0, whole = 0;
    enum ms_code code = ms_trajectories_read(pass.file, &trajectories, err);

    if (code != MS_OK)
        return code;
    pass.progress = malloc((size_t)trajectories.count * sizeof *pass.progress);
    if (pass.progress == NULL) {
        code = ms_fail_memory(err, pass.file->path, "to determine its progress");
    } else {
        for (int64_t t = 0; t < trajectories.count; t++)
            pass.progress[t] = progress_of_rows(table->rows, trajectories.members + trajectories.first[t],
                                                trajectories.first[t + 1] - trajectories.first[t], &whole);
        ms_record_layout(&pass.file->shape, MS_RECORD_SLOT, &pass.layout);
        code = ms_walk_records(pass.file, &pass.layout, take_slot, &pass, err);
    }
    for (int64_t t = 0; code == MS_OK && t < trajectories.count; t++)
        sum = add(sum, pass.progress[t].done);
    free(pass.progress);
    ms_trajectories_free(&trajectories);
    if (code != MS_OK)
        return code;
    *done = sum;
    *all = whole;
    return MS_OK;
}
