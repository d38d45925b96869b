/* How many iterations of each trajectory are done, so that no later run repeats them. This is where the next run
 * would resume (run/scan.c), except that the costs and the checksums of rows are not verified.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "progress.h"

#include <math.h>
#include <stdlib.h>

#include "reader_state.h"
#include "walk.h"

/* The state of read_progress. */
struct pass {
    const struct ms_file *file;
    struct ms_record_layout layout;
    struct ms_progress *progress;
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

/* Returns the progress of a trajectory by its configurations members[count]. The iterations of dropped ones are not asked
 * for any more. */
static struct ms_trajectory_progress progress_of_rows(const struct ms_progress_row *rows,
                                                      const int64_t *members, int64_t count)
{
    struct ms_trajectory_progress progress = {.config = members[0], .gap = INT64_MAX};

    for (int64_t i = 0; i < count; i++) {
        const struct ms_progress_row *row = &rows[members[i]];

        if (row->status == MS_DROPPED)
            continue;
        progress.last = larger(progress.last, row->iterations);
        if (row->status == MS_PENDING) {
            progress.gap = row->iterations < progress.gap ? row->iterations : progress.gap;
        } else if (row->iterations_done > progress.trained) {
            progress.trained = row->iterations_done;
            progress.seconds = row->train_seconds;
        }
    }
    for (int64_t i = 0; i < count; i++)
        if (rows[members[i]].iterations < progress.gap && rows[members[i]].status != MS_DROPPED)
            progress.done = larger(progress.done, rows[members[i]].iterations);
    return progress;
}

/* Takes a checkpoint into account, but not one after the gap, from which no run resumes because it would
 * skip a configuration. */
static enum ms_code take_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct pass *pass = context;
    struct ms_slot_record slot;
    struct ms_trajectory_progress *progress;

    (void)err;
    ms_record_unpack(&pass->layout, bytes, &slot);
    if (slot.trajectory < 0 || slot.trajectory >= pass->progress->trajectories)
        return MS_OK;
    progress = &pass->progress->of[slot.trajectory];
    if (slot.iteration > progress->done && slot.iteration < progress->gap && progress->gap != INT64_MAX &&
        ms_record_checksum_ok(&pass->layout, pass->file->job_hash, index, 0, bytes)) {
        progress->done = slot.iteration;
        progress->trained = slot.iteration;
        progress->seconds = slot.seconds;
    }
    return MS_OK;
}

static void free_progress(struct ms_progress *progress)
{
    free(progress->of);
    *progress = (struct ms_progress){0};
}

/* Reads the progress of all trajectories, which the caller frees. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
static enum ms_code read_progress(const struct ms_file *file, const struct ms_progress_table *table,
                                  struct ms_progress *progress, struct ms_error *err)
{
    struct pass pass = {.file = file, .progress = progress};
    struct ms_trajectories trajectories;
    enum ms_code code = ms_trajectories_read(file, &trajectories, err);

    *progress = (struct ms_progress){0};
    if (code != MS_OK)
        return code;
    progress->trajectories = trajectories.count;
    progress->of = malloc((size_t)trajectories.count * sizeof *progress->of);
    if (progress->of == NULL) {
        code = ms_fail_memory(err, file->path, "to determine its progress");
    } else {
        for (int64_t t = 0; t < trajectories.count; t++)
            progress->of[t] = progress_of_rows(table->rows, trajectories.members + trajectories.first[t],
                                               trajectories.first[t + 1] - trajectories.first[t]);
        ms_record_layout(&file->shape, MS_RECORD_SLOT, &pass.layout);
        code = ms_walk_records(file, &pass.layout, take_slot, &pass, err);
    }
    ms_trajectories_free(&trajectories);
    if (code != MS_OK)
        free_progress(progress);
    return code;
}

enum ms_code ms_reader_progress(struct ms_reader *reader, const struct ms_progress_table *table,
                                const int64_t *most, const struct ms_run_state *run,
                                struct ms_reader_progress *progress, struct ms_error *err)
{
    struct ms_reader_progress found = {.iterations_per_s = (double)NAN, .left_s = (double)NAN};
    struct ms_progress trajectories;
    enum ms_code code = read_progress(&reader->file, table, &trajectories, err);

    if (code != MS_OK)
        return code;
    for (int64_t t = 0; t < trajectories.trajectories; t++) {
        if (most != NULL && most[t] < trajectories.of[t].last)
            trajectories.of[t].last = larger(most[t], trajectories.of[t].done);
        found.done = add(found.done, trajectories.of[t].done);
        found.all = add(found.all, trajectories.of[t].last);
    }
    if (run != NULL)
        code = ms_progress_pace(&reader->file, table, &trajectories, run, &found, err);
    free_progress(&trajectories);
    if (code == MS_OK)
        *progress = found;
    return code;
}
